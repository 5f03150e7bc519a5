package dev.regatta.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.regatta.agent.CommandAdapter;
import dev.regatta.agent.Permissions;
import dev.regatta.credential.Credential;
import dev.regatta.evidence.Verdict;
import dev.regatta.journal.Event;
import dev.regatta.journal.JournalBroken;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.Outcome;
import dev.regatta.journal.RunClock;
import dev.regatta.process.Limits;
import dev.regatta.run.Cancellation;
import dev.regatta.run.FullDisk;
import dev.regatta.run.Run;
import dev.regatta.run.RunFolder;
import dev.regatta.run.RunOpening;
import dev.regatta.run.Task;
import dev.regatta.run.TaskFile;
import dev.regatta.secret.Redactor;
import dev.regatta.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Proofs with real processes of plain commands. */
@Timeout(60)
class ProofRunTest {
  @TempDir Path home;
  private final Cancellation cancellation = new Cancellation();
  private BiConsumer<Run, Event> watcher = (run, event) -> {};

  @Test
  void theSameTasksRunOneAfterAnotherAndThenAllAtOnce() throws Exception {
    Proof proof = prove(plan(3, 1, List.of(), "sleep", "1.5"));
    assertThat(proof.status()).isEqualTo("completed");
    assertThat(proof.phases())
        .extracting(Proof.Phase::name)
        .containsExactly("r1-sequential", "r1-parallel");
    assertThat(proof.phases().get(0).concurrency().greatest()).isEqualTo(1);
    assertThat(proof.phases().get(1).concurrency().greatest()).isEqualTo(3);
    assertThat(proof.verdict().parallel()).isEqualTo(Verdict.Parallel.CONFIRMED);
    assertThat(proof.verdict().calls())
        .as("a command claims nothing")
        .isEqualTo(Verdict.Calls.UNVERIFIED);
    assertThat(proof.phases().stream().flatMap(phase -> phase.attempts().stream()))
        .extracting(Proof.Attempt::pid)
        .doesNotHaveDuplicates()
        .hasSize(6);
  }

  @Test
  void everyParallelAttemptIsSpawnedBeforeAnyEnds() throws Exception {
    prove(plan(4, 1, List.of(), "sleep", "0.3"));
    List<Event> parallel =
        events().stream()
            .dropWhile(event ->
                !(event instanceof Event.PhaseStarted phase && phase.mode().equals("parallel")))
            .filter(event ->
                event instanceof Event.AttemptStarted || event instanceof Event.AttemptEnded)
            .toList();
    assertThat(parallel.subList(0, 4)).hasOnlyElementsOfType(Event.AttemptStarted.class);
    assertThat(parallel.subList(4, 8)).hasOnlyElementsOfType(Event.AttemptEnded.class);
  }

  @Test
  void roundsAlternateAndTheirOrderIsWrittenDownBeforeTheFirst() throws Exception {
    Proof proof = prove(plan(2, 2, List.of(), "sleep", "0.1"));
    assertThat(proof.order()).containsExactly("sequential", "parallel", "parallel", "sequential");
    assertThat(proof.phases())
        .extracting(Proof.Phase::name)
        .containsExactly("r1-sequential", "r1-parallel", "r2-parallel", "r2-sequential");
    assertThat(proof.intervals()).isNotNull();
    assertThat(proof.intervals().descriptiveOnly()).isTrue();
    assertThat(events().indexOf(first(Event.PlanRecorded.class)))
        .isLessThan(events().indexOf(first(Event.PhaseStarted.class)));
  }

  @Test
  void theIthTaskGetsTheIthCredentialInEachPhaseSeenInItsProcess() throws Exception {
    List<Credential> three = List.of(credential("one"), credential("two"), credential("three"));
    Proof proof = prove(plan(3, 1, three, "sleep", "0.3"));
    for (Proof.Phase phase : proof.phases()) {
      for (int i = 0; i < 3; i++) {
        Proof.Credential used = phase.attempts().get(i).credential();
        assertThat(used.name()).isEqualTo(three.get(i).name());
        assertThat(used.givenFingerprint())
            .isEqualTo(three.get(i).value().fingerprint())
            .isEqualTo(used.fingerprint());
      }
    }
    assertThat(proof.credentialsReused()).isFalse();
  }

