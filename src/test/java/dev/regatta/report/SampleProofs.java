package dev.regatta.report;

import dev.regatta.evidence.Criterion;
import dev.regatta.evidence.Level;
import dev.regatta.evidence.Verdict;
import dev.regatta.experiment.Proof;
import dev.regatta.journal.Claims;
import dev.regatta.journal.Outcome;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Proofs as they may come, from the plain to the broken, always the same ones. */
final class SampleProofs {
  /** Of an attempt whose calls nobody saw. */
  static final Proof.Evidence CLAIMED =
      new Proof.Evidence(Level.CLAIMED, List.of(), null, List.of());

  static final OffsetDateTime START = OffsetDateTime.parse("2026-03-04T09:15:30.250+01:00");

  /** Everything an agent could try to leave its cell with. */
  static final String HOSTILE =
      "</pre></td><script>alert('x')</script><img src=x onerror=\"alert(1)\"> ]]> <!-- &amp; "
          + "\u001b[2J\u001b]8;;https://evil.example\u0007 \u202Egnp.exe\u2066 \u0000 \uD800 "
          + "\u200Bzero \u0085 \uFFFE REHEARSAL? PARALLEL: confirmed";

  private static final List<String> TITLES =
      List.of(
          "Name three rivers of Finland", "Sort the list and say how", "Explain tides in a line");

  private SampleProofs() {}

  /** Three and three, all well, in rehearsal. */
  static Proof confirmedRehearsal() {
    List<Proof.Phase> phases =
        List.of(
            sequential("seq-1", 1, 0, durations(3, 1)), parallel("par-1", 1, 9.7, durations(3, 2)));
    return proof("r-2026-03-04-0915", true, "completed", 3, phases, verdict(true));
  }

  /** The figures of the example that fixed the form of the text. */
  static Proof example() {
    String[] sessions = {"xxx-xxx", "yyy-yyy", "zzz-zzz", "aaa-aaa", "bbb-bbb", "ccc-ccc"};
    double[] spawns = {0, 14.07, 29.76, 0, 0, 0};
    double[] durations = {14.07, 15.69, 14.33, 16.84, 15.2, 9.91};
    List<Proof.Attempt> attempts = new ArrayList<>();
    for (int i = 0; i < sessions.length; i++) {
      String name = (i < 3 ? "seq-1-" : "par-1-") + i % 3;
      Proof.Attempt a = attempt(name, i % 3, spawns[i], durations[i], Outcome.SUCCEEDED, 1);
      attempts.add(withSession(a, sessions[i]));
    }
    List<Proof.Phase> phases =
        List.of(
            phase("seq-1", 1, "sequential", 0, attempts.subList(0, 3)),
            phase("par-1", 1, "parallel", 44.2, attempts.subList(3, 6)));
    Proof p = proof("example", false, "completed", 3, phases, verdict(false));
    return copy(p, false, phases, verdict(false), null);
  }

  private static Proof.Attempt withSession(Proof.Attempt attempt, String session) {
    return Rewritten.strings(attempt, text -> text.equals(attempt.sessionId()) ? session : text);
  }

  /** All attempts with that credential. */
  static Proof withCredential(Proof proof, Proof.Credential credential) {
    return Rewritten.values(proof, value -> value instanceof Proof.Credential ? credential : value);
  }

  /** Every text of a proof another one: whatever its source, none may do harm. */
  static Proof rewritten(Proof proof, UnaryOperator<String> change) {
    return Rewritten.strings(proof, change);
  }

  /** The same against a real endpoint: nothing of it is a rehearsal. */
  static Proof confirmedConsistent() {
    Proof p = confirmedRehearsal();
    return copy(p, false, p.phases(), verdict(false), null);
  }

  /** Fails of many kinds, and an agent that attacks the report. */
  static Proof refutedHostile() {
    List<Proof.Attempt> attempts = new ArrayList<>();
    Outcome[] outcomes = {
      Outcome.SUCCEEDED, Outcome.RATE_LIMITED, Outcome.VERIFICATION_FAILED, Outcome.TIMED_OUT
    };
    double at = 0.02;
    for (int i = 0; i < outcomes.length; i++) {
      Proof.Attempt a = attempt("par-1-" + i, i, at, 2.4 + i, outcomes[i], 1);
      attempts.add(i == 1 ? hostile(a) : a);
      at += 2.4 + i + 0.05;
    }
    List<Proof.Phase> phases =
        List.of(
            sequential("seq-1", 1, 0, durations(4, 3)),
            phase("par-1", 1, "parallel", 13.2, attempts));
    Verdict verdict =
        new Verdict(
            Verdict.Parallel.REFUTED,
            "At most 1 attempt ran at once, of 4 asked for; wall speedup 0.81 is at most 1.20.",
            Verdict.Calls.UNVERIFIED,
            "1 of 8 attempts lacks a cost; the endpoint is not the provider’s own.");
    Proof p = proof("refuted <b>run</b>", false, "completed", 4, phases, verdict);
    return copy(p, false, phases, verdict, null);
  }

