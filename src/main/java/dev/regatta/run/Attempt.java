package dev.regatta.run;

import dev.regatta.agent.Conclusion;
import dev.regatta.agent.Ending;
import dev.regatta.agent.Reading;
import dev.regatta.agent.Sign;
import dev.regatta.agent.Stopped;
import dev.regatta.credential.Allowance;
import dev.regatta.credential.Credential;
import dev.regatta.gateway.Pass;
import dev.regatta.journal.Event;
import dev.regatta.journal.Outcome;
import dev.regatta.process.Channel;
import dev.regatta.process.Child;
import dev.regatta.process.ChildEvent;
import dev.regatta.process.Leftovers;
import dev.regatta.process.Limits;
import dev.regatta.process.LineSplitter;
import dev.regatta.process.Lingering;
import dev.regatta.process.Mark;
import dev.regatta.process.Signal;
import dev.regatta.process.StopLadder;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt that runs: a straight loop over what its process does, until that is gone with all it
 * started.
 */
final class Attempt {
  /** A command that ended sooner is swept with others, together; see {@link Sweeper}. */
  private static final long SHORT_NANOS = Duration.ofMillis(100).toNanos();

  private final Run run;
  private final AttemptPlan plan;
  private final Optional<Pass> pass;
  private final Optional<Member> member;
  private final Cancellation cancellation;
  private final Child child;
  private final Mark mark;
  private final Reading reading;
  private final ToolCalls tools;
  private final Limits limits;
  private final LineSplitter outputLines;
  private final LineSplitter errorLines;
  private final StopLadder ladder = new StopLadder(StopLadder.Graces.USUAL);
  private final Set<Channel> open = EnumSet.allOf(Channel.class);

  private Stopped stopped = Stopped.NOT;
  private ChildEvent.@Nullable Exited exited;
  private @Nullable Long firstOutput;
  private @Nullable Long lastOutput;
  private @Nullable Long response;
  private @Nullable Lingering lingering;
  private boolean swept;

  Attempt(
      Run run,
      AttemptPlan plan,
      Optional<Pass> pass,
      Optional<Member> member,
      Child child,
      Mark mark) {
    this.run = run;
    this.plan = plan;
    this.pass = pass;
    this.member = member;
    this.cancellation = plan.stoppedBy(run);
    this.child = child;
    this.mark = mark;
    this.reading = plan.adapter().reading();
    this.tools = new ToolCalls(run, plan.name());
    this.limits = plan.limits();
    this.outputLines = new LineSplitter(line -> read(Channel.OUTPUT, line));
    this.errorLines = new LineSplitter(line -> read(Channel.ERROR, line));
  }

  /** Reads it to its end, writes that down and gives it. */
  AttemptResult follow() throws InterruptedException {
    try (child;
        AttemptOutput output = run.output(plan.name());
        Cancellation.Registration registration = cancellation.onRequest(child::nudge)) {
      try {
        readAll(output);
      } finally {
        if (exited == null) {
          killAtOnce();
        }
        // What it left behind could go on asking in its name.
        pass.ifPresent(Pass::close);
        member.ifPresent(Member::close);
      }
      outputLines.finish();
      errorLines.finish();
      tools.end();
      sweepAtEnd();
      output.close(); // an inspection may read what it printed
      return conclude(output);
    }
  }

  private void readAll(AttemptOutput output) throws InterruptedException {
    while (exited == null || !open.isEmpty()) {
      long now = System.nanoTime();
      if (lingering == null) {
        watch(now);
      } else if (lingering.isSweepDue(now) && !swept) {
        sweep();
      }
      ChildEvent event = child.next(patience(System.nanoTime()));
      if (event != null) {
        handle(event, output);
      }
      if (swept && lingering != null && lingering.isOver(event != null, System.nanoTime())) {
        return; // what is printed there now is not the agent's
      }
    }
  }

