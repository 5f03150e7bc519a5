package dev.regatta.stress;

import static dev.regatta.journal.Outcome.AGENT_ERROR;
import static dev.regatta.journal.Outcome.CANCELLED;
import static dev.regatta.journal.Outcome.LOST;
import static dev.regatta.journal.Outcome.SPAWN_FAILED;
import static dev.regatta.journal.Outcome.STALLED;
import static dev.regatta.journal.Outcome.SUCCEEDED;
import static dev.regatta.journal.Outcome.TIMED_OUT;
import static dev.regatta.journal.Outcome.VERIFICATION_FAILED;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Event;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What stands of a suite in its run's journal, written and read back. */
final class Journalled {
  private Journalled() {}

  static String word(Endpoint endpoint) {
    return switch (endpoint) {
      case Endpoint.Rehearsal _ -> "rehearsal";
      case Endpoint.Provider _ -> "provider";
      case Endpoint.Elsewhere _ -> "elsewhere";
      case Endpoint.Unknown _ -> "unknown";
    };
  }

  static @Nullable String url(Endpoint endpoint) {
    return switch (endpoint) {
      case Endpoint.Rehearsal(String url) -> url;
      case Endpoint.Elsewhere(String _, String url) -> url;
      case Endpoint.Provider _, Endpoint.Unknown _ -> null;
    };
  }

  static Endpoint endpoint(Event.SuitePlanned plan) {
    String url = plan.endpointUrl() == null ? "" : plan.endpointUrl();
    return switch (plan.endpoint()) {
      case "rehearsal" -> new Endpoint.Rehearsal(url);
      case "provider" -> new Endpoint.Provider();
      case "elsewhere" ->
          new Endpoint.Elsewhere(
              plan.endpointVariable() == null ? "" : plan.endpointVariable(), url);
      default -> new Endpoint.Unknown();
    };
  }

  static Event.SuiteTaskPlanned plan(TaskOrder order, @Nullable String skipped) {
    PlannedTask plan = order.plan();
    return new Event.SuiteTaskPlanned(
        plan.id(),
        plan.category(),
        plan.number(),
        plan.place(),
        plan.name().orElse(null),
        plan.request().orElse(null),
        plan.metatags(),
        plan.command(),
        plan.agent().orElse(null),
        plan.marker(),
        plan.failureExpected(),
        plan.patterns(),
        small(plan.match()),
        seconds(plan.limits().timeout()),
        plan.limits().stall().map(Journalled::seconds).orElse(null),
        small(plan.limitSource()),
        plan.instances(),
        Instance.models(order.task()),
        Instance.temperatures(order.task()),
        plan.criteria(),
        skipped,
        plan.learned().map(Journalled::learned).orElse(null));
  }

  static PlannedTask plan(Event.SuiteTaskPlanned plan) {
    return new PlannedTask(
        plan.task(),
        plan.category(),
        plan.number(),
        plan.place(),
        Optional.ofNullable(plan.name()),
        Optional.ofNullable(plan.request()),
        plan.metatags(),
        plan.command(),
        Optional.ofNullable(plan.agent()),
        plan.marker(),
        plan.failureExpected(),
        plan.patterns(),
        plan.match().equals("all") ? Verification.Match.ALL : Verification.Match.ANY,
        new Limits(
            time(plan.timeoutSeconds()),
            Optional.ofNullable(plan.stallSeconds()).map(Journalled::time)),
        switch (plan.limitSource()) {
          case "learned" -> LimitSource.LEARNED;
          case "default" -> LimitSource.DEFAULT;
          default -> LimitSource.SUITE;
        },
        plan.instances(),
        plan.criteria(),
        Optional.ofNullable(plan.learned()).map(Journalled::learned));
  }

  private static Event.LearnedTimeout learned(LearnedLimit learned) {
    return new Event.LearnedTimeout(
        learned.basis().word(),
        learned.from(),
        learned.timedOut(),
        learned.p95().map(Journalled::seconds).orElse(null),
        learned.bound().map(Journalled::seconds).orElse(null),
        seconds(learned.before()),
        seconds(learned.limit()));
  }

  private static LearnedLimit learned(Event.LearnedTimeout learned) {
    return new LearnedLimit(
        switch (learned.basis()) {
          case "same" -> LearnedLimit.Basis.SAME;
          case "similar" -> LearnedLimit.Basis.SIMILAR;
          default -> LearnedLimit.Basis.SUITE;
        },
        learned.runs(),
        learned.timedOut(),
        Optional.ofNullable(learned.p95Seconds()).map(Journalled::time),
        Optional.ofNullable(learned.boundSeconds()).map(Journalled::time),
        time(learned.beforeSeconds()),
        time(learned.limitSeconds()));
  }

