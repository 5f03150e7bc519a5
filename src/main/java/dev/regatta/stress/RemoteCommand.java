package dev.regatta.stress;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A command that a server runs, as its client follows it: what is heard waits to be taken. */
final class RemoteCommand {
  /** What may wait; a reader that is slower holds up the connection, and so the server. */
  private static final int ROOM = 4_096;

  private final RemoteRequest request;
  private final Runnable cancel;
  private final BlockingQueue<Said> heard = new LinkedBlockingQueue<>(ROOM);
  private volatile long lastSequence;
  private volatile boolean accepted;
  private volatile boolean over;

  /**
   * A command that is about to be started.
   *
   * @param cancel asks the server to stop it
   */
  RemoteCommand(RemoteRequest request, Runnable cancel) {
    this.request = request;
    this.cancel = cancel;
  }

  RemoteRequest request() {
    return request;
  }

  /** What comes next; null if nothing does in that time. */
  @Nullable Said next(Duration patience) throws InterruptedException {
    return heard.poll(Math.max(1, patience.toNanos()), TimeUnit.NANOSECONDS);
  }

  /** Asks the server to stop it. */
  void cancel() {
    cancel.run();
  }

  /** The number of the last output that came. */
  long lastSequence() {
    return lastSequence;
  }

  /** Whether the server has said that it runs. */
  boolean accepted() {
    return accepted;
  }

  /** Whether nothing more will be heard of it. */
  boolean over() {
    return over;
  }

  /** The server's answer to the request that started it, or found it again. */
  void accept(JsonNode result) {
    if (!accepted) {
      accepted = true;
      hear(new Said.Began(pid(result)));
    }
  }

  /** A notification about it; those that were heard before are passed over. */
  void notice(String method, JsonNode params) {
    switch (method) {
      case "process.started" -> accept(params);
      case "process.output" -> output(params);
      case "process.dropped" ->
          hear(new Said.Missed(params.path("notifications").asInt(0) + " notifications"));
      case "process.completed" ->
          end(new Said.Completed(code(params.path("exit_code")), word(params.path("reason"))));
      default -> {
        // Its end tells what became of it.
      }
    }
  }

  private void output(JsonNode params) {
    JsonNode sequence = params.path("sequence");
    if (sequence.canConvertToLong()) { // the older server numbers nothing
      long number = sequence.longValue();
      if (number <= lastSequence) {
        return;
      }
      if (number > lastSequence + 1) {
        hear(new Said.Missed((number - lastSequence - 1) + " outputs"));
      }
      lastSequence = number;
    }
    hear(new Said.Printed(word(params.path("data"))));
  }

  /** The last that is heard of it. */
  void end(Said last) {
    if (!over) {
      over = true;
      hear(last);
    }
  }

  private void hear(Said said) {
    try {
      heard.put(said);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the client is being closed
    }
  }

  private static OptionalLong pid(JsonNode node) {
    JsonNode pid = node.path("pid");
    return pid.isIntegralNumber() && pid.canConvertToLong()
        ? OptionalLong.of(pid.longValue())
        : OptionalLong.empty();
  }

  private static OptionalInt code(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToInt()
        ? OptionalInt.of(node.intValue())
        : OptionalInt.empty();
  }

  private static String word(JsonNode node) {
    return node.isString() ? node.stringValue() : "";
  }
}
