package dev.regatta.experiment;

import dev.regatta.evidence.Criterion;
import dev.regatta.evidence.Disagreement;
import dev.regatta.evidence.Level;
import dev.regatta.evidence.ServingMetrics;
import dev.regatta.evidence.Verdict;
import dev.regatta.journal.Claims;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Outcome;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All that a proof of parallel execution says, derived from the journal alone.
 *
 * <p>Seconds with the suffix {@code Seconds} inside a phase are elapsed time since that phase's
 * start on the monotonic clock; {@code startedAt}, {@code endedAt} are wall-clock times.
 *
 * @param run the run's id
 * @param kind the command: {@code prove} or {@code demo}
 * @param rehearsal whether an answer or the endpoint is a rehearsal server's
 * @param status {@code completed}, {@code interrupted}, {@code failed}, {@code running}, or {@code
 *     lost} when the journal just stops
 * @param endpoint base URL of the model API, or null
 * @param startedAt wall clock at the run's origin
 * @param endedAt wall clock at the run's end, or null when it was not seen
 * @param wallSeconds elapsed time of the whole run, all phases and gaps
 * @param parallel how many at once were asked for: N
 * @param rounds number of rounds planned
 * @param order planned order of the phases' modes
 * @param limits time limits, seconds, by name
 * @param environment versions, cores, memory, load
 * @param agent the agent's name
 * @param agentVersion its version, or null
 * @param credentialsReused whether credentials had to serve more than one task at once
 * @param gateway what stood between the agents and the model API, or null
 * @param phases the phases in the order in which they ran
 * @param tree of a tree of agents, what it took; null of anything else
 * @param comparison sequential against parallel, or null while one of them is missing
 * @param waterfall the parts of the speedup, or null like the comparison
 * @param intervals confidence intervals over the rounds, or null with one round
 * @param credentials cost and tokens per credential
 * @param criteria what was checked
 * @param verdict what it comes to
 * @param notes what a reader must know
 */
