package dev.regatta.evidence;

import dev.regatta.evidence.Criterion.Status;
import dev.regatta.evidence.Figures.AttemptFigures;
import dev.regatta.evidence.Figures.PhaseFigures;
import dev.regatta.journal.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** From figures and criteria to the verdict; the rules stand in docs/prove.md. */
public final class Judgement {
  private static final double CONFIRMED_SHARE = 0.6;
  private static final double REFUTED_SPEEDUP = 1.2;

  static final String NO_CALLS = "a plain command makes no API calls that could be seen";

  /** What must not fail if an agent's claims are to be called consistent. */
  private static final Set<String> OF_CALLS =
      Set.of(
          "attempts-succeeded",
          "session-ids-unique",
          "claims-complete",
          "api-time-within-duration",
          "api-time-plausible",
          "credentials-as-assigned",
          "challenge-answered",
          "files-verified",
          "clocks-consistent",
          CallCriteria.WITNESSED,
          CallCriteria.AGREE,
          CallCriteria.REQUEST_IDS,
          CallCriteria.PROVIDER);

  /** What of these must be known too; the others may not have been asked for. */
  private static final Set<String> MUST_PASS =
      Set.of(
          "attempts-succeeded",
          "session-ids-unique",
          "claims-complete",
          "api-time-within-duration",
          "api-time-plausible",
          CallCriteria.WITNESSED,
          CallCriteria.AGREE,
          CallCriteria.REQUEST_IDS,
          CallCriteria.PROVIDER);

  private Judgement() {}

  /** The verdict. */
  public static Verdict of(Figures figures, List<Criterion> criteria) {
    Said parallel = parallel(figures);
    SaidOfCalls calls = calls(figures, criteria);
    return new Verdict(parallel.verdict(), parallel.reason(), calls.verdict(), calls.reason());
  }

  private record Said(Verdict.Parallel verdict, String reason) {}

  private record SaidOfCalls(Verdict.Calls verdict, String reason) {}

  private static Said parallel(Figures figures) {
    int wanted = figures.parallel();
    if (wanted < 2) {
      return new Said(
          Verdict.Parallel.INCONCLUSIVE, "one task at a time has nothing to overlap with");
    }
    Optional<String> unfinished = unfinished(figures);
    if (unfinished.isPresent()) {
      return new Said(Verdict.Parallel.INCONCLUSIVE, unfinished.get());
    }
    Optional<String> nothing = nothingToCompare(figures);
    if (nothing.isPresent()) {
      return new Said(Verdict.Parallel.INCONCLUSIVE, nothing.get());
    }
    int greatest =
        figures.parallelPhases().stream().mapToInt(PhaseFigures::greatest).min().orElse(0);
    double speedup = figures.wall(false) / figures.wall(true);
    String seen =
        String.format(
            Locale.ROOT, "%d of %d at once, %.2f times as fast", greatest, wanted, speedup);
    Optional<String> failed = failures(figures);
    if (failed.isPresent()) {
      return new Said(
          Verdict.Parallel.INCONCLUSIVE,
          failed.get() + ", so the phases did not do the same work (" + seen + ")");
    }
    if (greatest <= 1) {
      return new Said(Verdict.Parallel.REFUTED, seen + ": no two attempts ever overlapped");
    }
    if (speedup <= REFUTED_SPEEDUP) {
      return new Said(
          Verdict.Parallel.REFUTED,
          String.format(
              Locale.ROOT,
              "%s: at most %.1f times means that the work was done one after another",
              seen,
              REFUTED_SPEEDUP));
    }
    double needed = CONFIRMED_SHARE * wanted;
    if (greatest >= wanted && speedup >= needed) {
      return new Said(
          Verdict.Parallel.CONFIRMED,
          String.format(Locale.ROOT, "%s (at least %.2f needed)", seen, needed));
    }
    return new Said(
        Verdict.Parallel.INCONCLUSIVE,
        String.format(
            Locale.ROOT, "%s: confirmed needs %d at once and %.2f times", seen, wanted, needed));
  }

