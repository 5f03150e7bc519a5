package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.evidence.Criterion;
import dev.regatta.evidence.Verdict;
import dev.regatta.experiment.Proof;
import dev.regatta.experiment.ProofDerivation;
import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.Outcome;
import dev.regatta.rehearsal.RehearsalAgent;
import dev.regatta.report.JsonReport;
import dev.regatta.report.TextReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole proofs: the command, the server, and agents that are processes of their own. */
@Timeout(180)
class ProofEndToEndTest {
  private static final List<String> TOKENS =
      List.of(
          "sk-ant-oat01-planted-one-0123456789",
          "sk-ant-oat01-planted-two-0123456789",
          "sk-ant-oat01-planted-three-0123456789");

  /** Answers the challenge, so slowly that starts on a busy machine do not decide. */
  static final String SLOW =
      """
      rules:
        - match: 'First write the file (.+) with the Write tool\\. Its only line is the marker ([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4}) with'
          latency: 8
          tool: { name: Write, input: { file_path: '${1}', content: "${4}-${3}-${2}\\n" } }
          reply: 'It is ${4}-${3}-${2}'
      """;

  @TempDir static Path shared;
  private static Called demo;
  private static Path demoOut;

  @TempDir Path folder;

  private record Called(int exit, String out, String err) {
    static Called in(Path folder, Map<String, String> environment, String... words) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      Context context =
          new Context(
              InputStream.nullInputStream(),
              new PrintStream(out, true, StandardCharsets.UTF_8),
              new PrintStream(err, true, StandardCharsets.UTF_8),
              environment,
              folder,
              false,
              false);
      int exit = Main.run(context, words);
      return new Called(
          exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
  }

  @BeforeAll
  static void demo() throws IOException {
    Files.writeString(shared.resolve("slow.yaml"), SLOW);
    demoOut = shared.resolve("out");
    demo =
        Called.in(
            shared,
            Map.of("PATH", "/bin", "HOME", shared.toString(), "ANTHROPIC_API_KEY", TOKENS.get(0)),
            "demo",
            "--script",
            "slow.yaml",
            "--out",
            "out");
  }

  @Test
  void theDemoIsConfirmedAndARehearsalInItsFirstAndLastLine() {
    assertThat(demo.exit()).as(demo.out() + demo.err()).isZero();
    assertThat(demo.out().lines().toList().getFirst()).contains("REHEARSAL");
    assertThat(demo.out().lines().toList().getLast()).contains("REHEARSAL");
    assertThat(demo.out())
        .contains("Sequential Execution Test:\n")
        .contains("Parallel Execution Test:\n")
        .contains("Performance Comparison:\n")
        .contains("Verification:\n")
        .contains("PARALLEL: confirmed (3 of 3 at once")
        .contains("CALLS: rehearsal (");
    for (String report : List.of("report.txt", "report.json", "report.html")) {
      assertThat(demo.out()).contains("out/" + report);
      assertThat(demoOut.resolve(report)).isNotEmptyFile();
    }
  }

