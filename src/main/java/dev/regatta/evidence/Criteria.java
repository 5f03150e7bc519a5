package dev.regatta.evidence;

import dev.regatta.evidence.Criterion.Status;
import dev.regatta.evidence.Figures.AttemptFigures;
import dev.regatta.evidence.Figures.PhaseFigures;
import dev.regatta.journal.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What is checked of a proof. Each check says PASS, FAIL or UNKNOWN, and why, with its figures. */
public final class Criteria {
  private static final Set<String> SEEN_ANYWAY = Set.of("duration_api_ms", "total_cost_usd");

  /** No call over a network to a model was ever answered sooner. Milliseconds. */
  static final long SHORTEST_API_MS = 50;

  /** The parallel phase may be this much longer than its longest attempt. */
  static final double TOLERANCE = 1.25;

  /** The sequential phases must be at least this share of N times the parallel ones. */
  static final double SEQUENTIAL_SHARE = 0.6;

  /** The agent's clock and ours may differ by this, for its own measure is rounded. Seconds. */
  private static final double SLACK = 0.05;

  private static final String NO_ATTEMPT = "there was no attempt";
  private static final String GOES_ON = "the run goes on";

  /** What rests on the claims of an agent, which a plain command cannot make. */
  private static final Set<String> OF_CLAIMS =
      Set.of(
          "session-ids-unique",
          "claims-complete",
          "api-time-within-duration",
          "api-time-plausible");

  private Criteria() {}

  /** All criteria, in the order of the report. */
  public static List<Criterion> of(Figures figures) {
    List<Criterion> criteria = new ArrayList<>();
    criteria.addAll(
        List.of(
            attemptsSucceeded(figures),
            sessionIdsUnique(figures),
            claimsComplete(figures),
            apiTimeWithinDuration(figures),
            apiTimePlausible(figures),
            parallelNearLongest(figures),
            sequentialShare(figures),
            overlap(figures),
            credentialsAsAssigned(figures),
            challengeAnswered(figures),
            filesVerified(figures),
            clocksConsistent(figures)));
    criteria.addAll(CallCriteria.of(figures));
    return criteria.stream().map(criterion -> asFarAsKnown(figures, criterion)).toList();
  }

  /** All criteria of a tree of agents, in the order of the report. */
  public static List<Criterion> of(Figures figures, TreeFigures tree) {
    List<Criterion> criteria = new ArrayList<>();
    criteria.addAll(
        List.of(
            attemptsSucceeded(figures),
            sessionIdsUnique(figures),
            claimsComplete(figures),
            apiTimeWithinDuration(figures),
            apiTimePlausible(figures)));
    criteria.addAll(TreeCriteria.of(figures, tree));
    criteria.addAll(
        List.of(
            credentialsAsAssigned(figures),
            challengeAnswered(figures),
            filesVerified(figures),
            clocksConsistent(figures)));
    criteria.addAll(CallCriteria.ofTree(figures));
    return criteria.stream().map(criterion -> asFarAsKnown(figures, criterion)).toList();
  }

  private static Criterion asFarAsKnown(Figures figures, Criterion criterion) {
    if (figures.commands() && OF_CLAIMS.contains(criterion.id())) {
      return new Criterion(
          criterion.id(),
          Status.UNKNOWN,
          criterion.title(),
          "not applicable: " + Judgement.NO_CALLS);
    }
    return figures.running() ? soFar(criterion) : criterion;
  }

  /** What holds of all that was seen need not hold of what comes; what failed stays so. */
  private static Criterion soFar(Criterion criterion) {
    String detail =
        switch (criterion.status()) {
          case PASS -> "so far " + criterion.detail() + "; " + GOES_ON;
          case UNKNOWN -> criterion.detail() + "; " + GOES_ON;
          case FAIL -> criterion.detail();
        };
    return criterion.status() == Status.FAIL
        ? criterion
        : new Criterion(criterion.id(), Status.UNKNOWN, criterion.title(), detail);
  }

