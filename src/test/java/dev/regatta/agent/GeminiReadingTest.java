package dev.regatta.agent;

import static dev.regatta.agent.Examples.exit;
import static dev.regatta.agent.Examples.killed;
import static dev.regatta.agent.Examples.stopped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Outcome;
import dev.regatta.process.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the real CLI printed, recorded with version 0.61.0 against a server of our own. */
class GeminiReadingTest {
  private static final String INIT =
      "{\"type\":\"init\",\"timestamp\":\"2026-11-21T19:00:00Z\",\"session_id\":\"s-1\","
          + "\"model\":\"gemini-asked\"}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          success.jsonl       | 0   | SUCCEEDED    | answered
          refused.jsonl       | 145 | UNAUTHORIZED | the credential was refused (401); check or replace it: Request had
          forbidden.jsonl     | 147 | UNAUTHORIZED | the credential was refused (403); check or replace it: Permission
          bad-key.jsonl       | 144 | UNAUTHORIZED | the credential was refused (400); check or replace it: API key not
          unknown-model.jsonl | 1   | API_ERROR    | the API does not know the model; check --model: models/x is not
          daily-quota.jsonl   | 173 | RATE_LIMITED | the credential is at its limit (429): You have exhausted your daily
          empty-stream.jsonl  | 0   | API_ERROR    | the API gave no answer that can be used: Model stream ended without
          malformed.jsonl     | 1   | API_ERROR    | the API call failed: Unterminated string in JSON
          broken-stream.jsonl | 1   | API_ERROR    | the API call failed: terminated
          """)
  void eachEndIsUnderstood(String file, int exitCode, Outcome outcome, String reason)
      throws IOException {
    Conclusion conclusion = conclude(exit(exitCode), lines(file), List.of());

    assertThat(conclusion.outcome()).as(conclusion.reason()).isEqualTo(outcome);
    assertThat(conclusion.reason()).startsWith(reason);
    assertThat(conclusion.claims().sessionId()).isNotNull();
  }

  @Test
  void aGoodStreamGivesEveryClaimFromWhereItStands() throws IOException {
    Claims.Use use = new Claims.Use(160L, 24L, 40L, null, null);

    assertThat(conclude(exit(0), lines("success.jsonl"), List.of()).claims())
        .isEqualTo(
            new Claims(
                "c112c98e-5d39-4e5f-a69c-e3d9696a24b7",
                160L,
                null,
                null,
                160L,
                24L,
                40L,
                null,
                "gemini-2.5-pro",
                null,
                "Oslo",
                false,
                null,
                null,
                null,
                null,
                null,
                Map.of("gemini-2.5-pro", use)));
  }

  @Test
  void theStreamCarriesTheRehearsalsMark() throws IOException {
    assertThat(conclude(exit(0), lines("success.jsonl"), List.of()).rehearsal()).isTrue();
    assertThat(conclude(exit(0), lines("interrupted.jsonl"), List.of()).rehearsal()).isFalse();
    assertThat(conclude(exit(0), List.of(INIT, result("gemini-x-rehearsal")), List.of()))
        .matches(Conclusion::rehearsal);
    assertThat(conclude(exit(0), List.of(INIT, result("gemini-x")), List.of()))
        .matches(conclusion -> !conclusion.rehearsal());
  }

  @Test
  void theLinesGiveSignsWhileTheAgentRuns() {
    Reading reading = new GeminiReading();

    assertThat(reading.line(Channel.OUTPUT, INIT, false, 1))
        .containsExactly(new Sign.Session("s-1"));
    assertThat(reading.line(Channel.OUTPUT, INIT, false, 2)).isEmpty();
    assertThat(
            reading.line(
                Channel.OUTPUT,
                "{\"type\":\"tool_use\",\"tool_name\":\"write_file\",\"tool_id\":\"w-1\"}",
                false,
                3))
        .containsExactly(new Sign.ToolCalled("w-1", "write_file"));
    assertThat(
            reading.line(
                Channel.OUTPUT,
                "{\"type\":\"tool_result\",\"tool_id\":\"w-1\",\"status\":\"error\"}",
                false,
                3))
        .containsExactly(new Sign.ToolAnswered("w-1", true));
    assertThat(reading.line(Channel.OUTPUT, result("gemini-x"), false, 3))
        .containsExactly(new Sign.Answered(3));
  }

  @Test
  void callsThatItRepeatsAreReadFromItsText() throws IOException {
    assertThat(signs("limited.err"))
        .containsExactly(
            new Sign.ApiRetry(1, null, 5541),
            new Sign.ApiRetry(2, null, 10239),
            new Sign.ApiRetry(3, null, 21031),
            new Sign.ApiRetry(4, null, 30640));
    assertThat(signs("overloaded.err"))
        .containsExactly(
            new Sign.ApiRetry(1, 503, 0),
            new Sign.ApiRetry(2, 503, 0),
            new Sign.ApiRetry(3, 503, 0));
    assertThat(conclude(stopped(Stopped.TIMED_OUT), List.of(INIT), lines("limited.err")))
        .matches(conclusion -> conclusion.retryWaitMs() == 5541 + 10239 + 21031 + 30640)
        .extracting(Conclusion::reason)
        .isEqualTo(
            "ran longer than its 30 s limit; raise it with --timeout; it was repeating calls");
    assertThat(conclude(stopped(Stopped.STALLED), List.of(INIT), lines("overloaded.err")).reason())
        .endsWith("; it was repeating calls after HTTP status 503");
  }

  @Test
  void aLimitRestsTheCredentialForAsLongAsTheProviderSaid() throws IOException {
    List<String> quota = lines("daily-quota.jsonl");
    Instant ended = Instant.parse("2026-11-21T19:51:05.831Z");

    assertThat(conclude(exit(173), quota, lines("daily-quota.err")).restUntil()).isEmpty();
    assertThat(conclude(exit(173), quota, List.of("  retryDelayMs: 34000,")).restUntil())
        .contains(ended.plusSeconds(34));
    assertThat(conclude(exit(173), quota, List.of("  retryDelayMs: 9999999999,")).restUntil())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          41  | UNAUTHORIZED | false | the CLI could not log in (exit 41): it says why
          42  | AGENT_ERROR  | true  | the CLI takes no such prompt or option (exit 42): it says why
          44  | AGENT_ERROR  | false | its sandbox failed (exit 44): it says why
          52  | AGENT_ERROR  | true  | its settings are wrong (exit 52): it says why
          53  | AGENT_ERROR  | false | stopped at its greatest number of turns (exit 53): it says why
          54  | AGENT_ERROR  | false | a tool failed so that it could not go on (exit 54): it says why
          55  | AGENT_ERROR  | true  | it does not trust its folder (exit 55): it says why
          130 | AGENT_ERROR  | false | it was cancelled (exit 130): it says why
          """)
  void itsOwnExitCodesSayWhyWithAndWithoutAResult(
      int code, Outcome outcome, boolean hopeless, String reason) {
    List<String> complaints =
        List.of("Ripgrep is not available. Falling back to GrepTool.", "\u001B[31mit says why");
    String error =
        "{\"type\":\"result\",\"status\":\"error\",\"error\":{\"type\":\"FatalX\","
            + "\"message\":\"it says why\"}}";

    for (Conclusion conclusion :
        List.of(
            conclude(exit(code), List.of(), complaints),
            conclude(exit(code), List.of(INIT, error), List.of()))) {
      assertThat(conclusion.outcome()).isEqualTo(outcome);
      assertThat(conclusion.reason()).isEqualTo(reason);
      assertThat(conclusion.hopeless()).isEqualTo(hopeless);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "144, API_ERROR, the API refused the request (400)",
    "145, UNAUTHORIZED, the credential was refused (401)",
    "147, UNAUTHORIZED, the credential was refused (403)",
    "173, RATE_LIMITED, the credential is at its limit (429)",
    "244, API_ERROR, the API failed (500)",
    "247, API_ERROR, the API failed (503)",
    "1, API_ERROR, the API call failed"
  })
  void aStatusThatStandsNowhereIsReadFromTheExitCode(int code, Outcome outcome, String reason) {
    String error =
        "{\"type\":\"result\",\"status\":\"error\","
            + "\"error\":{\"type\":\"unknown\",\"message\":\"[API Error: it says why]\"}}";

    Conclusion conclusion = conclude(exit(code), List.of(INIT, error), List.of());

    assertThat(conclusion.outcome()).isEqualTo(outcome);
    assertThat(conclusion.reason()).startsWith(reason).endsWith(": it says why]");
  }

  @Test
  void aSignalEndsItWithZeroAndNoResultWhichIsNoSuccess() throws IOException {
    List<String> interrupted = lines("interrupted.jsonl");

    assertThat(conclude(exit(0), interrupted, List.of()))
        .extracting(Conclusion::outcome, Conclusion::reason)
        .containsExactly(Outcome.OUTPUT_INVALID, "printed no result line (exit 0)");
    assertThat(conclude(stopped(Stopped.CANCELLED), interrupted, List.of()).outcome())
        .isEqualTo(Outcome.CANCELLED);
    assertThat(conclude(killed(9), interrupted, List.of()).outcome())
        .isEqualTo(Outcome.AGENT_ERROR);
  }

  @Test
  void aGoodResultIsNoneAfterAnErrorOrAnotherEnd() {
    String error = "{\"type\":\"error\",\"severity\":\"error\",\"message\":\"Maximum turns\"}";
    String warning = "{\"type\":\"error\",\"severity\":\"warning\",\"message\":\"Loop detected\"}";
    String good = result("gemini-x");

    assertThat(conclude(exit(0), List.of(INIT, error, good), List.of()))
        .extracting(Conclusion::outcome, Conclusion::reason)
        .containsExactly(Outcome.AGENT_ERROR, "gave a good result after an error: Maximum turns");
    assertThat(conclude(exit(0), List.of(INIT, warning, good), List.of()))
        .extracting(Conclusion::outcome, Conclusion::reason)
        .containsExactly(Outcome.SUCCEEDED, "answered; it warned: Loop detected");
    assertThat(conclude(exit(3), List.of(INIT, good), List.of("no more room")))
        .extracting(Conclusion::outcome, Conclusion::reason)
        .containsExactly(
            Outcome.AGENT_ERROR, "gave a good result, but exit 3; on standard error: no more room");
    assertThat(conclude(exit(0), List.of("{\"type\":\"result\"}"), List.of()).outcome())
        .isEqualTo(Outcome.OUTPUT_INVALID);
  }

  @ParameterizedTest
  @EnumSource(
      value = Stopped.class,
      names = {"TIMED_OUT", "STALLED", "CANCELLED"})
  void ourOwnStopCountsWhereTheApiSaidNothing(Stopped why) {
    Conclusion conclusion = conclude(stopped(why), List.of(INIT, result("gemini-x")), List.of());

    assertThat(conclusion.reason()).endsWith("; it had answered, but did not end");
  }

  @Test
  void whatIsNoEventIsNamedAndNeverThrown() {
    assertThat(conclude(exit(0), List.of("hello"), List.of()).reason())
        .isEqualTo("printed what is not JSON: hello (exit 0)");
    assertThat(conclude(exit(0), List.of("{\"type\":\"in"), List.of()).reason())
        .isEqualTo("printed JSON that is cut short (exit 0)");
    assertThat(conclude(exit(0), List.of("[1]"), List.of()).reason())
        .startsWith("printed JSON that is not an event");
    Reading cut = new GeminiReading();
    cut.line(Channel.OUTPUT, INIT, true, 1);
    assertThat(cut.conclude(exit(0)).reason()).startsWith("printed a line too long to be read");
  }

  @Test
  void absurdOutputOfAnyKindIsSurvived() throws IOException {
    Random random = new Random(7);
    List<String> all = new ArrayList<>(lines("success.jsonl"));
    all.addAll(lines("refused.jsonl"));
    for (int round = 0; round < 2000; round++) {
      Reading reading = new GeminiReading();
      for (String line : all) {
        StringBuilder broken = new StringBuilder(line);
        int at = random.nextInt(broken.length());
        broken.setCharAt(at, (char) random.nextInt(0x300));
        Channel channel = random.nextBoolean() ? Channel.OUTPUT : Channel.ERROR;
        reading.line(channel, broken.toString(), false, 1);
      }
      Conclusion conclusion = reading.conclude(exit(random.nextInt(256)));
      assertThat(conclusion.reason()).hasSizeLessThan(1000).doesNotContain("\n");
    }
  }

  private static String result(String model) {
    return "{\"type\":\"result\",\"status\":\"success\",\"stats\":{\"total_tokens\":12,"
        + "\"input_tokens\":10,\"output_tokens\":2,\"cached\":0,\"input\":10,\"models\":{\""
        + model
        + "\":{\"total_tokens\":12,\"input_tokens\":10,\"cached\":0,\"input\":10}}}}";
  }

  private static List<Sign> signs(String file) throws IOException {
    Reading reading = new GeminiReading();
    return lines(file).stream()
        .flatMap(line -> reading.line(Channel.ERROR, line, false, 1).stream())
        .toList();
  }

  private static Conclusion conclude(Ending ending, List<String> output, List<String> errors) {
    Reading reading = new GeminiReading();
    output.forEach(line -> reading.line(Channel.OUTPUT, line, false, 1));
    errors.forEach(line -> reading.line(Channel.ERROR, line, false, 1));
    Ending whole =
        new Ending(
            ending.exitCode(),
            ending.signal(),
            ending.stopped(),
            output.isEmpty() ? 0 : 100,
            errors.isEmpty() ? 0 : 100,
            false,
            ending.limit().or(Optional::empty));
    return reading.conclude(whole);
  }

  private static List<String> lines(String file) throws IOException {
    try (InputStream in = GeminiReadingTest.class.getResourceAsStream("/gemini/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
