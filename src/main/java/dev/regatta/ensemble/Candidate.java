package dev.regatta.ensemble;

import dev.regatta.journal.Outcome;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An instance and what came of it. Seconds are elapsed time; what is not known is null, or empty.
 *
 * @param instance what was asked of whom
 * @param attempts how many tries it had
 * @param outcome how the last one ended, or null if none began, or it runs
 * @param reason why, in one line for people
 * @param answer the text of the answer
 * @param answeredBy the model that answered, as the agent claims
 * @param sessionId the agent's session id
 * @param credential name of the credential it had
 * @param fingerprint fingerprint of that
 * @param exitCode the exit code
 * @param seconds from its first start to its last end, of all its tries
 * @param firstOutputSeconds from its first start to its first output
 * @param inputTokens tokens read in all its tries, as the agent claims
 * @param outputTokens tokens generated likewise
 * @param costUsd of all its tries, US dollars
 * @param costFromPrices whether some of that is worked out from list prices, as the agent claims
 *     none
 * @param checks what was run on its answer
 * @param output where what it printed is kept, relative to the run's folder, or null
 * @param folder what became of the folder it worked in, if it had one of its own
 */
public record Candidate(
    Instance instance,
    int attempts,
    @Nullable Outcome outcome,
    String reason,
    Optional<String> answer,
    @Nullable String answeredBy,
    @Nullable String sessionId,
    @Nullable String credential,
    @Nullable String fingerprint,
    @Nullable Integer exitCode,
    @Nullable Double seconds,
    @Nullable Double firstOutputSeconds,
    @Nullable Long inputTokens,
    @Nullable Long outputTokens,
    @Nullable Double costUsd,
    boolean costFromPrices,
    List<Check> checks,
    @Nullable String output,
    Optional<Scratch> folder) {

  /** Copies. */
  public Candidate {
    checks = List.copyOf(checks);
  }

  /**
   * One command that was run on an answer.
   *
   * @param command for the shell
   * @param outcome how it ended, or null if it never began or its end was not seen
   * @param exitCode its exit code, or null
   * @param seconds how long it took, or null
   * @param output where what it printed is kept, relative to the run's folder, or null
   */
  public record Check(
      String command,
      @Nullable Outcome outcome,
      @Nullable Integer exitCode,
      @Nullable Double seconds,
      @Nullable String output) {
    /** Whether it ended with 0, in time. */
    public boolean passed() {
      return outcome == Outcome.SUCCEEDED;
    }
  }

  /**
   * The folder it worked in.
   *
   * @param path where it is, or was
   * @param kept whether it is there
   * @param ref the git ref that holds what was changed in it, or null
   * @param reason why, in one line
   */
  public record Scratch(String path, boolean kept, @Nullable String ref, String reason) {}

  /**
   * One that was collected elsewhere: nothing is known of it but this.
   *
   * @param succeeded whether it may be picked
   * @param seconds from its start to its end
   */
  public static Candidate of(Instance instance, boolean succeeded, String answer, double seconds) {
    return new Candidate(
        instance,
        1,
        succeeded ? Outcome.SUCCEEDED : Outcome.AGENT_ERROR,
        "",
        Optional.of(answer),
        null,
        null,
        null,
        null,
        null,
        seconds,
        null,
        null,
        null,
        null,
        false,
        List.of(),
        null,
        Optional.empty());
  }

  /** The same with what was run on its answer. */
  Candidate with(List<Check> run) {
    return new Candidate(
        instance,
        attempts,
        outcome,
        reason,
        answer,
        answeredBy,
        sessionId,
        credential,
        fingerprint,
        exitCode,
        seconds,
        firstOutputSeconds,
        inputTokens,
        outputTokens,
        costUsd,
        costFromPrices,
        run,
        output,
        folder);
  }

  /** Its number. */
  public int number() {
    return instance.number();
  }

  /** Whether it may be picked: it succeeded, and said something. */
  public boolean eligible() {
    return outcome == Outcome.SUCCEEDED && answer.isPresent() && !answer.get().isBlank();
  }

  /** Its answer; empty if it has none. */
  public String text() {
    return answer.orElse("");
  }

  /** What people look for it under: the model that answered, or was asked for, or the agent. */
  public String model() {
    return answeredBy == null ? instance.model().orElse(instance.agent()) : answeredBy;
  }
}
