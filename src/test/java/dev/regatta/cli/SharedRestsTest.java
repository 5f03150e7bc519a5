package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedRestsTest {
  private static final long RESET = Instant.now().getEpochSecond() + 3600;

  @TempDir Path folder;

  @Test
  void aCredentialThatIsRefusedUntilATimeIsNotAskedWithInTheNextRunEither() throws IOException {
    Path programs =
        FakeClaude.in(
            folder,
            """
            echo "$ANTHROPIC_API_KEY" >> used
            case $ANTHROPIC_API_KEY in *limited*)
              printf '{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":RESET,"rateLimitType":"five_hour"}}\\n'
              printf '{"type":"result","subtype":"success","is_error":true,"api_error_status":429,"duration_ms":3,"duration_api_ms":2,"num_turns":1,"result":"limit","session_id":"%s","total_cost_usd":0,"usage":{"input_tokens":0,"output_tokens":0}}\\n' "$session"
              exit 1 ;;
            esac
            """
                    .replace("RESET", Long.toString(RESET))
                + FakeClaude.ANSWERS);
    Cli.Ended first = run(programs);
    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(Files.readAllLines(folder.resolve("used"))).hasSize(2);

    Cli.Ended second = run(programs);
    assertThat(second.exit()).as(second.err()).isZero();
    assertThat(second.err())
        .contains("CLAUDE_CODE_TOKEN1 rests until " + Instant.ofEpochSecond(RESET));
    assertThat(Files.readAllLines(folder.resolve("used")))
        .hasSize(3)
        .last()
        .isEqualTo("sk-ant-api03-good-one");
  }

  private Cli.Ended run(Path programs) {
    return Cli.in(folder)
        .path(programs)
        .with("CLAUDE_CODE_TOKEN1", "sk-ant-api03-limited-one")
        .with("CLAUDE_CODE_TOKEN2", "sk-ant-api03-good-one")
        .input("say hi\n")
        .within("run", "--agent", "claude", "-P", "1");
  }
}
