package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.regatta.run.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StandardInputTest {
  @Test
  @Timeout(60)
  void aReadErrorIsNotLostWhenMuchWasReadAhead() {
    AtomicReference<Thread> failed = new AtomicReference<>();
    InputStream failing =
        new InputStream() {
          private int left = 16; // as many pieces as are read ahead

          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left-- == 0) {
              failed.set(Thread.currentThread());
              throw new IOException("the disk is gone");
            }
            return 1;
          }
        };
    try (StandardInput input = new StandardInput(failing, new Cancellation())) {
      await().until(() -> failed.get() != null && failed.get().getState() != Thread.State.RUNNABLE);
      assertThatThrownBy(input::readAllBytes).hasMessage("the disk is gone");
    }
  }
}