  private void handle(ChildEvent event, AttemptOutput output) {
    switch (event) {
      case ChildEvent.Output printed -> {
        if (firstOutput == null) {
          firstOutput = printed.nanos();
        }
        lastOutput = printed.nanos();
        output.write(printed.channel(), printed.bytes());
        if (plan.adapter().readsLines()) {
          (printed.channel() == Channel.OUTPUT ? outputLines : errorLines).accept(printed.bytes());
        }
      }
      case ChildEvent.Closed closed -> open.remove(closed.channel());
      case ChildEvent.Exited end -> {
        exited = end;
        lingering = new Lingering(end.nanos(), System.nanoTime());
      }
      case ChildEvent.Nudged ignored -> {
        // The loop looks at the run's cancellation by itself.
      }
    }
  }

  private long patience(long now) {
    if (lingering != null) {
      return lingering.nanosLeft(swept, now);
    }
    return stopped == Stopped.NOT
        ? limits.nanosLeft(child.spawnNanos(), quietSince(now), firstOutput != null, now)
        : ladder.nanosLeft(now);
  }

  /** Who waits for others has nothing to print; that is no silence. */
  private long quietSince(long now) {
    long printed = lastOutput == null ? child.spawnNanos() : lastOutput;
    return member
        .flatMap(asking -> asking.waiting().over(now))
        .filter(over -> over - printed > 0)
        .orElse(printed);
  }

  /** Looks whether it must be stopped, and if it is being stopped whether the next step is due. */
  private void watch(long now) {
    if (stopped == Stopped.NOT) {
      if (cancellation.requested()) {
        stopped = Stopped.CANCELLED;
      } else {
        limits
            .passed(child.spawnNanos(), quietSince(now), firstOutput != null, now)
            .ifPresent(overrun -> stopped = stoppedBy(overrun));
      }
    }
    if (stopped == Stopped.NOT) {
      return;
    }
    member.ifPresent(Member::stop); // what it started goes with it, not after it
    if (cancellation.urgent()) {
      ladder.hurry();
    }
    ladder.due(now).ifPresent(signal -> send(signal, now));
  }

  private static Stopped stoppedBy(Limits.Overrun overrun) {
    return switch (overrun) {
      case WHOLE -> Stopped.TIMED_OUT;
      case FIRST_OUTPUT -> Stopped.FIRST_OUTPUT_TIMED_OUT;
      case STALL -> Stopped.STALLED;
    };
  }

  private void send(Signal signal, long now) {
    child.signal(signal);
    child.signal(Signal.CONT); // a paused group would hear nothing else
    run.record(
        new Event.StopSent(
            plan.name(), signal.name(), "group", stopped.word(), run.clock().nanosOf(now)));
  }

  private void read(Channel channel, LineSplitter.Line line) {
    long now = lastOutput == null ? System.nanoTime() : lastOutput;
    for (Sign sign : reading.line(channel, line.text(), line.cut(), run.clock().nanosOf(now))) {
      heed(sign, now);
    }
  }

  private void heed(Sign sign, long now) {
    switch (sign) {
      case Sign.ApiRetry retry ->
          run.record(
              new Event.ApiRetried(
                  plan.name(),
                  retry.tryNumber(),
                  retry.status(),
                  retry.delayMs(),
                  run.clock().nanosOf(now)));
      case Sign.Hopeless ignored -> {
        if (stopped == Stopped.NOT) {
          stopped = Stopped.HOPELESS;
        }
      }
      case Sign.Answered ignored -> response = now;
      case Sign.Session ignored -> {
        // The conclusion carries it; a live view will want it as it comes.
      }
      case Sign.ToolCalled(String call, String tool) ->
          tools.called(call, tool, run.clock().nanosOf(now));
      case Sign.ToolAnswered(String call, boolean failed) ->
          tools.answered(call, failed, run.clock().nanosOf(now));
      // At once, as other tasks could take the credential before this attempt has ended.
      case Sign.Limited limited ->
          learn((rests, credential) -> rests.refused(credential, limited.until()));
      case Sign.Used used ->
          learn((rests, credential) ->
              rests.used(credential, new Allowance(used.limit(), used.share(), used.resets())));
    }
  }