  private static Criterion attemptsSucceeded(Figures figures) {
    String title = "every attempt succeeded";
    List<AttemptFigures> attempts = figures.attempts();
    List<String> failed =
        attempts.stream()
            .filter(AttemptFigures::endSeen)
            .filter(attempt -> !attempt.is(Outcome.SUCCEEDED))
            .map(attempt -> attempt.name() + " " + attempt.outcome().orElseThrow().word())
            .toList();
    if (attempts.isEmpty()) {
      return new Criterion("attempts-succeeded", Status.UNKNOWN, title, NO_ATTEMPT);
    }
    Optional<String> unseen = unseen(attempts);
    if (failed.isEmpty() && unseen.isPresent()) {
      return new Criterion("attempts-succeeded", Status.UNKNOWN, title, unseen.get());
    }
    return verdict(
        "attempts-succeeded",
        failed.isEmpty(),
        title,
        failed.isEmpty()
            ? attempts.size() + " of " + attempts.size()
            : succeeded(attempts) + " of " + attempts.size() + ": " + some(failed));
  }

  private static long succeeded(List<AttemptFigures> attempts) {
    return attempts.stream().filter(attempt -> attempt.is(Outcome.SUCCEEDED)).count();
  }

  /** Which attempts have no end that somebody saw, and why; empty if there is none. */
  private static Optional<String> unseen(List<AttemptFigures> attempts) {
    List<String> lost = names(attempts, attempt -> attempt.is(Outcome.LOST));
    List<String> open = names(attempts, attempt -> attempt.outcome().isEmpty());
    if (!lost.isEmpty()) {
      return Optional.of("nobody saw the end of " + some(lost));
    }
    return open.isEmpty() ? Optional.empty() : Optional.of("still running: " + some(open));
  }

  private static List<String> names(
      List<AttemptFigures> attempts, Predicate<AttemptFigures> which) {
    return attempts.stream().filter(which).map(AttemptFigures::name).toList();
  }

  private static Criterion sessionIdsUnique(Figures figures) {
    String title = "every session id is unique";
    List<AttemptFigures> attempts = figures.attempts();
    List<String> ids =
        attempts.stream()
            .map(attempt -> Optional.ofNullable(attempt.claims().sessionId()))
            .flatMap(Optional::stream)
            .toList();
    List<String> twice =
        ids.stream()
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
            .entrySet()
            .stream()
            .filter(count -> count.getValue() > 1)
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    if (!twice.isEmpty()) {
      return new Criterion(
          "session-ids-unique", Status.FAIL, title, "more than once: " + some(twice));
    }
    if (attempts.isEmpty()) {
      return new Criterion("session-ids-unique", Status.UNKNOWN, title, NO_ATTEMPT);
    }
    return ids.size() == attempts.size()
        ? new Criterion(
            "session-ids-unique",
            Status.PASS,
            title,
            ids.size() + " attempts, " + ids.size() + " ids")
        : new Criterion(
            "session-ids-unique",
            Status.UNKNOWN,
            title,
            (attempts.size() - ids.size()) + " of " + attempts.size() + " attempts have none");
  }

  private static Criterion claimsComplete(Figures figures) {
    String title = "every attempt carries id, API time, cost and tokens";
    List<String> incomplete =
        figures.attempts().stream()
            .filter(AttemptFigures::endSeen)
            .filter(attempt -> !missing(figures, attempt).isEmpty())
            .map(attempt ->
                attempt.name() + " lacks " + String.join(", ", missing(figures, attempt)))
            .toList();
    int all = figures.attempts().size();
    Optional<String> unseen = unseen(figures.attempts());
    if (incomplete.isEmpty() && unseen.isPresent()) {
      return new Criterion("claims-complete", Status.UNKNOWN, title, unseen.get());
    }
    return all == 0
        ? new Criterion("claims-complete", Status.UNKNOWN, title, NO_ATTEMPT)
        : verdict(
            "claims-complete",
            incomplete.isEmpty(),
            title,
            incomplete.isEmpty() ? all + " of " + all + silent(figures) : some(incomplete));
  }

  /**
   * Some agents tell no cost and no API time. Where the calls were seen, nobody needs their word.
   */
  private static List<String> missing(Figures figures, AttemptFigures attempt) {
    List<String> missing = attempt.claims().missing();
    return figures.testimony(attempt).calls().isEmpty()
        ? missing
        : missing.stream().filter(field -> !SEEN_ANYWAY.contains(field)).toList();
  }

