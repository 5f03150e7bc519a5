package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process of the same user can read of Regatta while it works. */
class HiddenTokensTest {
  private static final String TOKEN = "sk-ant-api03-hidden-token-1";
  private static final String NAMED = "sk-ant-api03-hidden-token-2";

  /** An agent that copies the environment of whoever started it. */
  private static final String LOOKING = "cat /proc/$PPID/environ > seen";

  @TempDir Path folder;

  @BeforeEach
  void onlyLinuxHasThem() {
    assumeTrue(Files.exists(Path.of("/proc/self/environ")));
  }

  private Cli cli() {
    return Cli.in(folder).with("CLAUDE_CODE_TOKEN", TOKEN).with("MINE", NAMED).input("x\n");
  }

  private String seen() throws Exception {
    return Files.readString(folder.resolve("seen"), StandardCharsets.ISO_8859_1);
  }

  /**
   * As a user who is not root: root without what lets it look into others all the same. Whoever is
   * no root is that already.
   */
  private static String powerless(String line) throws Exception {
    boolean root = System.getProperty("user.name").equals("root");
    assumeTrue(!root || new ProcessBuilder("setpriv", "--version").start().waitFor() == 0);
    return root
        ? "exec setpriv --bounding-set=-sys_ptrace,-perfmon,-sys_admin,-sys_resource " + line
        : "exec " + line;
  }

  @Test
  void anAgentFindsNoTokenInTheEnvironmentOfRegatta() throws Exception {
    Cli.Ended ended = cli().run("run", "--", "sh", "-c", LOOKING);
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(seen()).contains("HOME=").contains(NAMED).doesNotContain(TOKEN);
    assertThat(ended.err()).doesNotContain("could read your tokens");
  }

  @Test
  void aTokenThatWasNamedIsHiddenToo() throws Exception {
    for (String[] words :
        new String[][] {
          {"run", "--token", "MINE", "--", "sh", "-c", LOOKING},
          {"run", "--token=MINE", "--", "sh", "-c", LOOKING}
        }) {
      assertThat(cli().run(words).exit()).isZero();
      assertThat(seen()).contains("HOME=").doesNotContain(NAMED).doesNotContain(TOKEN);
    }
  }

  @Test
  void itsOwnAgentsStillGetTheirTokens() throws Exception {
    Path programs =
        FakeClaude.in(folder, "printf %s \"$ANTHROPIC_API_KEY\" > given\n" + FakeClaude.ANSWERS);
    Cli.Ended ended =
        cli()
            .onlyPath(programs)
            .run("run", "--agent", "claude", "--token", "MINE", "--stall", "60");
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(folder.resolve("given")).content().isEqualTo(NAMED);
  }

  @Test
  void thoseThatAreAskedFindNoOthersTokens() throws Exception {
    Path programs = FakeClaude.in(folder, LOOKING + "\n" + FakeClaude.ANSWERS);
    Cli.Ended ended =
        cli().onlyPath(programs).run("ask", "say hello", "-n", "1", "--token", "MINE");
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(seen()).contains("HOME=").doesNotContain(TOKEN).doesNotContain(NAMED);
  }

  @Test
  void anotherProcessOfTheSameUserMayNotLookIntoIt() throws Exception {
    String other = "sh -c 'VISIBLE=yes sleep 9 & cat /proc/$!/environ; kill $!; \"$@\"' sh \"$@\"";
    Cli.Ended ended =
        cli().shell(powerless(other)).run("run", "--", "sh", "-c", "cat /proc/$PPID/environ");
    assertThat(ended.out()).as("of other processes it may").contains("VISIBLE=yes");
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.err()).contains("Permission denied");
  }

  @Test
  void whatIsNoTextGoesOnAsItIs() throws Exception {
    String line = "ODD=$(printf 'a\\344b') exec \"$@\"";
    assertThat(cli().shell(line).run("run", "--", "sh", "-c", LOOKING).exit()).isZero();
    assertThat(seen()).contains("ODD=a\u00e4b\0").doesNotContain(TOKEN);
  }

  @Test
  void moreThanAPipeUsuallyHoldsIsHiddenToo() throws Exception {
    String big = "k".repeat(100_000);
    Cli.Ended ended =
        cli().with("MINE", big).run("run", "--token", "MINE", "--", "sh", "-c", LOOKING);
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(seen()).contains("HOME=").doesNotContain(big);
    assertThat(ended.err()).doesNotContain("could read your tokens");
  }

  @Test
  void whatCannotBeHiddenIsSaidAndTheRunGoesOn() throws Exception {
    Cli cli = cli().shell(powerless("\"$@\""));
    String[] words = new String[20 + 3];
    words[0] = "run";
    for (int i = 0; i < 10; i++) {
      cli.with("BIG" + i, i + "k".repeat(120_000));
      words[1 + 2 * i] = "--token";
      words[2 + 2 * i] = "BIG" + i;
    }
    words[21] = "--";
    words[22] = "true";
    Cli.Ended ended = cli.run(words);
    assertThat(ended.err())
        .contains("agents could read your tokens in this process's environment: a pipe does not");
    assertThat(ended.exit()).isZero();
  }

  @Test
  void insideAnAttemptItStaysVisibleToTheRunThatStartedIt() throws Exception {
    Cli.Ended ended =
        cli().with("REGATTA_ATTEMPT", "other/1.1").run("run", "--", "sh", "-c", LOOKING);
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(seen()).contains("REGATTA_ATTEMPT=other/1.1").contains(TOKEN);
  }

  @Test
  void aPipeThatIsNotOursIsRefused() {
    String rubbish =
        "printf 'no variable' | REGATTA_HIDDEN=3 sh -c 'exec \"$@\" 3<&0 </dev/null' sh \"$@\"";
    Cli.Ended ended = cli().shell(rubbish).run("run", "--", "true");
    assertThat(ended.exit()).as(ended.err()).isEqualTo(3);
    assertThat(ended.err())
        .contains("what the variable REGATTA_HIDDEN names is not a pipe of ours; unset it")
        .doesNotContain("Exception");
  }

  /** Standard input is a pipe here, and holds the tasks. */
  @Test
  void aVariableOfOursThatNamesNoPipeIsRefused() {
    for (String wrong : new String[] {"0", "1", "0/../1", "999", ""}) {
      Cli.Ended ended = cli().with("REGATTA_HIDDEN", wrong).run("run", "--", "true");
      assertThat(ended.exit()).isEqualTo(3);
      assertThat(ended.err()).contains("REGATTA_HIDDEN").doesNotContain("Exception");
    }
  }
}