  @Test
  void sixProcessesAnsweredSixChallengesUnderSixSessions() {
    Proof proof = proof(demoOut);
    List<Proof.Attempt> attempts =
        proof.phases().stream().flatMap(phase -> phase.attempts().stream()).toList();
    assertThat(attempts).hasSize(6).allMatch(attempt -> attempt.outcome() == Outcome.SUCCEEDED);
    assertThat(attempts).extracting(Proof.Attempt::sessionId).doesNotHaveDuplicates();
    assertThat(attempts).extracting(Proof.Attempt::pid).doesNotHaveDuplicates();
    assertThat(attempts).allMatch(attempt -> Boolean.TRUE.equals(attempt.challengePassed()));
    assertThat(attempts).extracting(Proof.Attempt::verifiedSeconds).doesNotContainNull();
    for (Proof.Phase phase : proof.phases()) {
      assertThat(phase.attempts())
          .extracting(attempt -> attempt.credential().givenFingerprint())
          .doesNotContainNull()
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void itsJournalCutAnywhereStillGivesAReport() throws IOException {
    byte[] whole = Files.readAllBytes(demoOut.resolve("journal.jsonl"));
    Path cut = folder.resolve("cut.jsonl");
    int lines = 0;
    for (int end = 1; end <= whole.length; end++) {
      boolean afterLine = whole[end - 1] == '\n';
      lines += afterLine ? 1 : 0;
      if (lines == 0 || !(afterLine || end % 997 == 0)) {
        continue; // after every line, and within many
      }
      Files.write(cut, Arrays.copyOf(whole, end));
      Proof proof = ProofDerivation.of(JournalReader.read(cut).entries());
      assertThat(TextReport.of(proof, false)).contains("PARALLEL: ");
      assertThat(JsonReport.of(proof)).isNotEmpty();
      assertThat(proof.verdict().parallel())
          .isEqualTo(
              end < whole.length ? Verdict.Parallel.INCONCLUSIVE : Verdict.Parallel.CONFIRMED);
    }
    assertThat(lines).isGreaterThan(20);
  }

  @Test
  void theDemoTouchesNoTokenOfTheUser() throws IOException {
    assertNothingHolds(shared, TOKENS.get(0));
    assertThat(demo.out() + demo.err()).doesNotContain(TOKENS.get(0));
  }

  @Test
  void aServerThatAnswersOneAtATimeIsFoundOut() throws IOException {
    Files.writeString(
        folder.resolve("one.yaml"),
        """
        concurrency: 1
        rules:
          - latency: 6
            reply: hello
        """);
    Called proved = rehearsal("one.yaml", "--parallel", "2", "--prompt", "Say hello");
    assertThat(proved.exit()).as(proved.out()).isEqualTo(1);
    assertThat(proved.out())
        .contains("PARALLEL: refuted (2 of 2 at once")
        .contains("means that the work was done one after another");
  }

  @Test
  void attemptsThatAllFailAreInconclusiveHoweverTheyOverlap() throws IOException {
    Files.writeString(folder.resolve("no.yaml"), "rules: [{fail: 401, latency: 1}]\n");
    Called proved = rehearsal("no.yaml");
    assertThat(proved.exit()).isEqualTo(1);
    assertThat(proved.out())
        .contains("PARALLEL: inconclusive (6 of 6 attempts did not succeed (6 unauthorized)")
        .contains("FAIL    every attempt succeeded: 0 of 6")
        .startsWith("REHEARSAL: ")
        .contains("CALLS: rehearsal (");
  }

  @Test
  void aRehearsalOfPlainCommandsSaysOnceThatTheyMakeNoCallsThatCouldBeSeen() throws IOException {
    tasks("sleep 1", "sleep 1");
    Called proved =
        Called.in(
            folder,
            Map.of("PATH", System.getenv("PATH")),
            "prove",
            "--rehearsal",
            "--agent",
            "command",
            "--tasks",
            "tasks.yaml");
    assertThat(proved.out().lines().toList().getFirst()).startsWith("REHEARSAL: ");
    assertThat(proved.out().lines().toList().getLast()).startsWith("REHEARSAL: ");
    assertThat(proved.out())
        .contains("Agent: command\n")
        .contains("CALLS: unverified (a plain command makes no API calls that could be seen)\n");
    assertThat(proved.out().lines().filter(line -> line.contains(": not applicable: ")))
        .hasSize(4)
        .allMatch(line -> line.startsWith("UNKNOWN "));
  }

  @Test
  void aConnectionThatIsRefusedLeavesTheCallsUnverified() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    Called proved =
        Called.in(
            folder,
            Map.of("PATH", "/bin", "CLAUDE_CODE_TOKEN", TOKENS.get(0)),
            "prove",
            "--agent",
            "rehearsal-agent",
            "--base-url",
            "http://127.0.0.1:" + closed,
            "--prompt",
            "hi",
            "--parallel",
            "2");
    assertThat(proved.exit()).as(proved.out() + proved.err()).isEqualTo(1);
    assertThat(proved.out())
        .contains("4 of 4 attempts did not succeed (4 api-error)")
        .contains("CALLS: unverified (the agents were not sent to the provider's own address)\n")
        .doesNotContain("REHEARSAL");
  }

  @Test
  void whatIsNotTheProvidersAddressIsUnverifiedHoweverWellItAnswers() throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    unmarkedClaude(bin.resolve("claude"));
    Map<String, String> environment = new HashMap<>(Map.of("PATH", bin + ":/usr/bin:/bin"));
    environment.put("CLAUDE_CODE_TOKEN", TOKENS.get(0));
    environment.put("CLAUDE_CODE_TOKEN1", TOKENS.get(1));
    environment.put("CLAUDE_CODE_TOKEN2", TOKENS.get(2));
    try (TestOwnedProvider provider = new TestOwnedProvider()) {
      Called proved =
          Called.in(folder, environment, "prove", "--base-url", provider.address(), "--out", "out");

      Proof proof = proof(folder.resolve("out"));
      assertThat(proved.out())
          .contains("CALLS: unverified (the agents were not sent to the provider's own address)")
          .doesNotContain("REHEARSAL")
          .doesNotContain("CALLS: consistent")
          .doesNotContain("CALLS: real");
      assertThat(proof.rehearsal()).isFalse();
      assertThat(proof.verdict().calls()).isEqualTo(Verdict.Calls.UNVERIFIED);
      assertThat(proof.criteria())
          .filteredOn(criterion -> !criterion.id().matches("parallel-near-longest|.*-share"))
          .as("all that the agents claim fits together, and still it is not called consistent")
          .allMatch(criterion -> criterion.status() == Criterion.Status.PASS);
      assertThat(provider.credentials()).hasSize(12).containsOnlyElementsOf(TOKENS);
    }
    for (String token : TOKENS) {
      assertNothingHolds(folder, token);
    }
  }

