package dev.regatta.ensemble;

import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialPool;
import dev.regatta.journal.Entry;
import dev.regatta.journal.JournalReader;
import dev.regatta.run.Run;
import dev.regatta.run.RunFolder;
import dev.regatta.run.RunOpening;
import dev.regatta.run.RunSettings;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of the same prompt to many, derived from the run's journal alone.
 *
 * @param run the run's id
 * @param status how it ended; {@code running} while its orchestrator lives, {@code lost} when the
 *     journal just stops
 * @param rehearsal whether it was a rehearsal
 * @param startedAt wall clock at the start
 * @param prompt what each was asked
 * @param pick the criterion's word, or {@code all}
 * @param rubric what the judge went by, or null
 * @param judge who judged, or null
 * @param candidates all of them, in the order of the instances
 * @param judgements what the judge said, in the order it did
 * @param choices what each criterion that was asked for picks
 * @param statistics figures of all of them
 * @param wallSeconds from when the instances were ready to when the last of them had ended, or null
 *     if none began
 * @param slowestSeconds the longest any of them took, be it without success, or null likewise
 * @param notes what a reader must know
 */
public record Ensemble(
    String run,
    String status,
    boolean rehearsal,
    OffsetDateTime startedAt,
    String prompt,
    String pick,
    @Nullable String rubric,
    @Nullable String judge,
    List<Candidate> candidates,
    List<Judgement> judgements,
    List<Choice> choices,
    Statistics statistics,
    @Nullable Double wallSeconds,
    @Nullable Double slowestSeconds,
    List<String> notes) {

  /** Copies. */
  public Ensemble {
    candidates = List.copyOf(candidates);
    judgements = List.copyOf(judgements);
    choices = List.copyOf(choices);
    notes = List.copyOf(notes);
  }

  /**
   * Asks, and waits for the answers: all that {@code regatta ask} does but for what it shows. The
   * run's folder is made below {@code opening.home()}, and stays.
   *
   * @param opening home, clock, environment and the order to stop; its kind should be {@link #KIND}
   * @param plan what is asked of whom, and what picks
   * @param settings the agents by name, their permissions and limits
   * @param credentials for the agents' providers; none for agents that need none
   * @throws dev.regatta.git.GitProblem if instances can't have worktrees
   * @throws InterruptedException if this thread is interrupted; what runs is stopped before
   */
  public static Ensemble ask(
      RunOpening opening, EnsemblePlan plan, RunSettings settings, List<Credential> credentials)
      throws InterruptedException {
    SecureRandom random = new SecureRandom();
    String id = RunOpening.freshId(opening.clock(), random);
    RunFolder folder = RunFolder.prepare(opening.home().resolve("runs").resolve(id), List.of());
    Optional<CredentialPool> pool =
        credentials.isEmpty()
            ? Optional.empty()
            : Optional.of(new CredentialPool(credentials, InstantSource.system()));
    try (Run run = opening.open(id, folder)) {
      boolean whole =
          new EnsembleRun(run, opening.home(), plan, settings, pool, InstantSource.system(), random)
              .carryOut();
      run.end(whole ? "completed" : "interrupted");
    }
    folder.recordManifest(List.of());
    return of(JournalReader.read(folder.journal()).entries(), false);
  }

  /** The kind of its runs, as in a journal's first line. */
  public static final String KIND = "ask";

  /**
   * Derives it from a journal's lines.
   *
   * @param alive whether its orchestrator still runs
   */
  public static Ensemble of(List<Entry> entries, boolean alive) {
    return new EnsembleDerivation(entries, alive).ensemble();
  }

  /** What the one criterion chose that was asked for; empty if it was {@code all}. */
  public Optional<Choice> choice() {
    return pick.equals(EnsemblePlan.ALL) ? Optional.empty() : choices.stream().findFirst();
  }

  /** The candidate that is picked; empty if none is. */
  public Optional<Candidate> picked() {
    return choice()
        .map(Choice::picked)
        .flatMap(number -> candidates.stream().filter(each -> each.number() == number).findFirst());
  }
}