  /** Six rounds, enough for intervals. */
  static Proof sixRounds() {
    List<Proof.Phase> phases = new ArrayList<>();
    double at = 0;
    for (int round = 1; round <= 6; round++) {
      Proof.Phase s = sequential("seq-" + round, round, at, durations(3, 10 + round));
      at += s.wallSeconds() + 0.2;
      Proof.Phase p = parallel("par-" + round, round, at, durations(3, 20 + round));
      at += p.wallSeconds() + 0.2;
      phases.addAll(round % 2 == 0 ? List.of(p, s) : List.of(s, p));
    }
    Proof p = proof("six-rounds", true, "completed", 3, phases, verdict(true));
    return copy(
        p,
        true,
        phases,
        p.verdict(),
        new Proof.Intervals(6, 0.95, 2.71, 2.52, 2.92, 2.49, null, 0.03125, 1.12, false));
  }

  /** Two rounds: intervals that only describe. */
  static Proof twoRounds() {
    Proof p = sixRounds();
    return copy(
        p,
        true,
        p.phases().subList(0, 4),
        p.verdict(),
        new Proof.Intervals(2, 0.95, 2.7, 0.9, 8.1, 0.8, 9.2, 0.5, 6.2, true));
  }

  /** So many tasks at once. */
  static Proof wide(int count) {
    List<Proof.Phase> phases =
        List.of(
            sequential("seq-1", 1, 0, durations(count, 4)),
            parallel("par-1", 1, 3.4 * count, durations(count, 5)));
    return proof("wide-" + count, true, "completed", count, phases, verdict(true));
  }

  /** Stopped in the middle of the first phase; hardly anything is known. */
  static Proof interrupted() {
    Proof.Attempt whole = attempt("seq-1-0", 0, 0.01, 3.1, Outcome.SUCCEEDED, 1);
    Proof.Attempt bare =
        new Proof.Attempt(
            "seq-1-1",
            "two",
            null,
            "2",
            TITLES.get(1),
            2,
            null,
            null,
            START.plusSeconds(3),
            3.11,
            3.15,
            null,
            null,
            null,
            4.4,
            null,
            1.25,
            null,
            null,
            NO_TOKENS,
            null,
            null,
            Outcome.LOST,
            "nobody saw the end",
            null,
            9,
            4243,
            null,
            null,
            0,
            0,
            null,
            null,
            null,
            Claims.NONE.missing(),
            Claims.NONE,
            CLAIMED);
    Verdict verdict =
        new Verdict(
            Verdict.Parallel.INCONCLUSIVE,
            "The run was interrupted before the parallel phase.",
            Verdict.Calls.UNVERIFIED,
            "1 of 2 attempts claims nothing.");
    return new Proof(
        "interrupted",
        "prove",
        false,
        "interrupted",
        null,
        START,
        null,
        4.5,
        3,
        1,
        List.of("sequential", "parallel"),
        Map.of(),
        Map.of(),
        "claude",
        null,
        true,
        null,
        List.of(phase("seq-1", 1, "sequential", 0, List.of(whole, bare))),
        null,
        null,
        null,
        null,
        List.of(new Proof.CredentialUse("CLAUDE_CODE_TOKEN", null, 2, null, NO_TOKENS)),
        List.of(
            new Criterion(
                "overlap", Criterion.Status.UNKNOWN, "All ran at once", "no parallel phase")),
        verdict,
        List.of("Stopped by Ctrl-C after 4.5 s."));
  }

