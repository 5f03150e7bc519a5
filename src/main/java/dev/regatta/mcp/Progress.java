package dev.regatta.mcp;

import dev.regatta.run.Call;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Tells an agent that asked for word how far those are that it waits for: each time one has ended,
 * and every few seconds. When nobody is there any more to be told, they are stopped.
 */
final class Progress implements AutoCloseable {
  private static final long EVERY_SECONDS = 5;

  private final McpSyncServerExchange exchange;
  private final @Nullable Object token;
  private final Call call;
  private final long begun = System.nanoTime();
  private final AtomicInteger ended = new AtomicInteger();
  private final CountDownLatch over = new CountDownLatch(1);

  Progress(McpSyncServerExchange exchange, @Nullable Object token, Call call) {
    this.exchange = exchange;
    this.token = token;
    this.call = call;
    if (token != null) {
      Thread.ofVirtual().name("progress").start(this::tellNowAndThen);
    }
  }

  void ended(Call.Answer answer) {
    ended.incrementAndGet();
    tell();
  }

  private void tellNowAndThen() {
    try {
      while (!over.await(EVERY_SECONDS, TimeUnit.SECONDS)) {
        tell();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Seconds are what grows with each of them, as the protocol wants it. */
  private synchronized void tell() {
    if (token == null || over.getCount() == 0) {
      return;
    }
    String words = ended.get() + " of " + call.size() + " agents have ended";
    double seconds = (System.nanoTime() - begun) / 1e9;
    try {
      exchange.progressNotification(
          McpSchema.ProgressNotification.builder(token, seconds).message(words).build());
    } catch (RuntimeException e) {
      call.abandon(); // the library's word for a connection that is gone
    }
  }

  /** Nothing is told from now on. */
  @Override
  public synchronized void close() {
    over.countDown();
  }
}