public record Proof(
    String run,
    String kind,
    boolean rehearsal,
    String status,
    @Nullable String endpoint,
    OffsetDateTime startedAt,
    @Nullable OffsetDateTime endedAt,
    double wallSeconds,
    int parallel,
    int rounds,
    List<String> order,
    Map<String, Double> limits,
    Map<String, String> environment,
    String agent,
    @Nullable String agentVersion,
    boolean credentialsReused,
    @Nullable Gateway gateway,
    List<Phase> phases,
    @Nullable Tree tree,
    @Nullable Comparison comparison,
    @Nullable Waterfall waterfall,
    @Nullable Intervals intervals,
    List<CredentialUse> credentials,
    List<Criterion> criteria,
    Verdict verdict,
    List<String> notes) {
  /** The mode of a phase in which agents start agents. */
  public static final String TREE = "tree";

  /** The status of a run, and the standing of an attempt, that has not ended. */
  public static final String RUNNING = "running";

  /**
   * The most attempts that a parallel phase had. Above N they took turns, and the longest of them
   * is shorter than their phase.
   */
  public int parallelAttempts() {
    return phases.stream()
        .filter(phase -> phase.mode().equals("parallel"))
        .mapToInt(phase -> phase.attempts().size())
        .max()
        .orElse(0);
  }

  /**
   * The gateway that saw the calls.
   *
   * @param upstream the base URL that it sent requests on to
   * @param ownAuthority whether certificates of an authority that the user named were believed
   * @param proxy the proxy through which it went, or null
   * @param refused how many requests it let not through
   * @param pricesDated the day of the prices that costs are compared with, or null
   */
  public record Gateway(
      String upstream,
      boolean ownAuthority,
      @Nullable String proxy,
      int refused,
      @Nullable String pricesDated) {}

  /**
   * One phase.
   *
   * @param name its name within the run
   * @param round 1-based
   * @param mode {@code sequential}, {@code parallel} or {@code tree}
   * @param startedAt wall clock at its start
   * @param startSeconds its start since the run's origin, seconds: never mixed with a task's times
   * @param wallSeconds its length, until its end or the last thing that is known
   * @param sumSeconds sum of its attempts' durations, or null while the end of one is not known
   * @param maxSeconds its longest attempt, or null likewise
   * @param overheadSeconds its length less its longest attempt (parallel) or less the sum
   *     (sequential), or null likewise; a tree is like a parallel phase
   * @param concurrency how many ran at once, over time
   * @param wire how the calls overlapped, or null if nobody saw them
   * @param attempts the attempts in the order of the tasks
   */
  public record Phase(
      String name,
      int round,
      String mode,
      OffsetDateTime startedAt,
      double startSeconds,
      double wallSeconds,
      @Nullable Double sumSeconds,
      @Nullable Double maxSeconds,
      @Nullable Double overheadSeconds,
      Concurrency concurrency,
      @Nullable Wire wire,
      List<Attempt> attempts) {}

  /**
   * How the calls of a phase overlapped, as the gateway saw them.
   *
   * @param open the greatest number open at once
   * @param average open on average over the phase's wall time: the parallelism of API time
   * @param meanSeconds mean length of a call
   */
  public record Wire(int open, double average, double meanSeconds) {}

  /**
   * How many attempts ran at once: a sweep over half-open intervals [spawn, exit), departures first
   * on ties.
   *
   * @param greatest the greatest number at once
   * @param average time-weighted average over the phase's wall time: average parallelism
   * @param shareAll share of the phase's wall time with all N at once, 0 to 1
   * @param steps the number at each change
   */
  public record Concurrency(int greatest, double average, double shareAll, List<Step> steps) {}

  /**
   * From this time on so many ran.
   *
   * @param seconds since the phase's start
   * @param running how many
   */
  public record Step(double seconds, int running) {}

  /**
   * One attempt.
   *
   * @param name its name within the run
   * @param task the task's name
   * @param parent the attempt whose agent asked for it, or null if the plan did
   * @param label what the text report calls it: {@code 1}, {@code 2} … or {@code A}, {@code B} …;
   *     in a tree its place, for example {@code 2.1}
   * @param title the first words of its prompt
   * @param number 1-based count of the task's attempts in this phase
   * @param credential name and fingerprint of the assigned credential, or null
   * @param sessionId the agent's session id
   * @param startedAt wall clock at spawn
   * @param scheduledSeconds when it was ready
   * @param spawnSeconds when its process was asked for
   * @param firstByteSeconds first output
   * @param responseSeconds when the API's response (the result) was received
   * @param lastOutputSeconds last output
   * @param exitSeconds when its process had exited, or null when nobody saw it
   * @param verifiedSeconds when its file had been checked
   * @param durationSeconds exit less spawn, or null likewise
   * @param apiDurationMs as the agent claims
   * @param costUsd as the agent claims
   * @param tokens as the agent claims
   * @param model as the agent claims
   * @param turns as the agent claims
   * @param outcome how it ended, or null while it runs
   * @param reason why
   * @param exitCode exit code, or null
   * @param signal signal number, or null
   * @param pid process id
   * @param cpuSeconds CPU time of its process tree
   * @param peakMemoryBytes largest resident set
   * @param retryWaitMs waits before repeated API calls, 429 included
   * @param rateLimitWaitMs the part for 429
   * @param result text of the answer
   * @param challengePassed whether the challenge came back, or null when it was not asked or not
   *     checked
   * @param artifact what the check of its file found, or null
   * @param missing names of the fields the agent did not give
   * @param claims the claims whole
   * @param evidence how much of them others saw
   */
  public record Attempt(
      String name,
      String task,
      @Nullable String parent,
      String label,
      String title,
      int number,
      @Nullable Credential credential,
      @Nullable String sessionId,
      OffsetDateTime startedAt,
      double scheduledSeconds,
      double spawnSeconds,
      @Nullable Double firstByteSeconds,
      @Nullable Double responseSeconds,
      @Nullable Double lastOutputSeconds,
      @Nullable Double exitSeconds,
      @Nullable Double verifiedSeconds,
      @Nullable Double durationSeconds,
      @Nullable Long apiDurationMs,
      @Nullable Double costUsd,
      Tokens tokens,
      @Nullable String model,
      @Nullable Integer turns,
      @Nullable Outcome outcome,
      String reason,
      @Nullable Integer exitCode,
      @Nullable Integer signal,
      long pid,
      @Nullable Double cpuSeconds,
      @Nullable Long peakMemoryBytes,
      long retryWaitMs,
      long rateLimitWaitMs,
      @Nullable String result,
      @Nullable Boolean challengePassed,
      @Nullable Artifact artifact,
      List<String> missing,
      Claims claims,
      Evidence evidence) {

    /** The outcome's word, or that it runs. */
    public String standing() {
      return outcome == null ? RUNNING : outcome.word();
    }
  }

  /**
   * How much of what an attempt says others saw.
   *
   * @param level how much is corroborated
   * @param disagreements who says something else, each with both values
   * @param transcriptMessages messages in the agent's own files, or null if it left none
   * @param calls its exchanges with the model API that the gateway saw
   */
  public record Evidence(
      Level level,
      List<Disagreement> disagreements,
      @Nullable Integer transcriptMessages,
      List<Call> calls) {}

  /**
   * One exchange with the model API, as the gateway saw it. Seconds count from the phase's start.
   *
   * @param number counts the run's exchanges
   * @param path what was asked for
   * @param status the HTTP status, or null if no response began
   * @param requestId the API's id of the request
   * @param messageId the message's id
   * @param model the model that answered
   * @param startSeconds the request began
   * @param firstByteSeconds the response began
   * @param firstTokenSeconds the first generated text came
   * @param endSeconds it was over
   * @param tokens as the response counts them
   * @param metrics how quickly it was answered
   * @param host who was asked
   * @param tls version of TLS, or null without
   * @param ending how it ended
   * @param rehearsal whether the response carried the rehearsal server's mark
   */
  public record Call(
      long number,
      String path,
      @Nullable Integer status,
      @Nullable String requestId,
      @Nullable String messageId,
      @Nullable String model,
      double startSeconds,
      @Nullable Double firstByteSeconds,
      @Nullable Double firstTokenSeconds,
      double endSeconds,
      Tokens tokens,
      ServingMetrics metrics,
      @Nullable String host,
      @Nullable String tls,
      Exchange.Ending ending,
      boolean rehearsal) {}

  /**
   * The credential an attempt was given.
   *
   * @param name its name
   * @param fingerprint fingerprint of the assigned value
   * @param placeholderFingerprint fingerprint of what its process was to get in place of it, where
   *     a gateway puts it in; or null
   * @param givenFingerprint fingerprint of the value in the environment that the child really got,
   *     or null
   */
  public record Credential(
      String name,
      @Nullable String fingerprint,
      @Nullable String placeholderFingerprint,
      @Nullable String givenFingerprint) {

    /** Whether its process was seen to have another value than it was to have. */
    public boolean differs() {
      String expected = placeholderFingerprint == null ? fingerprint : placeholderFingerprint;
      return givenFingerprint != null && !givenFingerprint.equals(expected);
    }
  }

  /**
   * Token counts as claimed; null where the agent did not give them.
   *
   * @param input without cached ones
   * @param output generated
   * @param cacheRead read from the prompt cache
   * @param cacheCreation written to the prompt cache
   */
  public record Tokens(
      @Nullable Long input,
      @Nullable Long output,
      @Nullable Long cacheRead,
      @Nullable Long cacheCreation) {

    /** All of them together; a count that nobody told stays null. */
    public static Tokens sum(List<Tokens> all) {
      return new Tokens(
          sum(all, Tokens::input),
          sum(all, Tokens::output),
          sum(all, Tokens::cacheRead),
          sum(all, Tokens::cacheCreation));
    }

    private static @Nullable Long sum(List<Tokens> all, Function<Tokens, @Nullable Long> count) {
      Long sum = null;
      for (Tokens each : all) {
        Long told = count.apply(each);
        if (told != null) {
          sum = (sum == null ? 0 : sum) + told;
        }
      }
      return sum;
    }
  }

  /**
   * The file an attempt had to write.
   *
   * @param path relative to the attempt's folder
   * @param passed whether it was as it should be
   * @param detail what was found
   */
  public record Artifact(String path, boolean passed, String detail) {}

  /**
   * Sequential against parallel; with several rounds, of the totals over all of them.
   *
   * @param sequentialSumSeconds sum of the sequential attempts' durations
   * @param sequentialWallSeconds wall time of the sequential phases
   * @param parallelMaxSeconds longest parallel attempt (with rounds: sum of each round's longest)
   * @param parallelWallSeconds wall time of the parallel phases
   * @param speedup sequential sum / parallel maximum, unrounded
   * @param wallSpeedup sequential wall / parallel wall; waterfall, intervals and verdict use this
   *     one
   * @param theoreticalMaximum N
   * @param efficiency speedup / theoretical maximum, a fraction
   */
  public record Comparison(
      double sequentialSumSeconds,
      double sequentialWallSeconds,
      double parallelMaxSeconds,
      double parallelWallSeconds,
      double speedup,
      double wallSpeedup,
      double theoreticalMaximum,
      double efficiency) {}

  /**
   * The speedup taken apart: each step names what the ideal N loses, in order, and where it stands
   * after it.
   *
   * @param steps from ideal N to the wall speedup; the last step's {@code after} is the wall
   *     speedup
   */
  public record Waterfall(List<WaterfallStep> steps) {}

  /**
   * One step of the waterfall.
   *
   * @param name {@code ideal}, {@code schedule loss}, {@code queue wait}, {@code retry and
   *     rate-limit wait}, {@code latency inflation}, {@code speedup}
   * @param change factor's effect on the speedup, negative for a loss
   * @param after the speedup that is left
   * @param explanation what it means, with the figures
   */
  public record WaterfallStep(String name, double change, double after, String explanation) {}

  /**
   * What several rounds say about the wall speedup.
   *
   * @param rounds number of complete pairs
   * @param level the nominal level, 0.95
   * @param geometricMean the estimate from the logs
   * @param tLow lower bound, t interval on log(T_seq / T_par)
   * @param tHigh upper bound
   * @param fiellerLow lower bound of Fieller's interval, or null when it is unbounded
   * @param fiellerHigh upper bound, or null when it is unbounded
   * @param signFlipP exact two-sided sign-flip p of 'no speedup'
   * @param smallestEffect the smallest speedup that could have been told from 1 with power 0.8
   * @param descriptiveOnly true below 6 rounds
   */
  public record Intervals(
      int rounds,
      double level,
      double geometricMean,
      double tLow,
      double tHigh,
      @Nullable Double fiellerLow,
      @Nullable Double fiellerHigh,
      double signFlipP,
      double smallestEffect,
      boolean descriptiveOnly) {}

  /**
   * What was spent on one credential.
   *
   * @param name its name
   * @param fingerprint its fingerprint
   * @param attempts number of attempts
   * @param costUsd sum of the claimed costs
   * @param tokens sums of the claimed tokens; null where none was claimed
   */
  public record CredentialUse(
      String name,
      @Nullable String fingerprint,
      int attempts,
      @Nullable Double costUsd,
      Tokens tokens) {}
}
