package dev.regatta.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regatta.process.Launcher;
import dev.regatta.process.PortableLauncher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolCheckTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;
  private Ward ward;
  private final Launcher launcher = Launcher.open();

  @BeforeEach
  void aPath() throws IOException {
    ward = new Ward(folder);
  }

  @AfterEach
  void close() {
    launcher.close();
  }

  private Finding look(Tool tool, Duration limit) throws InterruptedException {
    return look(tool, limit, launcher);
  }

  private Finding look(Tool tool, Duration limit, Launcher with) throws InterruptedException {
    List<Finding> findings =
        new ToolCheck(tool, ward.environment, folder, new ShortRun(with, ward.environment, limit))
            .findings();
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().id()).isEqualTo("tool." + tool.program());
    return findings.getFirst();
  }

  @Test
  void aProgramOnThePathIsShownWithItsVersionAndItsPlace() throws Exception {
    Path program = ward.program("claude", "[ \"$1\" = --version ] && echo '2.1.329 (Claude Code)'");
    assertThat(look(Tool.CLAUDE, LONG))
        .isEqualTo(
            new Finding("tool.claude", Status.OK, "2.1.329 (Claude Code), " + program, null));
  }

  @Test
  void theFirstLineThatSaysSomethingIsTheVersion() throws Exception {
    ward.program("codex", "echo; echo '  '; echo codex-cli 0.169.0; echo more");
    assertThat(look(Tool.CODEX, LONG).found()).startsWith("codex-cli 0.169.0, ");
  }

  @Test
  void aMissingClaudeIsAWarningWithTheCommandThatInstallsIt() throws Exception {
    Finding finding = look(Tool.CLAUDE, LONG);
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.found()).isEqualTo("claude is not on the PATH");
    assertThat(finding.fix())
        .isEqualTo(
            "npm install -g @anthropic-ai/claude-code; rehearsals have an agent of their own");
  }

  @Test
  void aMissingGitIsAWarningAndWhatNobodyNeedsIsJustSaid() throws Exception {
    assertThat(look(Tool.GIT, LONG).status()).isEqualTo(Status.WARN);
    for (Tool tool : List.of(Tool.CODEX, Tool.GEMINI, Tool.NPM)) {
      assertThat(look(tool, LONG).status()).isEqualTo(Status.INFO);
      assertThat(look(tool, LONG).fix()).startsWith("nothing, unless you want it: ");
    }
  }

  @Test
  void aProgramWithoutExecutePermissionFailsWithTheReason() throws Exception {
    Files.writeString(ward.bin.resolve("claude"), "#!/bin/sh\n");
    Finding finding = look(Tool.CLAUDE, LONG);
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found())
        .isEqualTo(
            "claude has no execute permission ("
                + ward.bin.resolve("claude")
                + "); run chmod +x on it");
    assertThat(finding.fix()).startsWith("make it run, or install it again: npm install");
  }

  @Test
  void aScriptWhoseInterpreterIsGoneFailsWithTheReason() throws Exception {
    Path program = ward.program("gemini", "");
    Files.writeString(program, "#!/not/there/node\n");
    Finding finding = look(Tool.GEMINI, LONG);
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found()).contains("the interpreter or loader it names is not there");
  }

  @Test
  void aProgramThatFailsIsQuotedFromItsStandardError() throws Exception {
    Path program = ward.program("git", "echo out; echo 'needs Node 20' >&2; exit 3");
    Finding finding = look(Tool.GIT, LONG);
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found()).isEqualTo(program + " --version ended with 3: needs Node 20");
  }

  @Test
  void aProgramThatFailsWithoutAWordIsSaidToHaveFailed() throws Exception {
    Path program = ward.program("git", "exit 4");
    assertThat(look(Tool.GIT, LONG).found()).isEqualTo(program + " --version ended with 4");
  }

  @Test
  void aProgramThatASignalEndsFailsWithItsNumber() throws Exception {
    Path program = ward.program("claude", "kill -11 $$");
    Finding finding = look(Tool.CLAUDE, LONG);
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found()).isEqualTo(program + " --version was ended by signal 11");
  }

  @Test
  void aProgramThatSaysNothingFails() throws Exception {
    Path program = ward.program("claude", "");
    Finding finding = look(Tool.CLAUDE, LONG);
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found()).isEqualTo(program + " --version printed nothing");
  }

  @Test
  void aBrokenNpmIsNoFailure() throws Exception {
    ward.program("npm", "exit 1");
    assertThat(look(Tool.NPM, LONG).status()).isEqualTo(Status.INFO);
  }

  @Test
  void aProgramThatHangsIsStoppedWithAllItStarted() throws Exception {
    Path pids = folder.resolve("pids");
    ward.program("claude", "sleep 1000 & echo $$ $! > " + pids + "; wait");
    Finding finding = look(Tool.CLAUDE, Duration.ofSeconds(1));
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.found()).endsWith("/claude did not say its version within 1 s");
    assertThat(finding.fix()).startsWith("run `claude --version` yourself");
    assertGone(pids);
  }

  @Test
  void aProgramThatPrintsForEverIsStoppedToo() throws Exception {
    ward.program("claude", "yes 2.1.329");
    assertThat(look(Tool.CLAUDE, Duration.ofSeconds(1)).status()).isEqualTo(Status.WARN);
  }

  @Test
  void whatAProgramLeavesBehindIsNeitherWaitedForNorLeft() throws Exception {
    Path pids = folder.resolve("pids");
    ward.program("claude", "sleep 1000 & echo $! > " + pids + "; echo 1.0");
    long start = System.nanoTime();
    assertThat(look(Tool.CLAUDE, LONG).found()).startsWith("1.0, ");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    assertGone(pids);
  }

  @Test
  void hostileOutputIsOneShortLineWithoutAnythingATerminalObeys() throws Exception {
    ward.program(
        "claude",
        "printf '\\033]0;owned\\007\\033[2J1.0\\342\\200\\256\\000'; head -c 9000000 /dev/zero | tr"
            + " '\\000' x; echo");
    String found = look(Tool.CLAUDE, LONG).found();
    assertThat(found).startsWith("\\x1b]0;owned\\x07\\x1b[2J1.0\\u202e\\x00xxx");
    assertThat(found.chars()).noneMatch(character -> character < ' ' || character == 0x202e);
    assertThat(found.length()).isLessThan(400);
  }

  @Test
  void aProgramGetsNoCredentialAndNoOtherVariableOfTheUsers() throws Exception {
    ward.environment.put("CLAUDE_CODE_TOKEN", "sk-ant-oat01-planted-in-the-environment");
    ward.environment.put("ANTHROPIC_API_KEY", "sk-ant-api03-planted-in-the-environment");
    ward.environment.put("ANTHROPIC_BASE_URL", "http://example.invalid");
    Path seen = folder.resolve("seen");
    ward.program("claude", "env > " + seen + "; echo 1.0");
    look(Tool.CLAUDE, LONG);
    assertThat(seen).content().contains("HOME=").doesNotContain("planted", "ANTHROPIC");
  }

  @Test
  void whereNoLauncherOfOursRunsItWorksTheSame() throws Exception {
    Path program = ward.program("claude", "echo 1.0");
    try (PortableLauncher portable = new PortableLauncher()) {
      assertThat(look(Tool.CLAUDE, LONG, portable).found()).isEqualTo("1.0, " + program);
      ward.program("claude", "sleep 1000");
      assertThat(look(Tool.CLAUDE, Duration.ofMillis(300), portable).status())
          .isEqualTo(Status.WARN);
    }
  }

  private static void assertGone(Path pids) throws IOException {
    for (String pid : Files.readString(pids).strip().split(" ")) {
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() ->
              assertThat(ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive))
                  .isEmpty());
    }
  }
}
