package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.experiment.Proof;
import dev.regatta.experiment.RecordedTree;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextReportTest {
  private static final Path PROJECT = Path.of(System.getProperty("regatta.project"));

  static Stream<Arguments> golden() {
    return Stream.of(
        Arguments.of("example", SampleProofs.example()),
        Arguments.of("confirmed-rehearsal", SampleProofs.confirmedRehearsal()),
        Arguments.of("confirmed-consistent", SampleProofs.confirmedConsistent()),
        Arguments.of("refuted-hostile", SampleProofs.refutedHostile()),
        Arguments.of("six-rounds", SampleProofs.sixRounds()),
        Arguments.of("two-rounds", SampleProofs.twoRounds()),
        Arguments.of("twelve-at-once", SampleProofs.wide(12)),
        Arguments.of("interrupted", SampleProofs.interrupted()),
        Arguments.of("nothing-started", SampleProofs.empty()),
        Arguments.of("tree", RecordedTree.threeByThree().proof()),
        Arguments.of("tree-in-vain", RecordedTree.inVain().proof()));
  }

  static List<Proof> samples() {
    return HtmlReportTest.samples();
  }

  @ParameterizedTest
  @MethodSource("golden")
  void theTextIsWordForWordTheOneInTheFile(String name, Proof proof) throws IOException {
    String text = TextReport.of(proof, false);
    Path made = PROJECT.resolve("target/tmp/report-texts/" + name + ".txt");
    Files.createDirectories(made.getParent());
    Files.writeString(made, text);
    try (var file = TextReportTest.class.getResourceAsStream("/report/" + name + ".txt")) {
      assertThat(text)
          .as("%s (if the change is wanted, copy it to src/test/resources/report)", made)
          .isEqualTo(
              new String(
                  Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void theFirstThreeBlocksHaveTheFormThatWasPromised() {
    assertThat(TextReport.of(SampleProofs.example(), false))
        .startsWith(
            """
            Sequential Execution Test:
            Task 1: Started at  0.00s, Completed at 14.07s, Duration: 14.07s, Session: xxx-xxx
            Task 2: Started at 14.07s, Completed at 29.76s, Duration: 15.69s, Session: yyy-yyy
            Task 3: Started at 29.76s, Completed at 44.09s, Duration: 14.33s, Session: zzz-zzz
            Total Sequential Time: 44.09 seconds

            Parallel Execution Test:
            Task A: Started at 0.00s, Completed at 16.84s, Duration: 16.84s, Session: aaa-aaa
            Task B: Started at 0.00s, Completed at 15.20s, Duration: 15.20s, Session: bbb-bbb
            Task C: Started at 0.00s, Completed at  9.91s, Duration:  9.91s, Session: ccc-ccc
            Total Parallel Time: 16.84 seconds (max of all tasks)

            Performance Comparison:
            Sequential Total: 44.09 seconds (sum of all tasks)
            Parallel Maximum: 16.84 seconds (longest task)
            Speedup Factor: 2.62x (44.09 / 16.84)
            Parallelism Efficiency: 87% (2.62 / 3.0 theoretical maximum)

            """);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void waterfallVerificationAndVerdictFollowInThisOrder(Proof proof) {
    String text = TextReport.of(proof, false);
    List<Integer> places =
        Stream.of(
                "\nPerformance Comparison:\n",
                "\nWhere the speedup went",
                "\nVerification:\n",
                "\nPARALLEL: " + proof.verdict().parallel().word() + " (",
                "\nCALLS: " + proof.verdict().calls().word() + " (")
            .filter(part -> proof.waterfall() != null || !part.startsWith("\nWhere"))
            .map(("\n" + text)::indexOf)
            .toList();
    assertThat(places).isSorted().doesNotContain(-1);
    assertThat(text.lines().filter(line -> line.matches("(PASS   |FAIL   |UNKNOWN) .+: .+")))
        .hasSameSizeAs(proof.criteria());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void onlyARehearsalSaysSoInItsFirstAndLastLine(Proof proof) {
    List<String> lines = TextReport.of(proof, false).lines().toList();
    if (proof.rehearsal()) {
      assertThat(lines.getFirst()).startsWith("REHEARSAL: ");
      assertThat(lines.getLast()).startsWith("REHEARSAL: ");
    } else {
      assertThat(lines).noneMatch(line -> line.startsWith("REHEARSAL"));
    }
  }

  @Test
  void eachTotalSaysOfWhatItIsAndWhatLiesBetweenThem() {
    Proof proof = SampleProofs.confirmedRehearsal();
    Proof.Phase parallel = proof.phases().getLast();
    assertThat(parallel.wallSeconds())
        .isEqualTo(parallel.maxSeconds() + parallel.overheadSeconds());
    assertThat(TextReport.of(proof, false))
        .contains(
            String.format(
                Locale.ROOT,
                "par-1: wall time %.2f s = longest task %.2f s + orchestration 0.0",
                parallel.wallSeconds(),
                parallel.maxSeconds()))
        .contains("seq-1: wall time ", " s = sum of tasks ")
        .contains("the whole run: 14.20 s, with all that lies between the phases");
  }

  @ParameterizedTest
  @MethodSource("samples")
  void whoeverAddsUpATotalGetsWhatIsShown(Proof proof) {
    Matcher totals =
        Pattern.compile(
                "wall time +([0-9.]+) s = \\w+ \\w+(?: \\w+)? +([0-9.]+) s \\+ orchestration"
                    + " +([0-9.]+) s")
            .matcher(TextReport.of(proof, false));
    assertThat(totals.results())
        .hasSameSizeAs(proof.phases())
        .allMatch(row ->
            new BigDecimal(row.group(2))
                .add(new BigDecimal(row.group(3)))
                .equals(new BigDecimal(row.group(1))));
  }

  @Test
  void aFactorAboveWhatIsPossibleIsExplainedWhereTasksTookTurns() {
    Proof turns = SampleProofs.turns();
    String text = TextReport.of(turns, false);
    assertThat(turns.comparison().speedup()).isGreaterThan(2);
    assertThat(text)
        .containsPattern(
            "Speedup Factor: 5\\.\\d\\dx .*\n"
                + "Parallelism Efficiency: 2\\d\\d% .*\n"
                + "\\(6 tasks took turns in 2 places: these two compare with the longest task, not"
                + " with its phase, and can exceed 2\\.0 and 100%; the verdict uses wall time"
                + " against wall time, 1\\.\\d\\dx\\)\n");
    assertThat(TextReport.of(SampleProofs.wide(6), false)).doesNotContain("took turns");
  }

  @Test
  void theAgentIsNamedWithItsVersionAndTheOrderWhereItMatters() {
    assertThat(agent(SampleProofs.example())).isEqualTo("Agent: claude 2.0.1");
    assertThat(agent(SampleProofs.interrupted())).isEqualTo("Agent: claude (version missing)");
    assertThat(agent(SampleProofs.planned("command", null, 1, "sequential", "parallel")))
        .isEqualTo("Agent: command");
    assertThat(agent(SampleProofs.planned("claude", "2.0.1", 1, "parallel", "sequential")))
        .isEqualTo("Agent: claude 2.0.1; planned as parallel, sequential");
    assertThat(
            agent(
                SampleProofs.planned(
                    "claude",
                    "2.0.1",
                    3,
                    "sequential",
                    "parallel",
                    "parallel",
                    "sequential",
                    "sequential",
                    "parallel")))
        .isEqualTo(
            "Agent: claude 2.0.1; 3 rounds, planned as sequential, parallel, parallel,"
                + " sequential, …");
    assertThat(agent(SampleProofs.planned("", null, 1)))
        .isEqualTo("Agent: missing (version missing)");
  }

  private static String agent(Proof proof) {
    return TextReport.of(proof, false)
        .lines()
        .filter(line -> line.startsWith("Agent: "))
        .findFirst()
        .orElse("");
  }

  @Test
  void whatNobodyGaveIsCalledMissing() {
    String text = TextReport.of(SampleProofs.interrupted(), false);
    assertThat(text)
        .contains("Session: missing, FAILED: lost, nobody saw the end")
        .containsPattern("seq-1-1 +none +missing +missing +missing +missing +missing +missing\n")
        .contains("Performance Comparison:\nnot possible: a phase is missing, did not end, or ")
        .contains("Note: the run is interrupted: the report holds what there is\n")
        .doesNotContain("null", "NaN", "Infinity");
  }

  @Test
  void aCredentialThatCouldNotBeReadBackIsNotCalledNull() {
    Proof proof = SampleProofs.confirmedConsistent();
    Proof.Credential bare = new Proof.Credential("WORK", null, null, null);
    Proof.Credential other = new Proof.Credential("WORK", "0123456789ab", null, "ba9876543210");
    assertThat(TextReport.of(SampleProofs.withCredential(proof, bare), false))
        .contains("  WORK missing  ")
        .doesNotContain("null");
    assertThat(TextReport.of(SampleProofs.withCredential(proof, other), false))
        .contains("  WORK 0123456789ab, given ba9876543210  ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SampleProofs.HOSTILE,
        "\u001b]0;owned\u0007\u001b[2J\u001b[H",
        "one\nPARALLEL: confirmed (trust me)\r\nCALLS: real\u2028\u0085three",
        "\u009b31m\u0000\b\b\b\u007f",
        "%s %n %d",
        ""
      })
  void hostileTextNeitherReachesATerminalRawNorAddsALine(String hostile) {
    for (Proof sample : samples()) {
      Proof plain = SampleProofs.rewritten(sample, text -> "x");
      String text = TextReport.of(SampleProofs.rewritten(sample, old -> hostile), false);
      assertThat(text.codePoints().filter(c -> c != '\n').filter(TextReportTest::acts)).isEmpty();
      assertThat(text.lines()).hasSameSizeAs(TextReport.of(plain, false).lines().toList());
      assertThat(text.lines().filter(line -> line.startsWith("PARALLEL: "))).hasSize(1);
    }
  }

  @Test
  void aMegabyteInEveryTextStaysReadable() {
    String huge = "word ".repeat(200_000);
    String text =
        TextReport.of(SampleProofs.rewritten(SampleProofs.confirmedRehearsal(), old -> huge), true);
    assertThat(text.lines()).allMatch(line -> line.length() < 3_000);
    assertThat(text).hasSizeLessThan(100_000);
  }

  @Test
  void coloursAreForTerminalsAndChangeNoWord() {
    for (Proof proof : samples()) {
      String coloured = TextReport.of(proof, true);
      assertThat(coloured.replaceAll("\u001b\\[[0-9]+m", ""))
          .isEqualTo(TextReport.of(proof, false));
      assertThat(coloured).contains("\u001b[1mPerformance Comparison:\u001b[0m");
    }
  }

  @Test
  void theMachinesLanguageChangesNothing() {
    Locale before = Locale.getDefault();
    Proof proof = SampleProofs.sixRounds();
    String text = TextReport.of(proof, false);
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(TextReport.of(proof, false)).isEqualTo(text);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void theReportOfARealRehearsalIsWhatItsJournalSays(@TempDir Path folder) throws IOException {
    Path proof = new RealProofs(folder).rehearsal();
    String text = Files.readString(proof.resolve("report.txt"));
    assertThat(text.lines().filter(line -> line.startsWith("Task ")))
        .hasSize(6)
        .allMatch(line ->
            line.matches(
                "Task [123ABC]: Started at +\\d+\\.\\d\\ds, Completed at +\\d+\\.\\d\\ds,"
                    + " Duration: +\\d+\\.\\d\\ds, Session: [0-9a-f-]{36}"));
    assertThat(text.lines().toList().getFirst()).startsWith("REHEARSAL: ");
    assertThat(text)
        .contains("\nCALLS: rehearsal (", "PASS    every challenge was answered: 6 of 6");
  }

  private static boolean acts(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
