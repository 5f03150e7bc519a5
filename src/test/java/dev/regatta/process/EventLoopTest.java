package dev.regatta.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one thread that watches all children. */
class EventLoopTest {
  private static final int CHILDREN_EACH = 200;

  @TempDir Path folder;

  @BeforeEach
  void onlyWhereThereIsEpoll() {
    assumeTrue(PosixLauncher.available());
  }

  @Test
  void itIsWokenAtMostOnceForEachThingAChildDoes() throws Exception {
    // Each child ends its output, its error and itself: three things. What was closed but not taken
    // out of epoll would be reported for as long as another start holds a copy of it.
    try (PosixLauncher launcher = PosixLauncher.open();
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> both = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        both.add(threads.submit(() -> startOneAfterAnother(launcher)));
      }
      for (Future<?> one : both) {
        one.get();
      }
      assertThat(launcher.turns()).isLessThanOrEqualTo(2L * CHILDREN_EACH * 3);
    }
  }

  private Void startOneAfterAnother(Launcher launcher) throws Exception {
    for (int i = 0; i < CHILDREN_EACH; i++) {
      try (Child child = launcher.start(Programs.shell(folder, "exit 3"))) {
        assertThat(Programs.read(child).exit().exitCode()).isEqualTo(3);
      }
    }
    return null;
  }

  @Test
  void aChildClosedWhileItsOutputIsHeldBackLeavesTheOthersAlone() throws Exception {
    try (PosixLauncher launcher = PosixLauncher.open()) {
      Child unread = launcher.start(Programs.shell(folder, "exec cat /dev/zero"));
      Programs.next(unread);
      unread.close();
      try (Child other = launcher.start(Programs.shell(folder, "echo here"))) {
        assertThat(Programs.read(other).output()).isEqualTo("here\n");
      } finally {
        unread.signal(Signal.KILL);
      }
    }
  }

  @Test
  void whenItBreaksWhoeverReadsIsToldInsteadOfWaitingForEver() throws Exception {
    EventQueue queue = new EventQueue();
    queue.add(new ChildEvent.Nudged(1));
    queue.fail(new OutOfMemoryError("Java heap space"));
    assertThat(queue.take(Long.MAX_VALUE)).isEqualTo(new ChildEvent.Nudged(1));
    assertThatIllegalStateException()
        .isThrownBy(() -> queue.take(Long.MAX_VALUE))
        .withMessageContaining("no longer watched")
        .withMessageContaining("Java heap space");
  }
}