  @Test
  void fewerCredentialsThanTasksAreReusedAndThatIsSaid() throws Exception {
    Proof proof = prove(plan(3, 1, List.of(credential("one"), credential("two")), "sleep", "0.3"));
    assertThat(proof.credentialsReused()).isTrue();
    assertThat(proof.notes()).anyMatch(note -> note.startsWith("there are 2 credentials for 3"));
    assertThat(proof.criteria())
        .filteredOn(criterion -> criterion.id().equals("credentials-as-assigned"))
        .singleElement()
        .satisfies(criterion -> assertThat(criterion.detail()).contains("; reused"));
  }

  @Test
  void moreTasksThanPlacesTakeTurns() throws Exception {
    List<ProofTask> tasks = ProofTask.repeated(tasks("sleep", "0.2"), 5);
    Proof proof = prove(plan(tasks, 2, 1, List.of()));
    assertThat(proof.phases().get(1).attempts()).hasSize(5);
    assertThat(proof.phases().get(1).concurrency().greatest()).isEqualTo(2);
    assertThat(proof.notes()).anyMatch(note -> note.startsWith("5 tasks took turns in 2 places"));
  }

  @Test
  void aProgramThatCannotBeStartedProvesNothing() throws Exception {
    Proof proof = prove(plan(3, 1, List.of(), "no-such-program-here"));
    assertThat(proof.verdict().parallel()).isEqualTo(Verdict.Parallel.INCONCLUSIVE);
    assertThat(proof.verdict().parallelReason())
        .isEqualTo("nothing could be started in r1-sequential");
    assertThat(proof.comparison()).isNull();
  }

  @Test
  void attemptsThatFailAreNotRetriedAndProveNothingHoweverTheyOverlap() throws Exception {
    Proof proof = prove(plan(3, 1, List.of(), "sh", "-c", "sleep 0.5; exit 4"));
    assertThat(proof.phases().get(1).concurrency().greatest()).isEqualTo(3);
    assertThat(proof.verdict().parallel()).isEqualTo(Verdict.Parallel.INCONCLUSIVE);
    assertThat(proof.verdict().parallelReason())
        .startsWith("6 of 6 attempts did not succeed (6 agent-error)");
    assertThat(proof.phases().stream().mapToInt(phase -> phase.attempts().size()).sum())
        .isEqualTo(6);
  }

  @Test
  void oneFailureLosesNothingOfTheOthers() throws Exception {
    List<ProofTask> tasks = new ArrayList<>(tasks("sh", "-c", "sleep 0.2; echo fine"));
    tasks.addAll(tasks("sh", "-c", "exit 3"));
    Proof proof = prove(plan(tasks, 2, 1, List.of()));
    assertThat(proof.phases().get(1).attempts())
        .extracting(Proof.Attempt::outcome)
        .containsExactly(Outcome.SUCCEEDED, Outcome.AGENT_ERROR);
    assertThat(home.resolve("out/attempts/r1-parallel-1.out")).hasContent("fine");
  }

  @Test
  void interruptedInTheParallelPhaseItStopsThemAndSaysWhatThereIs() throws Exception {
    watcher =
        (run, event) -> {
          if (event instanceof Event.AttemptStarted started
              && started.attempt().equals("r1-parallel-3")) {
            cancellation.request();
          }
        };
    Proof proof =
        prove(
            plan(
                3,
                1,
                List.of(),
                "sh",
                "-c",
                "case $PWD in *sequential*) ;; *) exec sleep 310.5 ;; esac"));
    assertThat(proof.status()).isEqualTo("interrupted");
    assertThat(proof.phases().get(0).attempts()).allMatch(at -> at.outcome() == Outcome.SUCCEEDED);
    assertThat(proof.phases().get(1).attempts()).allMatch(at -> at.outcome() == Outcome.CANCELLED);
    assertThat(proof.comparison()).isNull();
    assertThat(proof.verdict().parallel()).isEqualTo(Verdict.Parallel.INCONCLUSIVE);
    assertThat(sleeping("310.5")).isZero();
  }

