package dev.regatta.credential;

import static dev.regatta.credential.CredentialSourcesTest.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real commands, run by a real shell. */
class TokenCommandTest {
  private static final String TOKEN = "sk-ant-api03-four-five-six";
  private static final Duration SHORT = Duration.ofSeconds(2);

  @TempDir Path folder;

  private final CredentialSources sources =
      new CredentialSources(Map.of("PATH", System.getenv("PATH"), "VAULT", TOKEN));

  @Test
  void whatItPrintsIsTheToken() {
    assertThat(sources.command("MINE", "echo \"$VAULT\"").value().reveal()).isEqualTo(TOKEN);
    assertThat(sources.command("MINE", "printf %s $VAULT").name()).isEqualTo("MINE");
  }

  @Test
  void itGetsNoOtherEnvironmentAndNoInput() {
    assertThat(sources.command("MINE", "cat; echo token-${HOME-none}").value().reveal())
        .isEqualTo("token-none");
  }

  @Test
  void whatItSaysOnStandardErrorIsNotShown() {
    refusal(() -> sources.command("MINE", "echo four-five >&2; exit 3"), true)
        .hasMessage("the command for MINE ended with exit code 3: run it by hand to see why");
  }

  @Test
  void aCommandThatDoesNotExistIsSaid() {
    refusal(() -> sources.command("MINE", "no-such-program-anywhere"), true)
        .hasMessage("the command for MINE ended with exit code 127: run it by hand to see why");
  }

  @Test
  void oneThatPrintsNothingOrSeveralWordsGivesNoToken() {
    for (String command : new String[] {"true", "echo two words-and-more", "echo a; echo b"}) {
      refusal(() -> sources.command("MINE", command), false)
          .hasMessage(
              "the output of the command for MINE holds no token: a token is one word of at"
                  + " least 8 characters");
    }
    refusal(() -> sources.command("MINE", "printf 'sk-ant-\\377\\376-bytes'"), false)
        .hasMessageContaining("holds no token");
  }

  @Test
  void oneThatNeverEndsIsStoppedWithAllItStarted() throws Exception {
    Path pids = folder.resolve("pids");
    String command = "sleep 300 & echo $! > " + pids + "; echo " + TOKEN + "; wait";
    refusal(() -> sources.command("MINE", command, SHORT), true)
        .hasMessage("the command for MINE did not end within 2.0 s");
    long pid = Long.parseLong(Files.readString(pids).strip());
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(running(pid)).as("what it left running").isFalse());
  }

  /** Not so a zombie: other tests make this process the one that adopts it. */
  private static boolean running(long pid) throws IOException {
    Path stat = Path.of("/proc/" + pid + "/stat");
    try {
      String text = Files.readString(stat);
      return text.charAt(text.lastIndexOf(')') + 2) != 'Z';
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Test
  void oneThatLeavesSomethingRunningStillGivesItsToken() {
    // The background job holds the output open; the command itself has ended.
    assertThat(sources.command("MINE", "echo " + TOKEN + "; sleep 5 &").value().reveal())
        .isEqualTo(TOKEN);
  }

  @Test
  void oneThatPrintsWithoutEndIsStoppedAtOnce() {
    long start = System.nanoTime();
    refusal(() -> sources.command("MINE", "while :; do echo four-five; done"), true)
        .hasMessage("the command for MINE printed more than 65536 bytes: it must print one token");
    assertThat(System.nanoTime() - start)
        .as("far from its 30 seconds")
        .isLessThan(Duration.ofSeconds(28).toNanos());
  }

  @Test
  void anInterruptStopsIt() {
    Thread.currentThread().interrupt();
    refusal(() -> sources.command("MINE", "sleep 300"), true)
        .hasMessage("the command for MINE was interrupted");
    assertThat(Thread.interrupted()).as("the interrupt is not lost").isTrue();
  }
}
