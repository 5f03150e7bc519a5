package dev.regatta.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was printed against what the transcript of the session holds. */
class ConfrontationTest {
  private static final String SESSION = "fb586d1d-1445-48de-8367-7e902d8f2cf7";

  @TempDir Path config;

  private void transcript(String... lines) throws IOException {
    Path folder = Files.createDirectories(config.resolve("projects/-work"));
    Files.write(folder.resolve(SESSION + ".jsonl"), List.of(lines));
  }

  private static String said(String block) {
    return said("claude-haiku-4-5", SESSION, block);
  }

  private static String said(String model, String session, String block) {
    return """
    {"type":"assistant","sessionId":"%s","message":{"id":"m1","model":"%s","content":[%s]}}\
    """
        .formatted(session, model, block);
  }

  private static String text(String words) {
    return "{\"type\":\"text\",\"text\":\"" + words + "\"}";
  }

  private static String called(String id) {
    return "{\"type\":\"tool_use\",\"id\":\"" + id + "\",\"name\":\"Bash\"}";
  }

  private static String answered(String id) {
    return """
    {"type":"user","sessionId":"%s","message":{"content":[{"type":"tool_result","tool_use_id":"%s"}]}}\
    """
        .formatted(SESSION, id);
  }

  private static String printed(String block) {
    return """
    {"type":"assistant","session_id":"%s","message":{"model":"x","content":[%s]}}\
    """
        .formatted(SESSION, block);
  }

  private static String result(String words) {
    return """
    {"type":"result","is_error":false,"result":"%s","session_id":"%s"}\
    """
        .formatted(words, SESSION);
  }

  private TranscriptCheck check(String... output) {
    return new Confrontation(config)
        .of(Optional.of("claude"), PrintedAnswer.of(String.join("\n", output)));
  }

  @Test
  void whatTheModelSaidAndToolsThatWereRunAreNoHallucination() throws IOException {
    transcript(said(text("I look.")), said(called("t1")), answered("t1"), said(text("Paris")));
    TranscriptCheck check =
        check(
            printed(text("I look.")),
            printed(called("t1")),
            printed(text("Paris")),
            result("Paris"));
    assertThat(check.verdict()).isEqualTo(TranscriptCheck.Verdict.NONE);
    assertThat(check.session()).contains(SESSION);
  }

  @Test
  void anAnswerThatTheModelNeverGaveIsSuspectedWithItsLine() throws IOException {
    transcript(said(text("Paris")));
    TranscriptCheck check = check("{\"type\":\"system\"}", result("Paris\\nand all tests pass"));
    assertThat(check.verdict()).isEqualTo(TranscriptCheck.Verdict.SUSPECTED);
    assertThat(check.detail()).isEqualTo("line 2: the model did not say: and all tests pass");
  }

  @Test
  void aToolThatWasCalledAndNeverRunIsSuspected() throws IOException {
    transcript(said(called("t1")), said(text("Done")));
    assertThat(check(printed(called("t1")), result("Done")).detail())
        .isEqualTo("line 1: the tool Bash (t1) was never run");
  }

  @Test
  void whatOtherSessionsSaidOrTheCliItselfDoesNotCount() throws IOException {
    transcript(
        said("claude-haiku-4-5", "another", text("Paris")),
        said("<synthetic>", SESSION, text("Paris")));
    assertThat(check(result("Paris")).verdict()).isEqualTo(TranscriptCheck.Verdict.SUSPECTED);
  }

  @Test
  void whereNothingCanBeToldItIsUnknownAndSaysWhy() throws IOException {
    assertThat(check("just text").detail()).startsWith("the output names no session");
    assertThat(check(result("Paris")).detail()).startsWith("there is no transcript of session");
    assertThat(new Confrontation(config).of(Optional.of("codex"), PrintedAnswer.of("")).detail())
        .isEqualTo("transcripts of codex are not read here");
    assertThat(new Confrontation(config).of(Optional.empty(), PrintedAnswer.of("")).detail())
        .isEqualTo("the command starts no agent that is known");
    assertThat(check(result("x").replace("false", "true")).detail())
        .isEqualTo("it printed no answer, but an error");
    transcript(said(text("Lyon")), "{ cut");
    assertThat(check(result("Paris")))
        .extracting(TranscriptCheck::verdict, TranscriptCheck::detail)
        .containsExactly(
            TranscriptCheck.Verdict.UNKNOWN,
            "the transcript was not read whole: a line is not JSON");
  }

  @Test
  void aSessionThatIsNoNameOfAFileLeadsNowhere() throws IOException {
    Files.writeString(config.resolve("secret.jsonl"), said(text("Paris")));
    String forged = result("Paris").replace(SESSION, "../../secret");
    assertThat(check(forged).verdict()).isEqualTo(TranscriptCheck.Verdict.UNKNOWN);
  }
}