  private void learn(BiConsumer<Rests, Credential> news) {
    carried().ifPresent(credential -> run.learn(rests -> news.accept(rests, credential)));
  }

  /** What is refused now: the gateway may have gone over to another than the one granted. */
  private Optional<Credential> carried() {
    return pass.map(Pass::credential).or(() -> plan.assignment().credential());
  }

  private void killAtOnce() {
    child.signal(Signal.KILL);
    run.sweeper().now(plan.name(), left());
  }

  /** A short command that left nobody in its group is looked after later, with others. */
  private void sweepAtEnd() {
    boolean shortLived = exited != null && exited.nanos() - child.spawnNanos() < SHORT_NANOS;
    if (swept) {
      return;
    }
    if (shortLived && !(child.ownsGroup() && child.groupAlive())) {
      run.sweeper().later(plan.name(), left());
    } else {
      sweep();
    }
  }

  private void sweep() {
    swept = true;
    run.sweeper().now(plan.name(), left());
  }

  private Leftovers.Ended left() {
    long end = exited == null ? System.nanoTime() : exited.nanos();
    return new Leftovers.Ended(mark, child.pid(), end);
  }

  private AttemptResult conclude(AttemptOutput output) {
    ChildEvent.Exited end = exited;
    if (end == null) {
      throw new IllegalStateException("an attempt is concluded before its process ended");
    }
    Conclusion conclusion = reading.conclude(ending(end, output));
    readTranscript(conclusion.claims().sessionId());
    Optional<String> failure = Optional.empty();
    if (conclusion.outcome() == Outcome.SUCCEEDED) {
      String answer = conclusion.claims().result();
      Inspection.Finding finding =
          plan.inspection().inspect(answer == null ? "" : answer, run.clock());
      finding.events().forEach(run::record);
      failure = finding.failure();
    }
    Event.AttemptEnded ended =
        new Event.AttemptEnded(
            plan.name(),
            failure.isPresent() ? Outcome.VERIFICATION_FAILED : conclusion.outcome(),
            failure.orElse(conclusion.reason()),
            end.exitCode(),
            end.signal(),
            axis(firstOutput),
            axis(response),
            axis(lastOutput),
            run.clock().nanosOf(end.nanos()),
            end.cpuSeconds(),
            end.peakMemoryBytes(),
            conclusion.retryWaitMs(),
            conclusion.rateLimitWaitMs(),
            conclusion.rehearsal(),
            conclusion.claims(),
            output.bytes(Channel.OUTPUT),
            output.bytes(Channel.ERROR));
    run.record(ended);
    member.ifPresent(asked -> asked.ended(ended));
    return new AttemptResult(
        plan,
        ended,
        Duration.ofNanos(end.nanos() - child.spawnNanos()),
        conclusion.restUntil(),
        carried(),
        conclusion.hopeless());
  }

  private void readTranscript(@Nullable String session) {
    if (session != null) {
      plan.adapter()
          .transcript(plan.assignment(), session)
          .ifPresent(read -> run.record(new Event.TranscriptRead(plan.name(), read)));
    }
  }

  private Ending ending(ChildEvent.Exited end, AttemptOutput output) {
    Optional<Duration> limit =
        switch (stopped) {
          case TIMED_OUT -> limits.whole();
          case FIRST_OUTPUT_TIMED_OUT -> limits.firstOutput();
          case STALLED -> limits.stall();
          case NOT, CANCELLED, HOPELESS -> Optional.empty();
        };
    return new Ending(
        end.exitCode(),
        end.signal(),
        stopped,
        output.bytes(Channel.OUTPUT),
        output.bytes(Channel.ERROR),
        outputLines.binary(),
        limit);
  }

  private @Nullable Long axis(@Nullable Long reading) {
    return reading == null ? null : run.clock().nanosOf(reading);
  }
}