  /** Says of which attempts the calls stand in for the agent's word. */
  private static String silent(Figures figures) {
    long silent =
        figures.attempts().stream()
            .filter(attempt -> !attempt.claims().missing().isEmpty())
            .count();
    return silent == 0
        ? ""
        : "; " + silent + " tell not all of it themselves, but the gateway saw their calls";
  }

  /** By the agent's word, or else as long as its calls were seen to take. */
  private static Optional<Long> apiTime(Figures figures, AttemptFigures attempt) {
    Testimony testimony = figures.testimony(attempt);
    return Optional.ofNullable(attempt.claims().apiDurationMs())
        .or(() ->
            testimony.calls().isEmpty() ? Optional.empty() : Optional.of(testimony.apiTimeMs()));
  }

  private static Criterion apiTimeWithinDuration(Figures figures) {
    String title = "API time lies within the attempt's duration";
    return perClaim(
        "api-time-within-duration",
        title,
        figures,
        attempt -> apiTime(figures, attempt),
        (attempt, api) -> api / 1000.0 <= attempt.duration() + SLACK,
        (attempt, api) ->
            format(
                "%s claims %.2f s in a duration of %.2f s",
                attempt.name(), api / 1000.0, attempt.duration()),
        "all within");
  }

  private static Criterion apiTimePlausible(Figures figures) {
    String title = "no duration is below what an API call can take";
    List<String> tooShort =
        figures.attempts().stream()
            .filter(AttemptFigures::started)
            .filter(AttemptFigures::endSeen)
            .filter(attempt -> attempt.duration() * 1000 < SHORTEST_API_MS)
            .map(attempt -> format("%s ran %.3f s", attempt.name(), attempt.duration()))
            .toList();
    if (!tooShort.isEmpty()) {
      return new Criterion("api-time-plausible", Status.FAIL, title, some(tooShort));
    }
    return perClaim(
        "api-time-plausible",
        title,
        figures,
        attempt -> apiTime(figures, attempt),
        (attempt, api) -> api >= SHORTEST_API_MS,
        (attempt, api) -> format("%s claims %d ms", attempt.name(), api),
        "all at least " + SHORTEST_API_MS + " ms");
  }

  private static Criterion parallelNearLongest(Figures figures) {
    String title = format("the parallel phase is within %.2f times its longest attempt", TOLERANCE);
    List<PhaseFigures> phases =
        figures.parallelPhases().stream().filter(phase -> phase.longest() > 0).toList();
    if (phases.isEmpty()) {
      return new Criterion(
          "parallel-near-longest", Status.UNKNOWN, title, "no parallel attempt was seen");
    }
    Optional<PhaseFigures> cutShort = figures.cutShort(true);
    if (cutShort.isPresent()) {
      return cutShort("parallel-near-longest", title, cutShort.get());
    }
    int most = phases.stream().mapToInt(phase -> phase.attempts().size()).max().orElseThrow();
    if (most > figures.parallel()) {
      return new Criterion(
          "parallel-near-longest",
          Status.UNKNOWN,
          title,
          format("%d tasks took turns in %d places", most, figures.parallel()));
    }
    double worst =
        phases.stream().mapToDouble(phase -> phase.wall() / phase.longest()).max().orElseThrow();
    return verdict(
        "parallel-near-longest",
        worst <= TOLERANCE,
        title,
        phases.size() == 1
            ? format(
                "%.2f s against %.2f s, %.3f times",
                phases.getFirst().wall(), phases.getFirst().longest(), worst)
            : format("at most %.3f times in %d phases", worst, phases.size()));
  }