  @Test
  void interruptedInTheSequentialPhaseItStartsNothingMore() throws Exception {
    watcher =
        (run, event) -> {
          if (event instanceof Event.AttemptStarted) {
            cancellation.request();
          }
        };
    Proof proof = prove(plan(3, 1, List.of(), "sleep", "311.5"));
    assertThat(proof.phases()).singleElement();
    assertThat(proof.phases().getFirst().attempts())
        .singleElement()
        .satisfies(attempt -> assertThat(attempt.outcome()).isEqualTo(Outcome.CANCELLED));
    assertThat(sleeping("311.5")).isZero();
  }

  @Test
  void whenAStartFailsThoseThatStartedBeforeAreStoppedToo() {
    watcher =
        (run, event) -> {
          if (event instanceof Event.AttemptStarted started
              && started.attempt().equals("r1-parallel-2")) {
            FullDisk.under(run.folder().journal());
            run.record(new Event.Noted("info", "breaks"));
          }
        };
    List<ProofTask> tasks = ProofTask.repeated(tasks("sleep", "312.5"), 3);
    assertThatExceptionOfType(JournalBroken.class)
        .isThrownBy(() ->
            prove(
                new ProofPlan(
                    tasks,
                    3,
                    1,
                    Order.PARALLEL_FIRST,
                    new CommandAdapter(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    false,
                    Limits.NONE,
                    1,
                    Permissions.LEAST,
                    List.of(),
                    Duration.ZERO)));
    Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> sleeping("312.5") == 0);
    assertThat(ProofDerivation.of(JournalReader.read(journal()).entries()).status())
        .isEqualTo("lost");
  }

  @Test
  void aCommandsAnswerIsWhatItPrinted() throws Exception {
    Proof proof = prove(plan(expecting("echo hello", "    contains: [hello]"), 1, 1, List.of()));
    assertThat(proof.phases().stream().flatMap(phase -> phase.attempts().stream()))
        .extracting(Proof.Attempt::outcome)
        .containsExactly(Outcome.SUCCEEDED, Outcome.SUCCEEDED);
  }

  @Test
  void aCommandThatPrintsSomethingElseFailsItsVerification() throws Exception {
    Proof other = prove(plan(expecting("echo hello", "    contains: [bye]"), 1, 1, List.of()));
    assertThat(other.phases().getFirst().attempts())
        .extracting(Proof.Attempt::outcome)
        .containsExactly(Outcome.VERIFICATION_FAILED);
  }

  @Test
  void expectedFilesAreVerifiedWithTheirTime() throws Exception {
    String files = "    files: [{path: made, contains: [hello]}]";
    Proof proof = prove(plan(expecting("echo hello > made", files), 1, 1, List.of()));
    assertThat(proof.phases().stream().flatMap(phase -> phase.attempts().stream()))
        .hasSize(2)
        .allSatisfy(attempt -> {
          assertThat(attempt.artifact())
              .isEqualTo(new Proof.Artifact("made", true, "is as expected"));
          assertThat(attempt.verifiedSeconds()).isGreaterThanOrEqualTo(attempt.exitSeconds());
        });
    assertThat(proof.criteria())
        .filteredOn(criterion -> criterion.id().equals("files-verified"))
        .singleElement()
        .satisfies(criterion -> assertThat(criterion.detail()).isEqualTo("2 of 2"));
  }

  @Test
  void ofSeveralExpectedFilesOneThatIsMissingSpeaksForAll() throws Exception {
    String one = "    files: [{path: lacking}, {path: made}]";
    Proof lacking = prove(plan(expecting("echo hello > made", one), 1, 1, List.of()));
    assertThat(lacking.phases().getFirst().attempts().getFirst().artifact())
        .isEqualTo(new Proof.Artifact("lacking", false, "file 'lacking' is missing"));
  }

  @Test
  void aFileThatAnEarlierAttemptLeftIsNotCountedAgain() throws Exception {
    String once = "[ -e made ] || echo hello > made";
    Proof proof = prove(plan(inOneFolder(once), 1, 1, List.of()));
    assertThat(proof.phases().stream().flatMap(phase -> phase.attempts().stream()))
        .extracting(Proof.Attempt::outcome, attempt -> attempt.artifact().detail())
        .containsExactly(
            tuple(Outcome.SUCCEEDED, "is as expected"),
            tuple(
                Outcome.VERIFICATION_FAILED,
                "file 'made' was there before the attempt began, and has not changed since"));
  }

