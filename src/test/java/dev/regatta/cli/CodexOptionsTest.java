package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before any {@code codex} is started. */
class CodexOptionsTest {
  @TempDir Path folder;
  private Path programs;

  @BeforeEach
  void makeProgram() throws IOException {
    programs = Files.createDirectories(folder.resolve("programs"));
    Path file = Files.writeString(programs.resolve("codex"), "#!/bin/sh\ntouch started\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Cli cli() {
    return Cli.in(folder).onlyPath(programs);
  }

  private void assertNothingStarted() {
    assertThat(folder.resolve("started")).doesNotExist();
  }

  @Test
  void aListOfToolsIsRefusedBecauseItWouldUseOthersAllTheSame() {
    Cli.Ended ended =
        cli()
            .with("OPENAI_API_KEY", "sk-proj-for-a-test")
            .within("prove", "--agent", "codex", "--prompt", "hi", "--tool", "Read");
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.err()).contains("codex takes no list of tools");
    assertNothingStarted();
  }

  @Test
  void aTaskThatNamesToolsIsRefusedToo() throws IOException {
    Files.writeString(
        folder.resolve("tasks.yaml"),
        "tasks:\n  - prompt: hi\n    agent: codex\n    tools: [Read]\n");
    Cli.Ended ended =
        cli()
            .with("OPENAI_API_KEY", "sk-proj-for-a-test")
            .within("run", "--agent", "codex", "--tasks", "tasks.yaml");
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.err()).contains("task 1: codex takes no list of tools");
    assertNothingStarted();
  }

  @Test
  void theToolsOfTheRunAreRefusedForATaskThatNamesItsAgentAndNoTools() throws IOException {
    Files.writeString(
        folder.resolve("tasks.yaml"), "tasks:\n  - prompt: hi\n  - prompt: hi\n    agent: codex\n");
    Cli.Ended ended =
        cli()
            .within(
                "run",
                "--rehearsal",
                "--agent",
                "rehearsal-agent",
                "--tool",
                "Read",
                "--tasks",
                "tasks.yaml");
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.err()).contains("task 2: codex takes no list of tools");
    assertNothingStarted();
  }

  @Test
  void aTokenOfAnthropicsNeverGoesToOpenAi() {
    Cli.Ended ended =
        cli()
            .with("WORK", "sk-ant-api03-for-a-test")
            .within("prove", "--agent", "codex", "--prompt", "hi", "--token", "WORK");
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.err())
        .contains("WORK holds a token of Anthropic's, and one of OpenAI's is needed")
        .doesNotContain("sk-ant-api03");
    assertNothingStarted();
  }

  @Test
  void withAgentsOfTwoProvidersACredentialsNameMustSayWhoseItIs() throws IOException {
    FakeClaude.in(folder, FakeClaude.ANSWERS);
    Files.writeString(
        folder.resolve("tasks.yaml"),
        "tasks:\n  - prompt: hi\n    agent: codex\n  - prompt: hi\n    agent: claude\n");
    Cli.Ended ended =
        cli()
            .with("WORK", "sk-proj-for-a-test")
            .within("run", "--agent", "claude", "--tasks", "tasks.yaml", "--token", "WORK");
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.err())
        .contains("WORK does not say whose credential it is")
        .contains("CLAUDE_CODE_TOKEN1 or OPENAI_API_KEY1");
    assertNothingStarted();
  }

  @Test
  void eachAgentOfAMixedRunGetsTheCredentialOfItsOwnProvider() throws IOException {
    FakeClaude.in(
        folder, "echo \"$ANTHROPIC_API_KEY/$OPENAI_API_KEY\" >claude\n" + FakeClaude.ANSWERS);
    Files.writeString(
        programs.resolve("codex"),
        "#!/bin/sh\necho \"$ANTHROPIC_API_KEY/$OPENAI_API_KEY\" >codex\n");
    Files.writeString(
        folder.resolve("tasks.yaml"),
        "tasks:\n  - prompt: hi\n    agent: codex\n  - prompt: hi\n    agent: claude\n");
    cli()
        .with("CLAUDE_CODE_TOKEN", "sk-ant-api03-for-a-test")
        .with("OPENAI_API_KEY", "sk-proj-for-a-test")
        .within("run", "--agent", "claude", "--tasks", "tasks.yaml");
    assertThat(folder.resolve("claude")).hasContent("sk-ant-api03-for-a-test/");
    assertThat(folder.resolve("codex")).hasContent("/sk-proj-for-a-test");
  }

  @Test
  void withoutAKeyItSaysWhichVariableToSet() {
    Cli.Ended ended =
        cli()
            .with("CLAUDE_CODE_TOKEN", "sk-ant-api03-for-a-test")
            .within("prove", "--agent", "codex", "--prompt", "hi");
    assertThat(ended.exit()).isEqualTo(3);
    assertThat(ended.err()).contains("no credential is set: set OPENAI_API_KEY, OPENAI_API_KEY1");
    assertNothingStarted();
  }

  @Test
  void withoutTheCliItSaysHowToGetIt() {
    Cli.Ended ended =
        Cli.in(folder)
            .onlyPath(folder.resolve("nothing"))
            .with("OPENAI_API_KEY", "sk-proj-for-a-test")
            .within("prove", "--agent", "codex", "--prompt", "hi");
    assertThat(ended.exit()).isEqualTo(3);
    assertThat(ended.err()).contains("npm install -g @openai/codex");
  }
}
