package dev.regatta.agent;

import static dev.regatta.agent.Examples.ASSISTANT;
import static dev.regatta.agent.Examples.GOOD;
import static dev.regatta.agent.Examples.INIT;
import static dev.regatta.agent.Examples.RESULT;
import static dev.regatta.agent.Examples.assistantError;
import static dev.regatta.agent.Examples.conclude;
import static dev.regatta.agent.Examples.exit;
import static dev.regatta.agent.Examples.failed;
import static dev.regatta.agent.Examples.killed;
import static dev.regatta.agent.Examples.retry;
import static dev.regatta.agent.Examples.stopped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Outcome;
import dev.regatta.process.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamReadingTest {

  @Test
  void aGoodTranscriptGivesEveryClaimFromWhereItStands() {
    Conclusion conclusion = conclude(exit(0), GOOD);

    assertThat(conclusion.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(conclusion.reason()).isEqualTo("answered");
    assertThat(conclusion.rehearsal()).isFalse();
    assertThat(conclusion.claims())
        .isEqualTo(
            new Claims(
                "s-1",
                4000L,
                3200L,
                0.0125,
                10L,
                20L,
                8L,
                7L,
                "claude-used",
                2,
                "done",
                false,
                "success",
                null,
                "completed",
                0,
                "2.1.329",
                Map.of("claude-used", new Claims.Use(10L, null, null, null, null))));
  }

  @Test
  void aSingleResultLineAsInJsonFormatIsEnough() {
    assertThat(conclude(exit(0), RESULT).outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void callsOfToolsAndTheirAnswersAreSigns() {
    Reading reading = new StreamReading();

    assertThat(
            reading.line(
                Channel.OUTPUT,
                "{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"hi\"},"
                    + "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"Bash\",\"input\":{\"a\":1}},"
                    + "{\"type\":\"tool_use\",\"id\":7}]},\"parent_tool_use_id\":\"toolu_0\"}",
                false,
                1))
        .containsExactly(new Sign.ToolCalled("toolu_1", "Bash"));
    assertThat(
            reading.line(
                Channel.OUTPUT,
                "{\"type\":\"user\",\"message\":{\"content\":[{\"type\":\"tool_result\","
                    + "\"tool_use_id\":\"toolu_1\",\"is_error\":true,\"content\":\"no\"}]}}",
                false,
                2))
        .containsExactly(new Sign.ToolAnswered("toolu_1", true));
    assertThat(
            reading.line(
                Channel.OUTPUT,
                "{\"type\":\"user\",\"message\":{\"content\":\"words\"}}",
                false,
                3))
        .isEmpty();
  }

  @Test
  void theLinesGiveSignsWhileTheAgentRuns() {
    Reading reading = new StreamReading();

    assertThat(reading.line(Channel.OUTPUT, INIT, false, 1))
        .containsExactly(new Sign.Session("s-1"));
    assertThat(reading.line(Channel.OUTPUT, INIT, false, 2)).isEmpty();
    assertThat(reading.line(Channel.OUTPUT, retry("529", 500), false, 3))
        .containsExactly(new Sign.ApiRetry(1, 529, 500));
    assertThat(reading.line(Channel.OUTPUT, RESULT, false, 4))
        .containsExactly(new Sign.Answered(4));
    assertThat(reading.line(Channel.ERROR, RESULT, false, 5)).isEmpty();
  }

  @Test
  void theFirstRefusalOfACredentialIsHopelessAndSaidOnce() {
    Reading reading = new StreamReading();

    assertThat(reading.line(Channel.OUTPUT, retry("401", 538), false, 1))
        .containsExactly(
            new Sign.ApiRetry(1, 401, 538),
            new Sign.Hopeless(
                Outcome.UNAUTHORIZED, "the credential was refused (401); check or replace it"));
    assertThat(reading.line(Channel.OUTPUT, retry("401", 538), false, 2)).hasSize(1);
    Conclusion conclusion = reading.conclude(stopped(Stopped.HOPELESS));
    assertThat(conclusion.outcome()).isEqualTo(Outcome.UNAUTHORIZED);
    assertThat(conclusion.hopeless()).isFalse();
  }

  @Test
  void waitsAreAddedUpAndThoseForLimitsApart() {
    Conclusion conclusion =
        conclude(exit(0), INIT, retry("529", 500), retry("429", 2000), ASSISTANT, RESULT);

    assertThat(conclusion.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(conclusion.retryWaitMs()).isEqualTo(2500);
    assertThat(conclusion.rateLimitWaitMs()).isEqualTo(2000);
  }

  @Test
  void aRejectedLimitSaysUntilWhenTheCredentialRests() {
    String event =
        "{\"type\":\"rate_limit_event\",\"rate_limit_info\":"
            + "{\"status\":\"rejected\",\"resetsAt\":1795000000}}";
    Instant until = Instant.ofEpochSecond(1795000000);

    assertThat(new StreamReading().line(Channel.OUTPUT, event, false, 1))
        .containsExactly(new Sign.Limited(until));
    Conclusion conclusion = conclude(exit(1), event, failed("429", "limit reached"));
    assertThat(conclusion.outcome()).isEqualTo(Outcome.RATE_LIMITED);
    assertThat(conclusion.restUntil()).contains(until);
    assertThat(conclude(exit(0), event.replace("rejected", "allowed_warning"), RESULT).outcome())
        .isEqualTo(Outcome.SUCCEEDED);
  }

  @ParameterizedTest
  @CsvSource({
    "0.95, 0.95",
    "1.02, 1.02",
    "95, 0.95",
  })
  void howMuchOfALimitIsUsedIsAShareOrPerCent(String said, double share) {
    String event =
        "{\"type\":\"rate_limit_event\",\"rate_limit_info\":{\"status\":\"allowed_warning\","
            + "\"resetsAt\":1795000000,\"rateLimitType\":\"five_hour\",\"utilization\":"
            + said
            + "}}";
    assertThat(new StreamReading().line(Channel.OUTPUT, event, false, 1))
        .containsExactly(new Sign.Used("five_hour", share, Instant.ofEpochSecond(1795000000)));
    assertThat(new StreamReading().line(Channel.OUTPUT, event.replace(said, "-1"), false, 1))
        .as("absurd, so not known")
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "401, authentication_failed, UNAUTHORIZED, false, refused (401)",
    "401, '', UNAUTHORIZED, false, refused (401)",
    "429, rate_limit, RATE_LIMITED, false, at its limit (429)",
    "429, '', RATE_LIMITED, false, at its limit (429)",
    "null, server_error, API_ERROR, false, the API call failed (server_error)",
    "529, '', API_ERROR, false, the API is overloaded (529)",
    "500, server_error, API_ERROR, false, the API failed (500)",
    "503, server_error, API_ERROR, false, the API failed (503)",
    "400, billing_error, API_ERROR, true, no credit left",
    "400, '', API_ERROR, true, the API refused the request (400)",
    "413, '', API_ERROR, true, the API failed (413)",
    "408, '', API_ERROR, false, the API failed (408)",
    "404, model_not_found, API_ERROR, true, does not know the model",
    "null, unknown, API_ERROR, false, the API call failed (unknown)",
    "null, '', AGENT_ERROR, false, calls its own result an error"
  })
  void anErrorResultIsTypedByStatusAndWord(
      String status, String error, Outcome outcome, boolean hopeless, String reason) {
    String[] lines =
        error.isEmpty()
            ? new String[] {INIT, failed(status, "API \\u001b[31mError")}
            : new String[] {INIT, assistantError(error), failed(status, "API \\u001b[31mError")};

    for (int code : new int[] {0, 1}) {
      Conclusion conclusion = conclude(exit(code), lines);
      assertThat(conclusion.outcome()).isEqualTo(outcome);
      assertThat(conclusion.hopeless()).isEqualTo(hopeless);
      assertThat(conclusion.reason()).contains(reason).contains("API [31mError");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "error_max_turns, stopped at its greatest number of turns",
    "error_max_budget_usd, stopped at its budget",
    "error_max_structured_output_retries, did not answer in the form asked for",
    "error_during_execution, failed while it worked"
  })
  void theAgentsOwnFailuresAreAgentErrors(String subtype, String reason) {
    Conclusion conclusion =
        conclude(exit(1), "{\"type\":\"result\",\"subtype\":\"" + subtype + "\"}");

    assertThat(conclusion.outcome()).isEqualTo(Outcome.AGENT_ERROR);
    assertThat(conclusion.reason()).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "TIMED_OUT, TIMED_OUT, ran longer than its 30 s limit; raise it with --timeout",
    "FIRST_OUTPUT_TIMED_OUT, STALLED, no first output within 30 s",
    "STALLED, STALLED, silent for 30 s; raise --stall",
    "CANCELLED, CANCELLED, cancelled"
  })
  void ourOwnStopIsTheReasonUnlessTheApiSaidMore(Stopped why, Outcome outcome, String reason) {
    assertThat(conclude(stopped(why), INIT).outcome()).isEqualTo(outcome);
    assertThat(conclude(stopped(why), INIT).reason()).isEqualTo(reason);
    assertThat(conclude(stopped(why), INIT, retry("529", 5)).reason())
        .isEqualTo(reason + "; it was repeating calls after HTTP status 529");
    assertThat(conclude(stopped(why), GOOD).outcome()).isEqualTo(outcome);
    assertThat(conclude(stopped(why), GOOD).reason()).endsWith("it had answered, but did not end");
    assertThat(conclude(stopped(why), INIT, retry("401", 5)).outcome())
        .isEqualTo(Outcome.UNAUTHORIZED);
    assertThat(conclude(stopped(why), INIT, assistantError("rate_limit")).outcome())
        .isEqualTo(Outcome.RATE_LIMITED);
    assertThat(
            conclude(stopped(why), "{\"type\":\"result\",\"subtype\":\"error_during_execution\"}")
                .outcome())
        .isEqualTo(outcome);
  }

  @Test
  void aGoodResultWithABadEndIsAnAgentErrorThatSaysSo() {
    assertThat(conclude(exit(1), GOOD).outcome()).isEqualTo(Outcome.AGENT_ERROR);
    assertThat(conclude(exit(1), GOOD).reason()).isEqualTo("gave a good result, but exit 1");
    assertThat(conclude(killed(9), GOOD).reason())
        .isEqualTo("gave a good result, but ended by signal 9 (KILL)");
  }

  @Test
  void outputWithoutAResultSaysWhatIsWrongWithIt() {
    Ending nothing = new Ending(0, null, Stopped.NOT, 0, 0, false, Optional.empty());
    Ending binary = new Ending(0, null, Stopped.NOT, 9, 0, true, Optional.empty());

    expect(conclude(nothing), Outcome.OUTPUT_INVALID, "printed nothing (exit 0)");
    expect(conclude(binary, "\u0001"), Outcome.OUTPUT_INVALID, "printed binary data (exit 0)");
    expect(
        conclude(exit(0), "hello"),
        Outcome.OUTPUT_INVALID,
        "printed what is not JSON: hello (exit 0)");
    expect(
        conclude(exit(0), INIT, RESULT.substring(0, 80)),
        Outcome.OUTPUT_INVALID,
        "printed JSON that is cut short (exit 0)");
    expect(
        conclude(exit(0), "17"),
        Outcome.OUTPUT_INVALID,
        "printed JSON that is not an event: 17 (exit 0)");
    assertThat(conclude(exit(0), RESULT + RESULT).outcome()).isEqualTo(Outcome.OUTPUT_INVALID);
    expect(conclude(exit(0), INIT), Outcome.OUTPUT_INVALID, "printed no result line (exit 0)");
    expect(
        conclude(killed(9), INIT, ASSISTANT),
        Outcome.AGENT_ERROR,
        "printed no result line (ended by signal 9 (KILL))");
    expect(conclude(exit(143), INIT), Outcome.AGENT_ERROR, "printed no result line (exit 143)");
    expect(
        conclude(exit(0), "{\"type\":\"result\"}"),
        Outcome.OUTPUT_INVALID,
        "its result does not say whether it is an error");
  }

  @Test
  void whatItSaidOnStandardErrorStandsInTheReason() {
    Reading reading = new StreamReading();
    reading.line(Channel.ERROR, "error: \u001b[1munknown option", false, 1);

    assertThat(
            reading
                .conclude(new Ending(1, null, Stopped.NOT, 0, 30, false, Optional.empty()))
                .reason())
        .isEqualTo("printed nothing (exit 1); on standard error: error: [1munknown option");
  }

  @Test
  void aCutLineIsNeverParsed() {
    Reading reading = new StreamReading();

    assertThat(reading.line(Channel.OUTPUT, RESULT, true, 1)).isEmpty();
    expect(
        reading.conclude(exit(0)),
        Outcome.OUTPUT_INVALID,
        "printed a line too long to be read (exit 0)");
  }

  @Test
  void ofSeveralResultsTheLastCountsAndTheReasonSaysHowMany() {
    Conclusion conclusion = conclude(exit(0), INIT, RESULT, INIT, RESULT.replace("done", "later"));

    assertThat(conclusion.claims().result()).isEqualTo("later");
    assertThat(conclusion.reason()).isEqualTo("answered; it printed 2 results, the last counts");
    assertThat(conclude(exit(0), RESULT, failed("500", "")).outcome()).isEqualTo(Outcome.API_ERROR);
  }

  @Test
  void deniedToolUsesStandInTheReasonOfASuccess() {
    String denied = RESULT.replace("\"permission_denials\":[]", "\"permission_denials\":[{},{}]");

    assertThat(conclude(exit(0), denied).reason())
        .isEqualTo("answered; permission denied for 2 tool uses");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "\"3200\"", "1e3", "12.5", "99999999999999999999", "true", "null", "[1]"})
  void whatIsNoSensibleNumberIsMissing(String number) {
    Claims claims =
        conclude(
                exit(0),
                RESULT
                    .replace("3200", number)
                    .replace("\"output_tokens\":20", "\"output_tokens\":" + number))
            .claims();

    assertThat(claims.missing()).containsExactly("duration_api_ms", "usage.output_tokens");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0.5", "\"1\"", "1e99", "1e999", "false"})
  void whatIsNoSensibleCostIsMissing(String cost) {
    assertThat(conclude(exit(0), RESULT.replace("0.0125", cost)).claims().costUsd()).isNull();
  }

  @Test
  void theModelIsTheAnsweringOneWhereSeveralWereUsed() {
    String several = RESULT.replace("{\"claude-used\":", "{\"other\":{},\"claude-used\":");

    assertThat(conclude(exit(0), INIT, ASSISTANT, several).claims().model())
        .isEqualTo("claude-answering");
    assertThat(conclude(exit(0), INIT, several).claims().model()).isEqualTo("claude-asked");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"new\",\"rehearsal\":true}",
        "{\"type\":\"assistant\",\"message\":{\"id\":\"msg_rehearsal_1\"}}",
        "{\"type\":\"assistant\",\"request_id\":\"req_rehearsal_1\"}"
      })
  void eachMarkOfARehearsalIsSeen(String line) {
    assertThat(conclude(exit(0), INIT, line, RESULT).rehearsal()).isTrue();
  }

  @Test
  void aTranscriptCutAnywhereSucceedsOnlyWithItsWholeResult() {
    byte[] whole = String.join("\n", GOOD).getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < whole.length; length++) {
      String text = new String(Arrays.copyOf(whole, length), StandardCharsets.UTF_8);
      Conclusion conclusion = conclude(exit(0), text.lines().toList());
      assertThat(conclusion.outcome())
          .as("cut after %d bytes", length)
          .isEqualTo(Outcome.OUTPUT_INVALID);
    }
    assertThat(conclude(exit(0), GOOD).outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void noMutationMakesItThrowOrLeavesControlCharactersInAReason() {
    Random random = new Random(20261121);
    List<String> lines =
        List.of(INIT, retry("429", 7), ASSISTANT, assistantError("x"), failed("500", "t"), RESULT);
    byte[] whole = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    Stopped[] stops = Stopped.values();
    for (int round = 0; round < 3000; round++) {
      byte[] bytes = whole.clone();
      for (int change = random.nextInt(1, 12); change > 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      String text = new String(bytes, StandardCharsets.UTF_8);
      Conclusion conclusion =
          conclude(
              random.nextBoolean() ? exit(round % 3) : stopped(stops[round % stops.length]),
              text.lines().toList());
      assertThat(conclusion.reason())
          .as("round %d", round)
          .isNotBlank()
          .doesNotContainPattern("\\p{Cntrl}");
      assertThat(conclusion.retryWaitMs()).isNotNegative();
    }
  }

  @ParameterizedTest
  @EnumSource(Stopped.class)
  void everyStopHasAnOutcomeAndAWord(Stopped why) {
    assertThat(conclude(stopped(why), INIT).outcome()).isNotEqualTo(Outcome.SUCCEEDED);
    assertThat(why.word()).matches("[a-z-]+");
  }

  private static void expect(Conclusion conclusion, Outcome outcome, String reason) {
    assertThat(conclusion.reason()).isEqualTo(reason);
    assertThat(conclusion.outcome()).isEqualTo(outcome);
  }
}
