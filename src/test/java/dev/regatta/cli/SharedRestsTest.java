package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.credential.Credential;
import dev.regatta.journal.Event;
import dev.regatta.secret.Secret;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.Rest;
import dev.regatta.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class SharedRestsTest {
  private static final long RESET = Instant.now().getEpochSecond() + 3600;

  private static final Credential ONE =
      new Credential("ONE", new Secret("sk-ant-api03-shared-one"));
  private static final Event RESTED =
      new Event.CredentialRested("ONE", Instant.ofEpochSecond(RESET).toString(), "refused");

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

  @Test
  void whoFindsARestDoesNotWaitForTheStoreAndNoneIsLost() throws Exception {
    RegattaHome home = RegattaHome.open(folder.resolve("home"));
    Store.open(home).close();
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + home.database());
        Statement statement = other.createStatement();
        SharedRests rests = rests(home, said)) {
      statement.execute("BEGIN EXCLUSIVE");
      rests.accept(RESTED);
      statement.execute("COMMIT");
    }
    assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
    try (Store store = Store.open(home)) {
      assertThat(store.rests(Instant.now()))
          .containsExactly(
              new Rest(ONE.value().fingerprint(), "ONE", Instant.ofEpochSecond(RESET), "refused"));
    }
  }

  @Test
  void aRestThatCannotBeKeptIsSaid() throws Exception {
    RegattaHome home = RegattaHome.open(folder.resolve("home"));
    Files.writeString(home.database(), "this is no database, but long enough to look at it");
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (SharedRests rests = rests(home, said)) {
      rests.accept(RESTED);
    }
    assertThat(said.toString(StandardCharsets.UTF_8)).startsWith("regatta: ");
  }

  private static SharedRests rests(RegattaHome home, ByteArrayOutputStream said) {
    return new SharedRests(home, List.of(ONE), new PrintStream(said, true, StandardCharsets.UTF_8));
  }

  @Test
  void aTreeIsNotBegunWhereEveryCredentialIsRefusedUntilATime() throws IOException {
    Path programs = FakeClaude.in(folder, FakeClaude.ANSWERS);
    Secret token = new Secret("sk-ant-api03-limited-one");
    Instant until = Instant.ofEpochSecond(RESET);
    try (Store store = Store.open(RegattaHome.open(folder.resolve(".regatta")))) {
      store.rest(new Rest(token.fingerprint(), "CLAUDE_CODE_TOKEN1", until, "at its limit"));
    }
    Cli.Ended ended =
        Cli.in(folder)
            .path(programs)
            .with("CLAUDE_CODE_TOKEN1", token.reveal())
            .within("prove", "--agent", "claude", "--tree", "2x2", "--json");
    assertThat(ended.exit()).as(ended.err()).isEqualTo(ExitCode.FAILED);
    JsonNode report = Parsed.json(ended.out());
    assertThat(report.path("phases").values()).as("nothing was begun").isEmpty();
    assertThat(report.at("/run/status").asString()).isEqualTo("interrupted");
    assertThat(report.at("/verdict/parallel").asString()).isEqualTo("inconclusive");
    assertThat(report.path("notes").toString())
        .contains("the proof ends before tree-1: every credential is refused")
        .contains("the first of them until " + until + ", and a proof does not wait");
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
