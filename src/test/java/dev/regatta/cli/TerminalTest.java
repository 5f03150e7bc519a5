package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is different on a terminal: colours and a line that is written over. */
class TerminalTest {
  private static final String ESCAPE = "\u001b";
  private static final String COLOUR = "\u001b\\[[0-9;]*m";

  /** {@code script} of util-linux makes a terminal; it takes a command as one word. */
  private static final String ON_A_TERMINAL =
      "c=; for w in \"$@\"; do c=\"$c '$w'\"; done; exec script -qec \"$c\" /dev/null </dev/null";

  @TempDir Path folder;
  private String proof = "";

  @BeforeEach
  void prove() {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/script")), "script of util-linux is not installed");
    proof = "proof";
    cli().within("prove", "--rehearsal", "--prompt", "hi", "-P", "2", "--out", proof);
  }

  private Cli cli() {
    return Cli.in(folder)
        .onlyPath(FakeClaude.answering(folder, "0"))
        .with("TERM", "xterm-256color");
  }

  @Test
  void aReportIsColouredOnATerminal() {
    Cli.Ended ended = cli().shell(ON_A_TERMINAL).run("show", proof);
    assertThat(ended.out()).containsPattern(COLOUR).contains("PARALLEL:");
  }

  @Test
  void whoWantsNoColoursGetsNone() {
    assertThat(cli().with("NO_COLOR", "1").shell(ON_A_TERMINAL).run("show", proof).out())
        .contains("PARALLEL:")
        .doesNotContain(ESCAPE);
    assertThat(cli().shell(ON_A_TERMINAL).run("show", proof, "--no-colour").out())
        .contains("PARALLEL:")
        .doesNotContain(ESCAPE);
    assertThat(cli().shell(ON_A_TERMINAL).run("show", proof, "--no-color").out())
        .doesNotContain(ESCAPE);
    assertThat(cli().with("TERM", "dumb").shell(ON_A_TERMINAL).run("show", proof).out())
        .doesNotContain(ESCAPE);
  }

  @Test
  void elsewhereThereIsNoEscapeSequence() {
    Cli.Ended proved = cli().run("prove", "--rehearsal", "--prompt", "hi", "-P", "2");
    assertThat(proved.out() + proved.err()).contains("PARALLEL:").doesNotContain(ESCAPE, "\r");
    Cli.Ended ran = cli().input("1\n").run("run", "--", "sh", "-c", "sleep 1.5");
    assertThat(ran.out() + ran.err()).doesNotContain(ESCAPE, "\r").doesNotContain("running");
  }

  @Test
  void aRunShowsItsProgressOnATerminalAndTakesItAwayAgain() throws IOException {
    Files.writeString(
        folder.resolve("tasks.yaml"),
        "tasks:\n  - command: [sh, -c, 'until [ -e go ]; do sleep 0.05; done; echo whole']\n");
    try (Cli.Running running = cli().shell(ON_A_TERMINAL).start("run", "--tasks", "tasks.yaml")) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> running.out().contains("0 done, 1 running"));
      Files.createFile(folder.resolve("go"));
      Cli.Ended ended = running.await();
      assertThat(ended.exit()).isZero();
      assertThat(ended.out()).contains("\r" + ESCAPE + "[Kwhole\r\n");
      String last = ended.out().substring(ended.out().lastIndexOf("running"));
      assertThat(last).contains(ESCAPE + "[K").contains("1 of 1 tasks succeeded");
    }
  }
}