  /** How far the run got, if that was not its end. */
  private static Optional<String> unfinished(Figures figures) {
    String missing = "the run did not get to its end, and a phase is missing";
    return switch (figures.progress()) {
      case RUNNING -> Optional.of("the run goes on");
      case PHASE_MISSING -> Optional.of(missing);
      case PHASE_OPEN -> Optional.of("the run did not get to its end, and a phase did not end");
      case END_UNSEEN -> Optional.of("each phase ended, but nobody saw the end of the run");
      case INTERRUPTED ->
          figures
              .cutShort(false)
              .map(phase -> "the run did not get to its end: " + phase.name() + " was interrupted")
              .or(() -> Optional.of("each phase ended, but then the run was interrupted"));
      case COMPLETE -> figures.hasBothModes() ? Optional.empty() : Optional.of(missing);
    };
  }

  /** Why two times cannot be compared at all. */
  private static Optional<String> nothingToCompare(Figures figures) {
    for (PhaseFigures phase : figures.phases()) {
      if (phase.attempts().stream().noneMatch(AttemptFigures::started)) {
        return Optional.of("nothing could be started in " + phase.name());
      }
      if (!(phase.wall() > 0)) {
        return Optional.of(phase.name() + " took no time that could be measured");
      }
    }
    return Optional.empty();
  }

  /**
   * That processes overlapped which failed says nothing of the tasks; and one that failed early or
   * hung makes its phase shorter or longer than the work is. So it neither confirms nor refutes.
   */
  private static Optional<String> failures(Figures figures) {
    Map<String, Long> outcomes = new TreeMap<>();
    for (AttemptFigures attempt : figures.attempts()) {
      if (!attempt.is(Outcome.SUCCEEDED)) {
        String word = attempt.outcome().map(Outcome::word).orElse("running");
        outcomes.merge(word, 1L, Long::sum);
      }
    }
    long failed = outcomes.values().stream().mapToLong(Long::longValue).sum();
    return failed == 0
        ? Optional.empty()
        : Optional.of(
            failed
                + " of "
                + figures.attempts().size()
                + " attempts did not succeed ("
                + outcomes.entrySet().stream()
                    .map(count -> count.getValue() + " " + count.getKey())
                    .collect(Collectors.joining(", "))
                + ")");
  }

  private static SaidOfCalls calls(Figures figures, List<Criterion> criteria) {
    if (figures.rehearsal()) {
      return new SaidOfCalls(
          Verdict.Calls.REHEARSAL, "the answers came from a rehearsal server, not from a model");
    }
    if (figures.commands()) {
      return new SaidOfCalls(Verdict.Calls.UNVERIFIED, NO_CALLS);
    }
    if (!figures.providerEndpoint()) {
      return new SaidOfCalls(
          Verdict.Calls.UNVERIFIED, "the agents were not sent to the provider's own address");
    }
    if (figures.running()) {
      return new SaidOfCalls(Verdict.Calls.UNVERIFIED, "the run goes on");
    }
    List<String> against =
        criteria.stream()
            .filter(criterion ->
                (OF_CALLS.contains(criterion.id()) && criterion.status() == Status.FAIL)
                    || (MUST_PASS.contains(criterion.id()) && criterion.status() == Status.UNKNOWN))
            .map(criterion -> criterion.title() + ": " + criterion.status().word())
            .toList();
    if (!against.isEmpty()) {
      return new SaidOfCalls(Verdict.Calls.UNVERIFIED, String.join("; ", against));
    }
    return figures
        .gateway()
        .map(gateway -> witnessed(figures, gateway))
        .orElseGet(() ->
            new SaidOfCalls(
                Verdict.Calls.CONSISTENT,
                "all that the agents claim fits together, but nobody else saw the calls"));
  }

  /** All is as it should be, and a gateway saw it: what is left is who answered, and when. */
  private static SaidOfCalls witnessed(Figures figures, Figures.GatewayFigures gateway) {
    if (gateway.ownAuthority() || gateway.proxied()) {
      return new SaidOfCalls(
          Verdict.Calls.CONSISTENT,
          gateway.proxied()
              ? "the calls were seen, but went through a proxy, which could have answered itself"
              : "the calls were seen, but certificates of an own authority were believed, which"
                  + " anybody could have who made it");
    }
    boolean challenged =
        figures.attempts().stream().allMatch(attempt -> figures.testimony(attempt).challengeSeen());
    return challenged
        ? new SaidOfCalls(
            Verdict.Calls.REAL,
            "the gateway saw every call go to the provider, all witnesses agree, and each attempt's"
                + " model gave the answer that only it was asked for")
        : new SaidOfCalls(
            Verdict.Calls.REAL_UNCHALLENGED,
            "the gateway saw every call go to the provider and all witnesses agree, but no answer"
                + " had to hold anything new");
  }
}