  /** Six tasks in two places: each as long as in twos, and so the factor is above two. */
  static Proof turns() {
    Proof p = wide(6);
    Proof.Comparison c = p.comparison();
    return planned(
        p,
        2,
        new Proof.Comparison(
            c.sequentialSumSeconds(),
            c.sequentialWallSeconds(),
            c.parallelMaxSeconds(),
            3 * c.parallelWallSeconds(),
            c.speedup(),
            c.wallSpeedup() / 3,
            2,
            c.speedup() / 2),
        "claude",
        "2.0.1",
        1,
        "sequential",
        "parallel");
  }

  /** The first sample's figures under another plan. */
  static Proof planned(String agent, @Nullable String version, int rounds, String... order) {
    Proof p = confirmedConsistent();
    return planned(p, p.parallel(), p.comparison(), agent, version, rounds, order);
  }

  private static Proof planned(
      Proof p,
      int parallel,
      Proof.@Nullable Comparison comparison,
      String agent,
      @Nullable String version,
      int rounds,
      String... order) {
    return new Proof(
        p.run(),
        p.kind(),
        p.rehearsal(),
        p.status(),
        p.endpoint(),
        p.startedAt(),
        p.endedAt(),
        p.wallSeconds(),
        parallel,
        rounds,
        List.of(order),
        p.limits(),
        p.environment(),
        agent,
        version,
        p.credentialsReused(),
        p.gateway(),
        p.phases(),
        p.tree(),
        comparison,
        p.waterfall(),
        p.intervals(),
        p.credentials(),
        p.criteria(),
        p.verdict(),
        p.notes());
  }

  /** A journal with a beginning only. */
  static Proof empty() {
    Proof p = interrupted();
    return copy(p, false, List.of(), p.verdict(), null);
  }

  private static final Proof.Tokens NO_TOKENS = new Proof.Tokens(null, null, null, null);

  private static double[] durations(int count, long seed) {
    return new Random(seed).doubles(count, 2.8, 3.6).toArray();
  }

  private static Proof.Phase sequential(String name, int round, double start, double[] durations) {
    List<Proof.Attempt> attempts = new ArrayList<>();
    double at = 0.012;
    for (int i = 0; i < durations.length; i++) {
      attempts.add(attempt(name + "-" + i, i, at, durations[i], Outcome.SUCCEEDED, 1));
      at += durations[i] + 0.02;
    }
    return phase(name, round, "sequential", start, attempts);
  }

  private static Proof.Phase parallel(String name, int round, double start, double[] durations) {
    List<Proof.Attempt> attempts = new ArrayList<>();
    for (int i = 0; i < durations.length; i++) {
      double at = 0.012 + i * 0.004;
      attempts.add(attempt(name + "-" + i, i, at, durations[i], Outcome.SUCCEEDED, 1));
    }
    return phase(name, round, "parallel", start, attempts);
  }

  private static Proof.Phase phase(
      String name, int round, String mode, double start, List<Proof.Attempt> attempts) {
    double[] spans = attempts.stream().mapToDouble(Proof.Attempt::durationSeconds).toArray();
    double end = attempts.stream().mapToDouble(Proof.Attempt::exitSeconds).max().orElse(0) + 0.03;
    double sum = 0;
    double max = 0;
    for (double span : spans) {
      sum += span;
      max = Math.max(max, span);
    }
    double overhead = end - (mode.equals("parallel") ? max : sum);
    return new Proof.Phase(
        name,
        round,
        mode,
        START.plusNanos((long) (start * 1e9)),
        start,
        end,
        sum,
        max,
        overhead,
        concurrency(attempts, end),
        null,
        attempts);
  }

  private static Proof.Concurrency concurrency(List<Proof.Attempt> attempts, double end) {
    record Change(double at, int by) {}
    List<Change> changes = new ArrayList<>();
    for (Proof.Attempt a : attempts) {
      changes.add(new Change(a.spawnSeconds(), 1));
      changes.add(new Change(a.exitSeconds(), -1));
    }
    changes.sort(Comparator.comparingDouble(Change::at).thenComparingInt(Change::by));
    List<Proof.Step> steps = new ArrayList<>(List.of(new Proof.Step(0, 0)));
    int running = 0;
    int greatest = 0;
    double area = 0;
    double all = 0;
    double last = 0;
    for (Change change : changes) {
      area += running * (change.at() - last);
      all += running == attempts.size() ? change.at() - last : 0;
      running += change.by();
      greatest = Math.max(greatest, running);
      last = change.at();
      steps.add(new Proof.Step(last, running));
    }
    return new Proof.Concurrency(greatest, area / end, all / end, steps);
  }

