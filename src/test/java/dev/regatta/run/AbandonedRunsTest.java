package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.Outcome;
import dev.regatta.process.Limits;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An orchestrator is killed with KILL in the middle of real attempts. */
@Timeout(120)
class AbandonedRunsTest {
  @TempDir Path home;

  /** The orchestrator that gets killed: three attempts that hide in three ways. */
  static final class Orchestrator {
    public static void main(String[] arguments) throws Exception {
      Path home = Path.of(arguments[0]);
      try (Run run = TestRuns.open(home, new Cancellation())) {
        new Scheduler(
                run,
                TestRuns.settings(home, 3, 0, Limits.NONE),
                Optional.empty(),
                InstantSource.system(),
                task -> 0)
            .carryOut(
                List.of(
                        TestRuns.shell("plain", "echo up; sleep 987654"),
                        TestRuns.shell("session", "setsid sleep 987654 & echo up; sleep 987654"),
                        TestRuns.shell("stubborn", "trap '' INT TERM; echo up; sleep 987654"))
                    .iterator(),
                result -> {});
      }
    }
  }

  @Test
  void afterAKillTheNextStartStopsEverythingAndTheJournalIsWhole() throws Exception {
    Process orchestrator = start();
    try {
      Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> sleepers() >= 4);
    } finally {
      orchestrator.destroyForcibly().waitFor();
    }
    assertThat(sleepers()).as("they outlive the orchestrator").isEqualTo(4);

    List<AbandonedRuns.Found> found = new AbandonedRuns(home).clearUp();

    assertThat(found).singleElement();
    assertThat(found.getFirst().run()).isEqualTo("test");
    assertThat(found.getFirst().lost())
        .containsExactlyInAnyOrder("plain.1", "session.1", "stubborn.1");
    assertThat(found.getFirst().stopped()).hasSizeGreaterThanOrEqualTo(4);
    assertThat(sleepers()).isZero();
    assertThat(new AbandonedRuns(home).clearUp()).as("once is enough").isEmpty();
    JournalReader.Contents journal = JournalReader.read(home.resolve("runs/test/journal.jsonl"));
    assertThat(journal.integrity()).isInstanceOf(JournalReader.Intact.class);
    assertThat(journal.events().getLast())
        .isInstanceOfSatisfying(
            Event.RunEnded.class, end -> assertThat(end.status()).isEqualTo("lost"));
    assertThat(TestRuns.events(home, Event.AttemptEnded.class))
        .extracting(Event.AttemptEnded::outcome)
        .containsOnly(Outcome.LOST);
  }

  @Test
  void aLivingOrchestratorIsLeftAlone() throws Exception {
    Process orchestrator = start();
    try {
      Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> sleepers() >= 4);
      assertThat(new AbandonedRuns(home).clearUp()).isEmpty();
      assertThat(sleepers()).isEqualTo(4);
    } finally {
      orchestrator.destroyForcibly().waitFor();
      new AbandonedRuns(home).clearUp();
    }
    assertThat(sleepers()).isZero();
  }

  @Test
  void aJournalThatWasTamperedWithKeepsNobodyFromStarting() throws Exception {
    TestRuns.open(home, new Cancellation()).close();
    Path journal = home.resolve("runs/test/journal.jsonl");
    List<String> lines = Files.readAllLines(journal);
    Files.write(
        journal, List.of(lines.get(0), lines.get(1).replace("failed", "sunk"), "no journal line"));
    dies("test");

    assertThat(new AbandonedRuns(home).clearUp())
        .singleElement()
        .satisfies(found -> {
          assertThat(found.run()).isEqualTo("test");
          assertThat(found.damage()).get().asString().contains("journal.jsonl:2: ");
        });
    assertThat(new AbandonedRuns(home).clearUp()).as("it is said once").isEmpty();
  }

  @Test
  void aRunThatWasKilledBeforeItsFirstLineOrWhoseFolderIsGoneIsForgotten() throws Exception {
    dies("test");
    assertThat(new AbandonedRuns(home).clearUp())
        .singleElement()
        .satisfies(found -> {
          assertThat(found.stopped()).isEmpty();
          assertThat(found.lost()).isEmpty();
          assertThat(found.damage()).isEmpty();
        });
    assertThat(new AbandonedRuns(home).clearUp()).isEmpty();
  }

  /** What an orchestrator that is killed leaves of its claim: the file, and no lock. */
  private void dies(String id) throws Exception {
    Files.createDirectories(home.resolve("live"));
    Files.writeString(home.resolve("live").resolve(id), home.resolve("runs/test") + "\n\n");
  }

  private Process start() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Orchestrator.class.getName(),
            home.toString())
        .redirectErrorStream(true)
        .redirectOutput(home.resolve("orchestrator.log").toFile())
        .start();
  }

  /** How many of the attempts' processes live, counted by their unlikely argument. */
  private static long sleepers() throws Exception {
    Process ps = new ProcessBuilder("ps", "-eo", "args").start();
    try (BufferedReader lines =
        new BufferedReader(
            new java.io.InputStreamReader(ps.getInputStream(), StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> line.equals("sleep 987654")).count();
    }
  }
}