  @Test
  void aFileThatIsWrittenAgainWithTheSameContentAndItsTimeSetBackCounts() throws Exception {
    // A file's times move with the kernel's tick, of up to 10 ms; no agent is as quick as that.
    String again = "sleep 0.03; echo hello > made; touch -d 2001-01-01 made";
    Proof proof = prove(plan(inOneFolder(again), 1, 1, List.of()));
    assertThat(proof.phases().stream().flatMap(phase -> phase.attempts().stream()))
        .hasSize(2)
        .allSatisfy(attempt -> assertThat(attempt.artifact().detail()).isEqualTo("is as expected"));
  }

  @Test
  void aPlanThatCannotBeIsRefused() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> plan(List.of(), 1, 1, List.of()))
        .withMessage("a proof needs at least one task");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> plan(tasks("true"), 2, 1, List.of()))
        .withMessage("between 1 and 1 of the tasks run at once, not 2");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> plan(tasks("true"), 1, 0, List.of()))
        .withMessage("a proof has at least 1 round, not 0");
  }

  private static List<ProofTask> tasks(String... command) {
    return List.of(new ProofTask.Given(Task.ofCommand("t", List.of(command))));
  }

  /** A task that runs this in a shell, as a tasks file tells it. */
  private List<ProofTask> expecting(String shell, String expect) throws IOException {
    Path file = home.resolve("tasks.yaml");
    Files.writeString(
        file, "tasks:\n- command: [sh, -c, '" + shell + "']\n  expect:\n" + expect + "\n");
    return List.of(new ProofTask.Given(TaskFile.read(file).getFirst()));
  }

  /** The same in a folder that all attempts share. */
  private List<ProofTask> inOneFolder(String shell) throws IOException {
    Files.createDirectories(home.resolve("shared"));
    return expecting(shell, "    files: [{path: made, contains: [hello]}]\n  folder: shared");
  }

  private static Credential credential(String name) {
    return new Credential(name, new Secret("sk-ant-invented-for-a-test-" + name));
  }

  private static ProofPlan plan(
      int tasks, int rounds, List<Credential> credentials, String... command) {
    return plan(ProofTask.repeated(tasks(command), tasks), tasks, rounds, credentials);
  }

  private static ProofPlan plan(
      List<ProofTask> tasks, int parallel, int rounds, List<Credential> credentials) {
    return new ProofPlan(
        tasks,
        parallel,
        rounds,
        Order.INTERLEAVED,
        new CommandAdapter(),
        Optional.empty(),
        credentials,
        Optional.empty(),
        false,
        Limits.NONE,
        1,
        Permissions.LEAST,
        List.of(),
        Duration.ZERO);
  }

  private Proof prove(ProofPlan plan) throws InterruptedException {
    RunOpening opening =
        new RunOpening(
            home,
            "prove",
            "test",
            RunClock.system(),
            new Redactor(plan.credentials().stream().map(Credential::value).toList()),
            cancellation,
            Map.of("PATH", System.getenv("PATH")),
            Optional.empty(),
            false,
            Map.of(),
            Map.of());
    try (Run run = opening.open("test", RunFolder.prepare(home.resolve("out")))) {
      run.watch(event -> watcher.accept(run, event));
      new ProofRun(run, plan, new Random(1), Optional.empty()).carryOut();
      run.end(cancellation.requested() ? "interrupted" : "completed");
    }
    return ProofDerivation.of(JournalReader.read(journal()).entries());
  }

  private Path journal() {
    return home.resolve("out/journal.jsonl");
  }

  private List<Event> events() {
    return JournalReader.read(journal()).events();
  }

  private Event first(Class<? extends Event> type) {
    return events().stream().filter(type::isInstance).findFirst().orElseThrow();
  }

  private static long sleeping(String seconds) {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.endsWith("sleep " + seconds))
        .count();
  }
}
