package dev.regatta.stress;

import dev.regatta.run.Cancellation;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows one try from its request to its end. Where the server keeps the limits, ours are only
 * there for a server that does not answer any more.
 */
final class TryRun {
  /** What a server gets to stop a command and to say so. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final RemoteCommands commands;
  private final Cancellation cancellation;
  private final LongSupplier nanos;
  private final Limits limits;
  private final TryOutput output;
  private final Began began;

  private OptionalLong pid = OptionalLong.empty();
  private boolean accepted;
  private @Nullable Long firstOutput;
  private @Nullable Long lastOutput;
  private @Nullable Ending stopping;
  private long asked;
  private long stopped;
  private Optional<String> missed = Optional.empty();

  /** Is told when the command runs. */
  interface Began {
    /** It runs. */
    void began(OptionalLong pid);
  }

  /**
   * What is known at its end; instants are on the run's axis.
   *
   * @param missed what of the output did not come, in words
   */
  record Ended(
      Ending ending,
      long askedNanos,
      long endNanos,
      @Nullable Long firstOutput,
      @Nullable Long lastOutput,
      boolean started,
      Optional<String> missed) {}

  TryRun(
      RemoteCommands commands,
      Cancellation cancellation,
      LongSupplier nanos,
      Limits limits,
      TryOutput output,
      Began began) {
    this.commands = commands;
    this.cancellation = cancellation;
    this.nanos = nanos;
    this.limits = limits;
    this.output = output;
    this.began = began;
  }

  Ended follow(RemoteRequest request) throws InterruptedException {
    asked = nanos.getAsLong();
    RemoteCommand command = commands.start(request);
    try (Cancellation.Registration registration =
        cancellation.onRequest(() -> interrupt(command))) {
      Ending ending = null;
      while (ending == null) {
        Said said = command.next(Duration.ofNanos(patience()));
        ending = said == null ? overdue(command) : heard(said);
      }
      return new Ended(ending, asked, nanos.getAsLong(), firstOutput, lastOutput, accepted, missed);
    }
  }

  /** Asked once it is stopped politely; asked again nobody waits for it. */
  private void interrupt(RemoteCommand command) {
    if (cancellation.urgent()) {
      command.end(new Said.Abandoned());
    } else {
      command.cancel();
    }
  }

  private long now() {
    return nanos.getAsLong();
  }

  private Duration grace() {
    return commands.keepsLimits() ? GRACE : Duration.ZERO;
  }

  /** How long nothing needs to be done if nothing is heard. */
  private long patience() {
    if (cancellation.requested() && stopping == null) {
      stopping = new Ending.Interrupted();
      stopped = now();
    }
    if (stopping != null) {
      return stopped + GRACE.toNanos() - now();
    }
    long left = asked + limits.timeout().plus(grace()).toNanos() - now();
    Optional<Duration> stall = limits.stall();
    return stall.isEmpty()
        ? left
        : Math.min(left, quietSince() + stall.get().plus(grace()).toNanos() - now());
  }

  private long quietSince() {
    Long last = lastOutput;
    return last == null ? asked : last;
  }

  /** Nothing was heard for that long: a limit has passed, or the server does not stop it. */
  private @Nullable Ending overdue(RemoteCommand command) {
    if (cancellation.requested() && stopping == null) {
      return null; // the next patience is that of an interruption
    }
    if (stopping != null) {
      if (now() - stopped < GRACE.toNanos()) {
        return null;
      }
      command.end(new Said.Abandoned());
      return stopping;
    }
    boolean timedOut = now() - asked >= limits.timeout().toNanos();
    if (!timedOut && patience() > 0) {
      return null;
    }
    stopping =
        timedOut
            ? new Ending.TimedOut(limits.timeout())
            : new Ending.Stalled(limits.stall().orElseThrow(), lastOutput != null);
    stopped = now();
    command.cancel();
    return null;
  }

  private @Nullable Ending heard(Said said) {
    return switch (said) {
      case Said.Began(OptionalLong process) -> {
        accepted = true;
        pid = process;
        began.began(pid);
        yield null;
      }
      case Said.Printed(String text) -> {
        lastOutput = now();
        firstOutput = firstOutput == null ? lastOutput : firstOutput;
        output.take(text);
        yield null;
      }
      case Said.Missed(String what) -> {
        missed = Optional.of(what);
        yield null;
      }
      case Said.Completed completed -> ending(completed);
      case Said.Refused(String reason) -> new Ending.Refused(reason);
      case Said.Lost(String reason) -> stopping == null ? new Ending.Lost(reason) : stopping;
      case Said.Abandoned _ -> stopping == null ? new Ending.Interrupted() : stopping;
    };
  }

  private Ending ending(Said.Completed completed) {
    boolean asked =
        completed.reason().equals("canceled")
            || (!commands.keepsLimits() && completed.code().orElse(-1) != 0);
    if (asked && stopping != null) {
      return stopping;
    }
    if (asked && cancellation.requested()) {
      return new Ending.Interrupted();
    }
    return switch (completed.reason()) {
      case "timeout" -> new Ending.TimedOut(limits.timeout());
      case "stalled" ->
          new Ending.Stalled(limits.stall().orElse(limits.timeout()), lastOutput != null);
      case "server stops" ->
          cancellation.requested()
              ? new Ending.Interrupted()
              : new Ending.Lost("the server was stopped");
      default ->
          completed.code().isPresent()
              ? Ending.ofExitCode(completed.code().getAsInt())
              : new Ending.Lost("the server told no exit code");
    };
  }
}
