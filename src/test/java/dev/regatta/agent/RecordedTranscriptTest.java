package dev.regatta.agent;

import static dev.regatta.agent.Examples.exit;
import static dev.regatta.agent.Examples.stopped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Outcome;
import dev.regatta.process.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the real CLI printed, recorded with version 2.1.197 against a rehearsal server. */
class RecordedTranscriptTest {

  @ParameterizedTest
  @CsvSource({
    "success.jsonl, 0, SUCCEEDED, answered",
    "success.json, 0, SUCCEEDED, answered",
    "limited.jsonl, 1, RATE_LIMITED, the credential is at its limit (429)",
    "refused.jsonl, 1, UNAUTHORIZED, the credential was refused (401)",
    "overloaded.jsonl, 1, API_ERROR, Repeated 529 Overloaded",
    "bad-request.jsonl, 1, API_ERROR, the API refused the request (400)",
    "malformed.jsonl, 1, API_ERROR, Failed to parse JSON"
  })
  void eachEndIsUnderstood(String file, int exitCode, Outcome outcome, String reason)
      throws IOException {
    Conclusion conclusion = conclude(exit(exitCode), lines(file));
    assertThat(conclusion.outcome()).as(conclusion.reason()).isEqualTo(outcome);
    assertThat(conclusion.reason()).contains(reason);
    assertThat(conclusion.claims().sessionId()).isNotNull();
  }

  @Test
  void theWholeStreamNamesItsVersionAndTheSingleResultCannot() throws IOException {
    assertThat(conclude(exit(0), lines("success.jsonl")).claims().agentVersion())
        .isEqualTo("2.1.197");
    assertThat(conclude(exit(0), lines("success.json")).claims().agentVersion()).isNull();
  }

  @Test
  void everyClaimThatAProofNeedsIsThere() throws IOException {
    for (String file : List.of("success.jsonl", "success.json")) {
      Claims claims = conclude(exit(0), lines(file)).claims();
      assertThat(claims.missing()).as(file).isEmpty();
      assertThat(claims.model()).startsWith("claude-");
      assertThat(claims.turns()).isPositive();
    }
  }

  @Test
  void itsMessagesCarryTheRehearsalsMarkAndAResultAloneDoesNot() throws IOException {
    assertThat(conclude(exit(0), lines("success.jsonl")).rehearsal()).isTrue();
    assertThat(conclude(exit(0), lines("success.json")).rehearsal()).isFalse();
  }

  /** The CLI gives its waits with a fraction: {@code "retry_delay_ms":536.3771577656282}. */
  @Test
  void theWaitsItTellsOfAreAddedUp() throws IOException {
    Conclusion overloaded = conclude(exit(1), lines("overloaded.jsonl"));
    assertThat(overloaded.retryWaitMs()).isEqualTo(536 + 1139);
    assertThat(overloaded.rateLimitWaitMs()).isZero();
    List<Sign> signs = new ArrayList<>();
    Reading reading = new StreamReading();
    for (String line : lines("overloaded.jsonl")) {
      signs.addAll(reading.line(Channel.OUTPUT, line, false, 1));
    }
    assertThat(signs).contains(new Sign.ApiRetry(1, 529, 536), new Sign.ApiRetry(2, 529, 1139));
  }

  @Test
  void aRefusalIsKnownAtItsFirstRetryAndNotOverwrittenByTheInterruptThatFollows()
      throws IOException {
    Reading reading = new StreamReading();
    List<Sign> signs = new ArrayList<>();
    for (String line : lines("interrupted.jsonl")) {
      signs.addAll(reading.line(Channel.OUTPUT, line, false, 1));
    }
    assertThat(signs.stream().filter(Sign.Hopeless.class::isInstance)).hasSize(1);
    Conclusion conclusion = reading.conclude(stopped(Stopped.HOPELESS));
    assertThat(conclusion.outcome()).isEqualTo(Outcome.UNAUTHORIZED);
    assertThat(conclusion.reason()).startsWith("the credential was refused (401)");
  }

  @Test
  void anErrorResultIsAFailureAlsoWithExitZero() throws IOException {
    for (String file : List.of("limited.jsonl", "refused.jsonl", "bad-request.jsonl")) {
      assertThat(conclude(exit(0), lines(file)).outcome())
          .isEqualTo(conclude(exit(1), lines(file)).outcome())
          .isNotEqualTo(Outcome.SUCCEEDED);
    }
  }

  @Test
  void aGoodResultWithExitOneIsAFailureThatSaysSo() throws IOException {
    Conclusion conclusion = conclude(exit(1), lines("success.json"));
    assertThat(conclusion.outcome()).isEqualTo(Outcome.AGENT_ERROR);
    assertThat(conclusion.reason()).isEqualTo("gave a good result, but exit 1");
  }

  @Test
  void aSingleResultCutAnywhereIsInvalidAndSaysThatItWasCut() throws IOException {
    String whole = lines("success.json").getFirst();
    for (int length = 1; length < whole.length(); length += 7) {
      Conclusion conclusion = conclude(exit(0), List.of(whole.substring(0, length)));
      assertThat(conclusion.outcome()).isEqualTo(Outcome.OUTPUT_INVALID);
      assertThat(conclusion.reason()).startsWith("printed JSON that is cut short");
      assertThat(conclusion.claims().missing()).hasSize(5);
    }
  }

  @Test
  void severalValuesOnOneLineAreNoEventAndOnSeveralLinesTheLastCounts() throws IOException {
    String good = lines("success.json").getFirst();
    String bad = lines("limited.jsonl").getLast();
    assertThat(conclude(exit(0), List.of(good + good)).outcome()).isEqualTo(Outcome.OUTPUT_INVALID);
    assertThat(conclude(exit(0), List.of(good + " trailing")).outcome())
        .isEqualTo(Outcome.OUTPUT_INVALID);
    assertThat(conclude(exit(1), List.of(good, bad)).outcome()).isEqualTo(Outcome.RATE_LIMITED);
    assertThat(conclude(exit(0), List.of(bad, good)).reason())
        .isEqualTo("answered; it printed 2 results, the last counts");
  }

  private static Conclusion conclude(Ending ending, List<String> lines) {
    return Examples.conclude(ending, lines);
  }

  private static List<String> lines(String file) throws IOException {
    try (InputStream recorded =
            RecordedTranscriptTest.class.getResourceAsStream("/claude/" + file);
        Stream<String> lines =
            new String(recorded.readAllBytes(), StandardCharsets.UTF_8).lines()) {
      return lines.toList();
    }
  }
}
