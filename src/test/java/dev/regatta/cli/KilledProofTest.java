package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regatta.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a witnessed proof with {@code kill -9} at some line of its journal or while it writes its
 * reports, and looks at what is left.
 */
class KilledProofTest {
  /** What is written after the last line of the journal, in this order. */
  private static final List<String> AFTER =
      List.of("report.txt", "report.json", "report.html", "evidence.zip");

  @TempDir static Path whole;
  private static int lines;

  @TempDir Path folder;

  @BeforeAll
  static void countTheLinesOfAWholeOne() throws IOException {
    Cli.Ended ended = proof(whole).within(words());
    assertThat(ended.err()).doesNotContain("Exception");
    lines = Files.readAllLines(run(whole).resolve("journal.jsonl")).size();
    assertThat(lines).isGreaterThan(30);
    assertThat(run(whole).resolve("evidence.zip")).exists();
  }

  @AfterEach
  void leaveNothingBehind() throws IOException {
    for (String name : Cli.below(folder)) {
      if (name.matches("[0-9]+")) {
        Marked.processes(folder.resolve(name).resolve(".regatta"))
            .keySet()
            .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      }
    }
  }

  private static Cli proof(Path place) throws IOException {
    Files.writeString(
        place.resolve("quick.yaml"), ProofEndToEndTest.SLOW.replace("latency: 8", "latency: 0.2"));
    return Cli.in(place).onlyPath(place.resolve("no-programs"));
  }

  private static String[] words() {
    return new String[] {"demo", "-P", "3", "--script", "quick.yaml"};
  }

  private static Path run(Path place) {
    Path home = place.resolve(".regatta");
    return home.resolve("runs").resolve(Marked.runs(home).getFirst());
  }

  @Test
  void whateverTheMomentWhatIsLeftCanBeVerified() throws IOException {
    for (int seed = 0; seed < 5; seed++) {
      killAndVerify(seed);
    }
  }

  @Test
  @Tag("chaos")
  void fiftyTimesWhateverTheMomentWhatIsLeftCanBeVerified() throws IOException {
    for (int seed = 100; seed < 150; seed++) {
      killAndVerify(seed);
    }
  }

  private void killAndVerify(int seed) throws IOException {
    // Every fourth dies while reports are written: that is short against the rest.
    Random random = new Random(seed);
    int moment = seed % 4 == 3 ? lines + random.nextInt(AFTER.size()) : 1 + random.nextInt(lines);
    Path place = Files.createDirectory(folder.resolve(Integer.toString(seed)));
    try (Cli.Running running = proof(place).start(words())) {
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .atMost(Duration.ofSeconds(120))
          .until(() -> reached(place, moment) || !running.alive());
      ProcessHandle.of(running.pid()).ifPresent(ProcessHandle::destroyForcibly);
      running.await();
    }
    verify(place, Math.min(moment, lines), "seed " + seed + ", killed at " + moment);
  }

  private static boolean reached(Path place, int moment) throws IOException {
    if (Marked.runs(place.resolve(".regatta")).isEmpty()) {
      return false;
    }
    Path run = run(place);
    return moment < lines
        ? written(run.resolve("journal.jsonl")) >= moment
        : Files.exists(run.resolve(AFTER.get(moment - lines)));
  }

  private static long written(Path journal) throws IOException {
    if (!Files.exists(journal)) {
      return 0;
    }
    long count = 0;
    for (byte each : Files.readAllBytes(journal)) {
      count += each == '\n' ? 1 : 0;
    }
    return count;
  }

  private static void verify(Path place, int atLeast, String when) throws IOException {
    Path journal = run(place).resolve("journal.jsonl");
    assertHolds(place, journal, when);
    long before = JournalReader.read(journal).entries().size();
    // Lines of attempts that go on side by side can be a few more or fewer than in the whole one.
    assertThat(before).as(when).isGreaterThanOrEqualTo(Math.min(atLeast, lines - 5));
    Path bundle = run(place).resolve("evidence.zip");
    if (Files.exists(bundle)) {
      assertHolds(place, bundle, when);
    }
    Cli.Ended runs = proof(place).within("runs");
    assertThat(runs.exit()).as(when).isZero();
    assertThat(runs.err() + runs.out()).as(when).doesNotContain("Exception");
    assertThat(Marked.processes(place.resolve(".regatta"))).as(when).isEmpty();
    assertHolds(place, journal, when + ", after it was settled");
    assertThat(JournalReader.read(journal).entries().size())
        .as(when)
        .isGreaterThanOrEqualTo((int) before);
  }

  private static void assertHolds(Path place, Path file, String when) {
    Cli.Ended verified = Cli.in(place).within("verify", place.relativize(file).toString());
    assertThat(verified.exit()).as(when + ": " + verified.out() + verified.err()).isZero();
    assertThat(verified.out()).as(when).contains("\nintact, ");
  }
}