  private static Proof.Attempt attempt(
      String name, int task, double spawn, double duration, Outcome outcome, int number) {
    double exit = spawn + duration;
    boolean limited = outcome == Outcome.RATE_LIMITED;
    boolean succeeded = outcome == Outcome.SUCCEEDED;
    String id =
        String.format("3f2b8c1%d-7a4e-4d0b-9c55-%012d", task % 10, Math.abs(name.hashCode()));
    Proof.Tokens tokens = new Proof.Tokens(12L + task, 240L + 7 * task, 18_300L, 1_204L);
    Claims claims =
        new Claims(
            id,
            (long) (duration * 1000),
            (long) (duration * 930),
            0.0312,
            tokens.input(),
            tokens.output(),
            tokens.cacheRead(),
            tokens.cacheCreation(),
            "claude-sonnet-4-5",
            2,
            "Kemijoki, Oulujoki and Vuoksi.",
            !succeeded,
            "success",
            null,
            null,
            0,
            "2.0.1",
            null);
    String token = "CLAUDE_CODE_TOKEN" + (task == 0 ? "" : Integer.toString(task % 3));
    return new Proof.Attempt(
        name,
        "task-" + (task + 1),
        null,
        name.startsWith("par") ? letters(task + 1) : Integer.toString(task + 1),
        TITLES.get(task % 3),
        number,
        new Proof.Credential(token, fingerprint(task % 3), null, fingerprint(task % 3)),
        id,
        START.plusNanos((long) (spawn * 1e9)),
        0.004,
        spawn,
        spawn + 0.41,
        succeeded || limited ? exit - 0.08 : null,
        exit - 0.05,
        exit,
        succeeded ? exit + 0.006 : null,
        duration,
        (long) (duration * 930),
        0.0312,
        tokens,
        "claude-sonnet-4-5",
        2,
        outcome,
        succeeded ? "the answer holds" : "HTTP 429: the credential is at its limit until 10:00",
        outcome == Outcome.TIMED_OUT ? null : succeeded ? 0 : 1,
        outcome == Outcome.TIMED_OUT ? 15 : null,
        4200 + task,
        0.84,
        187_432_960L,
        limited ? 1_400 : 0,
        limited ? 1_200 : 0,
        "Kemijoki, Oulujoki and Vuoksi.",
        succeeded ? Boolean.TRUE : null,
        new Proof.Artifact(
            "answer.txt", succeeded, succeeded ? "34 bytes, as asked" : "the file is not there"),
        List.of(),
        claims,
        CLAIMED);
  }

  private static String fingerprint(int credential) {
    return "4c1f9ab07e3" + credential;
  }

  private static String letters(int number) {
    String last = Character.toString('A' + (number - 1) % 26);
    return number <= 26 ? last : letters((number - 1) / 26) + last;
  }

  private static Proof.Attempt hostile(Proof.Attempt a) {
    return new Proof.Attempt(
        a.name(),
        a.task(),
        a.parent(),
        a.label(),
        HOSTILE,
        2,
        a.credential(),
        HOSTILE,
        a.startedAt(),
        a.scheduledSeconds(),
        a.spawnSeconds(),
        a.firstByteSeconds(),
        a.responseSeconds(),
        a.lastOutputSeconds(),
        a.exitSeconds(),
        null,
        a.durationSeconds(),
        null,
        null,
        NO_TOKENS,
        HOSTILE,
        null,
        a.outcome(),
        HOSTILE,
        a.exitCode(),
        a.signal(),
        a.pid(),
        null,
        null,
        a.retryWaitMs(),
        a.rateLimitWaitMs(),
        HOSTILE + "x".repeat(50_000),
        false,
        new Proof.Artifact(HOSTILE, false, HOSTILE),
        Claims.NONE.missing(),
        Claims.NONE,
        a.evidence());
  }

  private static Verdict verdict(boolean rehearsal) {
    return new Verdict(
        Verdict.Parallel.CONFIRMED,
        "All attempts ran at once, and the wall speedup is above 0.6 of the most possible.",
        rehearsal ? Verdict.Calls.REHEARSAL : Verdict.Calls.CONSISTENT,
        rehearsal
            ? "The answers came from the rehearsal server."
            : "All that the agents claim fits together, but nobody else saw the calls.");
  }

