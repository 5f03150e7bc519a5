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
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings were made with 0.169.0 against a server on loopback. */
class CodexReadingTest {
  private static final Instant NOW = Instant.parse("2026-11-21T19:48:10Z");
  private static final String BEGUN =
      "{\"type\":\"thread.started\",\"thread_id\":\"t-1\"}\n{\"type\":\"turn.started\"}\n";
  private static final String SAID =
      "{\"type\":\"item.completed\",\"item\":{\"id\":\"item_0\",\"type\":\"agent_message\","
          + "\"text\":\"Oslo\"}}\n";
  private static final String DONE =
      "{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":100,\"cached_input_tokens\":40,"
          + "\"cache_write_input_tokens\":7,\"output_tokens\":20,\"reasoning_output_tokens\":5,"
          + "\"new\":1}}\n";

  private final List<Sign> signs = new ArrayList<>();

  private static String recorded(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            CodexReadingTest.class.getResourceAsStream("/codex/" + name + ".jsonl"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Conclusion conclude(Ending ending, String output) {
    return conclude(ending, output, NOW);
  }

  private Conclusion conclude(Ending ending, String output, Instant now) {
    Reading reading = new CodexReading(Clock.fixed(now, ZoneOffset.UTC));
    long nanos = 0;
    for (String line : output.lines().toList()) {
      signs.addAll(reading.line(Channel.OUTPUT, line, false, ++nanos));
    }
    return reading.conclude(ending);
  }

  private static String failed(String message) {
    return "{\"type\":\"turn.failed\",\"error\":{\"message\":\"" + message + "\"}}\n";
  }

  private static String error(String message) {
    return "{\"type\":\"error\",\"message\":\"" + message + "\"}\n";
  }

  @Test
  void aGoodTurnGivesEveryClaimFromWhereItStandsAndNoOther() {
    Conclusion conclusion = conclude(exit(0), BEGUN + SAID + DONE);

    assertThat(conclusion.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(conclusion.reason()).isEqualTo("answered");
    assertThat(conclusion.claims())
        .isEqualTo(
            new Claims(
                "t-1", null, null, null, 53L, 20L, 40L, 7L, null, 1, "Oslo", false, null, null,
                null, 0, null, null));
    assertThat(signs).containsExactly(new Sign.Session("t-1"), new Sign.Answered(4));
  }

  @Test
  void aRecordedTurnWithAToolIsReadAndAnErrorOnTheWayIsOnlyARemark() throws IOException {
    Conclusion conclusion = conclude(exit(0), recorded("tool-use"));

    assertThat(conclusion.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(conclusion.reason())
        .startsWith("answered; it remarked: Model metadata for `gpt-rehearsal` not found.");
    assertThat(signs)
        .containsSequence(
            new Sign.ToolCalled("item_1", "command_execution"),
            new Sign.ToolCalled("item_1", "command_execution"),
            new Sign.ToolAnswered("item_1", false));
    assertThat(conclusion.claims().result()).isEqualTo("Oslo");
    assertThat(conclusion.claims().inputTokens()).isEqualTo(120);
    assertThat(conclusion.claims().cacheReadTokens()).isEqualTo(80);
    assertThat(conclusion.claims().outputTokens()).isEqualTo(40);
  }

  @Test
  void theFirstRefusalIsHopelessAndSaidOnce() throws IOException {
    Conclusion conclusion = conclude(exit(1), recorded("refused"));

    assertThat(conclusion.outcome()).isEqualTo(Outcome.UNAUTHORIZED);
    assertThat(conclusion.reason())
        .startsWith("the credential was refused (401); check or replace it: unexpected status 401");
    assertThat(conclusion.claims().apiErrorStatus()).isEqualTo(401);
    assertThat(signs)
        .startsWith(
            new Sign.Session("01a1ffa6-d56c-7f10-8928-57b2b9ebba43"),
            new Sign.ApiRetry(1, 401, 0),
            new Sign.Hopeless(
                Outcome.UNAUTHORIZED, "the credential was refused (401); check or replace it"),
            new Sign.ApiRetry(2, 401, 0));
    assertThat(signs.stream().filter(Sign.Hopeless.class::isInstance)).hasSize(1);
  }

  @Test
  void stoppedAtTheFirstRefusalItIsUnauthorized() throws IOException {
    String first = String.join("\n", recorded("refused").lines().limit(3).toList());
    assertThat(conclude(stopped(Stopped.HOPELESS), first).outcome())
        .isEqualTo(Outcome.UNAUTHORIZED);
  }

  @Test
  void aLimitOfTheRateSaysNoTime() throws IOException {
    Conclusion conclusion = conclude(exit(1), recorded("limited"));
    assertThat(conclusion.outcome()).isEqualTo(Outcome.RATE_LIMITED);
    assertThat(conclusion.restUntil()).isEmpty();
    assertThat(conclusion.claims().apiErrorStatus()).isEqualTo(429);
  }

  @Test
  void aUsageLimitRestsTheCredentialUntilTheMinuteThatItNamesIsOver() throws IOException {
    Conclusion conclusion = conclude(exit(1), recorded("usage-limit"));
    assertThat(conclusion.outcome()).isEqualTo(Outcome.RATE_LIMITED);
    assertThat(conclusion.reason()).contains("You’ve hit your usage limit");
    assertThat(conclusion.restUntil()).contains(Instant.parse("2026-11-21T21:49:00Z"));
  }

  @ParameterizedTest
  @CsvSource({
    "Try again at 9:48 PM.,2026-11-21T19:48:10Z,2026-11-21T21:49:00Z",
    "try again at 9:48 PM.,2026-11-21T19:48:10Z,2026-11-21T21:49:00Z",
    "try again at 7:48 PM.,2026-11-21T19:48:10Z,2026-11-21T19:49:00Z",
    "try again at 12:10 AM.,2026-11-21T23:50:00Z,2026-11-22T00:11:00Z",
    "'try again at Nov 23rd, 2026 10:00 PM.',2026-11-21T19:48:10Z,2026-11-23T22:01:00Z",
    "'try again at Dec 1st, 2026 1:05 AM.',2026-11-21T19:48:10Z,2026-12-01T01:06:00Z",
    "try again at 13:99 PM.,2026-11-21T19:48:10Z,",
    "try again later.,2026-11-21T19:48:10Z,"
  })
  void theTimeOfALimitIsReadFromItsSentence(String words, Instant now, Instant until) {
    String said = "You’ve hit your usage limit. Upgrade to Pro or " + words;
    Conclusion conclusion = conclude(exit(1), BEGUN + error(said) + failed(said), now);
    assertThat(conclusion.outcome()).isEqualTo(Outcome.RATE_LIMITED);
    assertThat(conclusion.restUntil().orElse(null)).isEqualTo(until);
  }

  @ParameterizedTest
  @ValueSource(strings = {"overloaded", "broken-stream"})
  void whatTheApiBrokeIsItsFailureAndMayBeTriedAgain(String name) throws IOException {
    Conclusion conclusion = conclude(exit(1), recorded(name));
    assertThat(conclusion.outcome()).isEqualTo(Outcome.API_ERROR);
    assertThat(conclusion.hopeless()).isFalse();
    assertThat(signs.stream().filter(Sign.ApiRetry.class::isInstance)).hasSize(5);
  }

  @Test
  void noCreditAndARefusedRequestCanNotEndOtherwise() {
    Conclusion quota =
        conclude(exit(1), BEGUN + failed("Quota exceeded. Check your plan and billing details."));
    assertThat(quota.outcome()).isEqualTo(Outcome.API_ERROR);
    assertThat(quota.hopeless()).isTrue();
    Conclusion request =
        conclude(exit(1), BEGUN + failed("unexpected status 400 Bad Request: no such tool"));
    assertThat(request.outcome()).isEqualTo(Outcome.API_ERROR);
    assertThat(request.hopeless()).isTrue();
  }

  @Test
  void aTurnThatFailedForNoReasonOfTheApiIsTheAgentsOwn() {
    Conclusion conclusion = conclude(exit(1), BEGUN + failed("context window exceeded"));
    assertThat(conclusion.outcome()).isEqualTo(Outcome.AGENT_ERROR);
    assertThat(conclusion.reason()).isEqualTo("its turn failed: context window exceeded");
    assertThat(conclusion.claims().error()).isTrue();
  }

  @Test
  void aRetryThatHelpedIsNoFailure() {
    String again = error("Reconnecting... 1/5 (stream disconnected before completion: x)");
    Conclusion conclusion = conclude(exit(0), BEGUN + again + SAID + DONE);
    assertThat(conclusion.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(signs).contains(new Sign.ApiRetry(1, null, 0));
  }

  @Test
  void anErrorBeforeAGoodEndIsOverAndOneAfterItIsNot() {
    assertThat(conclude(exit(0), BEGUN + error("odd") + SAID + DONE).outcome())
        .isEqualTo(Outcome.SUCCEEDED);
    assertThat(conclude(exit(1), BEGUN + SAID + DONE + error("odd")).outcome())
        .isEqualTo(Outcome.AGENT_ERROR);
  }

  @Test
  void stoppedByTermItPrintsNoEndOfItsTurn() throws IOException {
    Conclusion conclusion =
        conclude(
            new Ending(143, null, Stopped.NOT, 100, 0, false, java.util.Optional.empty()),
            recorded("stopped"));
    assertThat(conclusion.outcome()).isEqualTo(Outcome.AGENT_ERROR);
    assertThat(conclusion.reason()).isEqualTo("printed no end of its turn (exit 143)");
    assertThat(conclude(stopped(Stopped.CANCELLED), recorded("stopped")).outcome())
        .isEqualTo(Outcome.CANCELLED);
    assertThat(conclude(stopped(Stopped.TIMED_OUT), recorded("stopped")).outcome())
        .isEqualTo(Outcome.TIMED_OUT);
    assertThat(conclude(killed(9), recorded("stopped")).outcome()).isEqualTo(Outcome.AGENT_ERROR);
  }

  @Test
  void aGoodResultWithABadEndIsNone() {
    Conclusion conclusion = conclude(exit(3), BEGUN + SAID + DONE);
    assertThat(conclusion.outcome()).isEqualTo(Outcome.AGENT_ERROR);
    assertThat(conclusion.reason()).isEqualTo("gave a good result, but exit 3");
  }

  @Test
  void aTurnWithoutAnAnswerIsInvalid() {
    assertThat(conclude(exit(0), BEGUN + DONE).outcome()).isEqualTo(Outcome.OUTPUT_INVALID);
  }

  @Test
  void declinedToolUsesAreCounted() {
    String declined =
        "{\"type\":\"item.completed\",\"item\":{\"type\":\"command_execution\","
            + "\"status\":\"declined\"}}\n";
    Conclusion conclusion = conclude(exit(0), BEGUN + declined + declined + SAID + DONE);
    assertThat(conclusion.reason()).isEqualTo("answered; permission denied for 2 tool uses");
    assertThat(conclusion.claims().permissionDenials()).isEqualTo(2);
  }

  @Test
  void anIdOfTheRehearsalServerInAFailureMarksIt() {
    String said = "unexpected status 400 Bad Request: x, request id: req_rehearsal_1";
    assertThat(conclude(exit(1), BEGUN + failed(said)).rehearsal()).isTrue();
    assertThat(conclude(exit(0), BEGUN + SAID + DONE).rehearsal()).isFalse();
  }

  @Test
  void whatItAlwaysSaysOnStandardErrorExplainsNothing() {
    Reading reading = new CodexReading(Clock.systemUTC());
    reading.line(Channel.ERROR, "Reading additional input from stdin...", false, 1);
    reading.line(Channel.ERROR, "WARNING: proceeding, even though we could not …", false, 2);
    reading.line(Channel.ERROR, "Error: no such model", false, 3);
    assertThat(
            reading
                .conclude(
                    new Ending(1, null, Stopped.NOT, 0, 90, false, java.util.Optional.empty()))
                .reason())
        .isEqualTo("printed nothing (exit 1); on standard error: Error: no such model");
  }

  @Test
  void brokenOutputNeverThrows() throws IOException {
    String all = recorded("tool-use") + recorded("refused") + BEGUN + SAID + DONE;
    Random random = new Random(5);
    for (int round = 0; round < 500; round++) {
      byte[] bytes = all.getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 20; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      String broken = new String(bytes, 0, random.nextInt(bytes.length), StandardCharsets.UTF_8);
      assertThat(conclude(exit(random.nextInt(2)), broken).outcome()).isNotNull();
    }
  }
}