  private static Criterion sequentialShare(Figures figures) {
    String title =
        format(
            "the sequential phase is at least %.1f of %d times the parallel one",
            SEQUENTIAL_SHARE, figures.parallel());
    if (!figures.hasBothModes() || figures.wall(true) <= 0) {
      return new Criterion("sequential-share", Status.UNKNOWN, title, "a phase is missing");
    }
    Optional<PhaseFigures> cutShort = figures.cutShort(false);
    if (cutShort.isPresent()) {
      return cutShort("sequential-share", title, cutShort.get());
    }
    if (figures.running()) {
      return new Criterion(
          "sequential-share", Status.UNKNOWN, title, "it is about the totals of all rounds");
    }
    double share = figures.wall(false) / (figures.parallel() * figures.wall(true));
    return verdict(
        "sequential-share",
        share >= SEQUENTIAL_SHARE,
        title,
        format(
            "%.2f s against %d times %.2f s, a share of %.2f",
            figures.wall(false), figures.parallel(), figures.wall(true), share));
  }

  static Criterion cutShort(String id, String title, PhaseFigures phase) {
    return new Criterion(
        id, Status.UNKNOWN, title, "not every task of " + phase.name() + " was seen to its end");
  }

  private static Criterion overlap(Figures figures) {
    String title = "the parallel attempts overlap";
    List<PhaseFigures> phases = figures.parallelPhases();
    if (phases.isEmpty()) {
      return new Criterion("overlap", Status.UNKNOWN, title, "there was no parallel phase");
    }
    Optional<PhaseFigures> cutShort = figures.cutShort(true);
    if (cutShort.isPresent()) {
      return cutShort("overlap", title, cutShort.get());
    }
    PhaseFigures worst =
        phases.stream()
            .min(java.util.Comparator.comparingInt(PhaseFigures::greatest))
            .orElseThrow();
    return verdict(
        "overlap",
        worst.greatest() >= figures.parallel(),
        title,
        format(
            "greatest number at once %d of %d, all at once %.0f%% of the time, %.2f on average",
            worst.greatest(), figures.parallel(), 100 * worst.shareAll(), worst.average()));
  }

  /** A process behind a gateway gets a placeholder in place of the credential. */
  private static Optional<String> expected(AttemptFigures attempt) {
    return attempt.seen().placeholder().or(attempt::assigned);
  }

  /** How many of its requests the gateway sent with another credential, as after a failover. */
  private static long sentAnother(AttemptFigures attempt) {
    return attempt.seen().exchanges().stream()
        .filter(exchange -> !attempt.assigned().equals(Optional.of(exchange.credential())))
        .count();
  }

  private static String sent(AttemptFigures attempt) {
    long others = sentAnother(attempt);
    return others == 0
        ? ""
        : format(
            " (%d of %d requests were sent with it)", others, attempt.seen().exchanges().size());
  }

  private static Criterion credentialsAsAssigned(Figures figures) {
    String title = "each credential was used as assigned";
    List<AttemptFigures> assigned =
        figures.attempts().stream()
            .filter(attempt -> attempt.started() && attempt.assigned().isPresent())
            .toList();
    // What the gateway sent counts whether or not the process's own environment could be read.
    List<String> wrong =
        assigned.stream()
            .filter(attempt ->
                sentAnother(attempt) > 0
                    || (attempt.given().isPresent() && !attempt.given().equals(expected(attempt))))
            .map(attempt -> attempt.name() + sent(attempt))
            .toList();
    long unseen = assigned.stream().filter(attempt -> attempt.given().isEmpty()).count();
    if (!wrong.isEmpty()) {
      return new Criterion(
          "credentials-as-assigned", Status.FAIL, title, "another one in " + some(wrong));
    }
    if (assigned.isEmpty() || unseen > 0) {
      return new Criterion(
          "credentials-as-assigned",
          Status.UNKNOWN,
          title,
          assigned.isEmpty()
              ? "no process was started with one"
              : unseen + " of " + assigned.size() + " environments could not be read back");
    }
    long distinct =
        assigned.stream().map(attempt -> attempt.assigned().orElseThrow()).distinct().count();
    return new Criterion(
        "credentials-as-assigned",
        Status.PASS,
        title,
        format(
                "%d environments read back from the processes, %d different credentials",
                assigned.size(), distinct)
            + reused(figures));
  }