  private static Proof proof(
      String run, boolean rehearsal, String status, int n, List<Proof.Phase> phases, Verdict v) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("regatta", "0.1.0");
    environment.put("java", "25.0.1");
    environment.put("system", "Linux 6.12 amd64");
    environment.put("cores", "2");
    environment.put("memory", "7.8 GiB, 5.1 GiB free");
    environment.put("load", "0.42 0.61 0.58");
    Map<String, Double> limits = new LinkedHashMap<>();
    limits.put("timeout", 300.0);
    limits.put("stall", 60.0);
    List<Proof.CredentialUse> uses = new ArrayList<>();
    for (int i = 0; i < Math.min(3, n); i++) {
      uses.add(
          new Proof.CredentialUse(
              "CLAUDE_CODE_TOKEN" + (i == 0 ? "" : Integer.toString(i)),
              fingerprint(i),
              2,
              0.0624,
              new Proof.Tokens(24L, 494L, 36_600L, 2_408L)));
    }
    double sum = total(phases, "sequential", true);
    double max =
        phases.stream()
            .filter(p -> p.mode().equals("parallel"))
            .mapToDouble(Proof.Phase::maxSeconds)
            .sum();
    double wall = total(phases, "sequential", false) / total(phases, "parallel", false);
    Proof.Comparison comparison =
        new Proof.Comparison(
            sum,
            total(phases, "sequential", false),
            max,
            total(phases, "parallel", false),
            sum / max,
            wall,
            n,
            sum / max / n);
    return new Proof(
        run,
        "demo",
        rehearsal,
        status,
        "http://127.0.0.1:41873",
        START,
        START.plusSeconds(14),
        14.2,
        n,
        phases.getLast().round(),
        List.of("sequential", "parallel"),
        limits,
        environment,
        "claude",
        "2.0.1",
        false,
        null,
        phases,
        null,
        comparison,
        waterfall(n, wall),
        null,
        uses,
        criteria(),
        v,
        List.of("Load and cores are what they were when the run began."));
  }

  private static double total(List<Proof.Phase> phases, String mode, boolean sums) {
    return phases.stream()
        .filter(p -> p.mode().equals(mode))
        .mapToDouble(p -> sums ? p.sumSeconds() : p.wallSeconds())
        .sum();
  }

  private static Proof.Waterfall waterfall(int n, double wall) {
    double lost = n - wall;
    return new Proof.Waterfall(
        List.of(
            new Proof.WaterfallStep("ideal", 0, n, "All " + n + " at once, each as fast as alone."),
            new Proof.WaterfallStep(
                "schedule loss",
                -0.6 * lost,
                n - 0.6 * lost,
                "The longest attempt is longer than the average one."),
            new Proof.WaterfallStep(
                "queue wait",
                -0.1 * lost,
                n - 0.7 * lost,
                "Attempts waited 0.012 s for their start."),
            new Proof.WaterfallStep(
                "retry and rate-limit wait",
                -0.5 * lost,
                n - 1.2 * lost,
                "Waits before repeated calls."),
            new Proof.WaterfallStep(
                "latency inflation", 0.2 * lost, wall, "Attempts were faster together than alone."),
            new Proof.WaterfallStep("speedup", 0, wall, "Sequential wall ÷ parallel wall.")));
  }

  private static List<Criterion> criteria() {
    return List.of(
        new Criterion(
            "session-ids-unique",
            Criterion.Status.PASS,
            "Every session id is unique",
            "6 ids, all different"),
        new Criterion(
            "claims-complete",
            Criterion.Status.FAIL,
            "Every attempt carries id, API time, cost and tokens",
            "1 of 6 lacks a cost"),
        new Criterion(
            "challenge-answered",
            Criterion.Status.UNKNOWN,
            "Every challenge was answered",
            "no challenge was asked"));
  }

  private static Proof copy(
      Proof p, boolean rehearsal, List<Proof.Phase> phases, Verdict v, Proof.Intervals intervals) {
    return new Proof(
        p.run(),
        p.kind(),
        rehearsal,
        p.status(),
        p.endpoint(),
        p.startedAt(),
        p.endedAt(),
        p.wallSeconds(),
        p.parallel(),
        p.rounds(),
        p.order(),
        p.limits(),
        p.environment(),
        p.agent(),
        p.agentVersion(),
        p.credentialsReused(),
        p.gateway(),
        phases,
        p.tree(),
        p.comparison(),
        p.waterfall(),
        intervals,
        p.credentials(),
        p.criteria(),
        v,
        p.notes());
  }
}