  static Event.AttemptEnded ended(
      String attempt, TryRun.Ended ended, Judgement judgement, long bytes) {
    return new Event.AttemptEnded(
        attempt,
        outcome(ended.ending(), judgement),
        judgement.reason(),
        ended.ending() instanceof Ending.Exited(int code) ? code : null,
        ended.ending() instanceof Ending.Signalled(int number) ? number : null,
        ended.firstOutput(),
        null,
        ended.lastOutput(),
        ended.endNanos(),
        null,
        null,
        0,
        0,
        false,
        Claims.NONE,
        bytes,
        0);
  }

  private static dev.regatta.journal.Outcome outcome(Ending ending, Judgement judgement) {
    if (judgement.passed()) {
      return SUCCEEDED;
    }
    return switch (ending) {
      case Ending.Exited(int code) -> code == 0 ? VERIFICATION_FAILED : AGENT_ERROR;
      case Ending.Signalled _ -> AGENT_ERROR;
      case Ending.TimedOut _ -> TIMED_OUT;
      case Ending.Stalled _ -> STALLED;
      case Ending.Refused _ -> SPAWN_FAILED;
      case Ending.Lost _ -> LOST;
      case Ending.Interrupted _ -> CANCELLED;
    };
  }

  static Event.TryJudged judged(
      String attempt,
      int instance,
      Ending ending,
      Judgement judgement,
      TranscriptCheck check,
      Optional<String> output,
      int answerCharacters) {
    return new Event.TryJudged(
        attempt,
        instance,
        ending.word(),
        switch (ending) {
          case Ending.TimedOut(Duration limit) -> seconds(limit);
          case Ending.Stalled(Duration limit, boolean _) -> seconds(limit);
          case Ending.Exited _,
              Ending.Signalled _,
              Ending.Refused _,
              Ending.Lost _,
              Ending.Interrupted _ ->
              null;
        },
        ending instanceof Ending.Stalled(Duration _, boolean begun) && begun,
        switch (ending) {
          case Ending.Refused(String reason) -> reason;
          case Ending.Lost(String reason) -> reason;
          case Ending.Exited _,
              Ending.Signalled _,
              Ending.TimedOut _,
              Ending.Stalled _,
              Ending.Interrupted _ ->
              "";
        },
        judgement.passed(),
        judgement.reason(),
        judgement.sightings().stream().map(Journalled::sighting).toList(),
        check.verdict().word(),
        check.detail(),
        check.session().orElse(null),
        output.orElse(null),
        answerCharacters);
  }

  static Ending ending(Event.TryJudged judged, Event.AttemptEnded ended) {
    Duration limit = judged.limitSeconds() == null ? Duration.ZERO : time(judged.limitSeconds());
    return switch (judged.ending()) {
      case "exited" -> new Ending.Exited(ended.exitCode() == null ? 0 : ended.exitCode());
      case "signalled" -> new Ending.Signalled(ended.signal() == null ? 0 : ended.signal());
      case "timed-out" -> new Ending.TimedOut(limit);
      case "stalled" -> new Ending.Stalled(limit, judged.begun());
      case "refused" -> new Ending.Refused(judged.detail());
      case "interrupted" -> new Ending.Interrupted();
      default -> new Ending.Lost(judged.detail());
    };
  }

  private static Event.PatternSighting sighting(Sighting sighting) {
    return new Event.PatternSighting(
        sighting.pattern(),
        sighting.line().isPresent() ? sighting.line().getAsInt() : null,
        sighting.detail());
  }

  static Judgement judgement(Event.TryJudged judged) {
    List<Sighting> sightings =
        judged.sightings().stream()
            .map(it ->
                new Sighting(
                    it.pattern(),
                    it.line() == null ? OptionalInt.empty() : OptionalInt.of(it.line()),
                    it.detail()))
            .toList();
    return new Judgement(judged.passed(), judged.reason(), sightings);
  }

  static Best best(Event.InstancePicked picked) {
    return new Best(
        picked.criterion(),
        picked.instance() == null ? OptionalInt.empty() : OptionalInt.of(picked.instance()),
        picked.reason());
  }

  static TranscriptCheck check(Event.TryJudged judged) {
    TranscriptCheck.Verdict verdict =
        switch (judged.hallucination()) {
          case "none" -> TranscriptCheck.Verdict.NONE;
          case "suspected" -> TranscriptCheck.Verdict.SUSPECTED;
          default -> TranscriptCheck.Verdict.UNKNOWN;
        };
    return new TranscriptCheck(
        verdict, judged.hallucinationDetail(), Optional.ofNullable(judged.session()));
  }

  private static String small(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  private static Duration time(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }
}