  /** Marks that attempts of one parallel phase had to share a credential. */
  private static String reused(Figures figures) {
    boolean shared =
        figures.parallelPhases().stream()
            .map(phase ->
                phase.attempts().stream()
                    .map(AttemptFigures::given)
                    .flatMap(Optional::stream)
                    .toList())
            .anyMatch(given -> given.stream().distinct().count() < given.size());
    return shared ? "; reused: some serve several attempts of a parallel phase" : "";
  }

  private static Criterion challengeAnswered(Figures figures) {
    return flags(
        "challenge-answered",
        "every challenge was answered",
        figures,
        AttemptFigures::challenge,
        "no challenge was asked");
  }

  private static Criterion filesVerified(Figures figures) {
    return flags(
        "files-verified",
        "every file holds what it must",
        figures,
        AttemptFigures::artifact,
        "no file was asked for");
  }

  private static Criterion clocksConsistent(Figures figures) {
    String title = "the clocks agree";
    List<String> disordered =
        figures.attempts().stream()
            .filter(attempt -> !attempt.ordered())
            .map(AttemptFigures::name)
            .toList();
    if (!disordered.isEmpty()) {
      return new Criterion(
          "clocks-consistent",
          Status.FAIL,
          title,
          "timing points out of order in " + some(disordered));
    }
    if (figures.clockDrift().isEmpty()) {
      return new Criterion(
          "clocks-consistent", Status.UNKNOWN, title, "the run's end was not seen");
    }
    double drift = figures.clockDrift().get();
    return verdict(
        "clocks-consistent",
        Math.abs(drift) <= SLACK + figures.elapsed() / 1000,
        title,
        format(
            "wall clock and monotonic clock differ by %.3f s over %.2f s; timing points in order",
            drift, figures.elapsed()));
  }

  private static Criterion flags(
      String id,
      String title,
      Figures figures,
      Function<AttemptFigures, Optional<Boolean>> flag,
      String none) {
    List<AttemptFigures> attempts = figures.attempts();
    long looked = attempts.stream().filter(attempt -> flag.apply(attempt).isPresent()).count();
    List<String> failed =
        attempts.stream()
            .filter(attempt -> flag.apply(attempt).equals(Optional.of(false)))
            .map(AttemptFigures::name)
            .toList();
    if (!failed.isEmpty()) {
      return new Criterion(id, Status.FAIL, title, "not in " + some(failed));
    }
    if (looked == 0 || looked < attempts.size()) {
      return new Criterion(
          id,
          Status.UNKNOWN,
          title,
          looked == 0
              ? none
              : (attempts.size() - looked) + " of " + attempts.size() + " were not looked at");
    }
    return new Criterion(id, Status.PASS, title, looked + " of " + looked);
  }

  private interface Holds {
    boolean test(AttemptFigures attempt, long claim);
  }

  private interface Told {
    String tell(AttemptFigures attempt, long claim);
  }

  private static Criterion perClaim(
      String id,
      String title,
      Figures figures,
      Function<AttemptFigures, Optional<Long>> claim,
      Holds holds,
      Told told,
      String fine) {
    List<String> wrong = new ArrayList<>();
    int missing = 0;
    int seen = 0;
    for (AttemptFigures attempt : figures.attempts()) {
      Optional<Long> value = claim.apply(attempt);
      if (value.isEmpty()) {
        missing++;
      } else {
        seen++;
        if (!holds.test(attempt, value.get())) {
          wrong.add(told.tell(attempt, value.get()));
        }
      }
    }
    if (!wrong.isEmpty()) {
      return new Criterion(id, Status.FAIL, title, some(wrong));
    }
    return missing == 0 && seen > 0
        ? new Criterion(id, Status.PASS, title, fine)
        : new Criterion(
            id,
            Status.UNKNOWN,
            title,
            missing == 0
                ? NO_ATTEMPT
                : missing + " of " + (missing + seen) + " attempts claim no API time");
  }

  static Criterion verdict(String id, boolean holds, String title, String detail) {
    return new Criterion(id, holds ? Status.PASS : Status.FAIL, title, detail);
  }

  /** The first few of many. */
  static String some(List<String> all) {
    int most = 3;
    String first = String.join("; ", all.subList(0, Math.min(most, all.size())));
    return all.size() > most ? first + "; and " + (all.size() - most) + " more" : first;
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