  @Test
  void anEarlierProofsFilesAreClearedAndNothingElse() throws IOException {
    tasks("echo one");
    prove("1");
    Path out = folder.resolve("out");
    assertThat(out.resolve("attempts/r1-parallel-1.out")).hasContent("one");
    Path mine = Files.writeString(out.resolve("mine.txt"), "keep me");
    tasks("true");

    prove("1");

    assertThat(out.resolve("attempts/r1-parallel-1.out")).doesNotExist();
    assertThat(mine).hasContent("keep me");
    assertThat(out.resolve("report.json")).isNotEmptyFile();
  }

  @Test
  void aRunThatBreaksOffStillWritesWhatThereIs() throws IOException {
    tasks("echo one", "rm -rf " + folder.resolve("out/attempts") + "; echo two");

    Called proved = prove("2");

    assertThat(proved.exit()).isEqualTo(3);
    assertThat(proved.err()).contains("what there is of it is in out/report.txt");
    assertThat(folder.resolve("out/report.txt"))
        .content()
        .contains("PARALLEL: inconclusive (the run did not get to its end")
        .contains("the run is failed: the report holds what there is");
    Proof proof = proof(folder.resolve("out"));
    assertThat(proof.phases().getFirst().attempts().getFirst().outcome())
        .isEqualTo(Outcome.SUCCEEDED);
    assertThat(JournalReader.read(folder.resolve("out/journal.jsonl")).events().getLast())
        .isInstanceOf(Event.RunEnded.class);
    assertThat(Called.in(folder, Map.of(), "show", proof.run()).out())
        .contains("the run is failed");
  }

  /** The built-in agent under another name, with the marks of a rehearsal taken out. */
  private static void unmarkedClaude(Path program) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Files.writeString(
        program,
        """
        #!/bin/sh
        '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' %s "$@" \
        | sed -u -e 's/"rehearsal":true,//' -e 's/,"rehearsal":true//' -e 's/_rehearsal_/_01/g'
        """
            .formatted(
                java, System.getProperty("java.class.path"), RehearsalAgent.class.getName()));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  private Called rehearsal(String script, String... words) {
    String[] all =
        java.util.stream.Stream.concat(
                java.util.stream.Stream.of("prove", "--rehearsal", "--script", script),
                Arrays.stream(words))
            .toArray(String[]::new);
    return Called.in(folder, Map.of("PATH", "/bin"), all);
  }

  private void tasks(String... scripts) throws IOException {
    StringBuilder yaml = new StringBuilder("tasks:\n");
    for (String script : scripts) {
      yaml.append("  - command: [sh, -c, '").append(script).append("']\n");
    }
    Files.writeString(folder.resolve("tasks.yaml"), yaml);
  }

  private Called prove(String parallel) {
    return Called.in(
        folder,
        Map.of("PATH", System.getenv("PATH")),
        "prove",
        "--agent",
        "command",
        "--tasks",
        "tasks.yaml",
        "--parallel",
        parallel,
        "--out",
        "out");
  }

  private static void assertNothingHolds(Path place, String token) throws IOException {
    try (var files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(token);
      }
    }
  }

  private static Proof proof(Path out) {
    return ProofDerivation.of(JournalReader.read(out.resolve("journal.jsonl")).entries());
  }
}
