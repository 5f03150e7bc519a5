package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.server.OutputSigns.Sign;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which words of a process's output are announced, and that looking for them is bounded. */
class OutputSignsTest {
  private final OutputSigns signs = new OutputSigns();

  private List<Sign> in(String line) {
    byte[] bytes = ("before it" + line + "after it").getBytes(StandardCharsets.UTF_8);
    int from = "before it".length();
    return signs.in(bytes, from, from + line.getBytes(StandardCharsets.UTF_8).length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Task completed successfully.|task completed successfully",
        "… and now I've completed it|i've completed",
        "I’ve completed it|i’ve completed",
        "THE TASK IS COMPLETE|the task is complete",
        "all All done!|all done",
        "File created successfully at: /tmp/hello.py|file created",
        "I've created `src/main.rs`.|i've created",
        "{\"text\":\"Successfully created the report in out/report.html\"}|successfully created"
      })
  void whoSaysThatItIsDoneOrNamesAFileThatItMadeIsAnnouncedOnce(String line, String marker) {
    assertThat(in(line)).containsExactly(new Sign.Done(marker, line));
    assertThat(in(line)).isEmpty();
    assertThat(in("All done")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "the task",
        "done",
        "I have created a plan, in short: e.g. nothing",
        "Created file system v2. Next",
        "task completed success",
        "limit 429"
      })
  void otherWordsSayNothing(String line) {
    assertThat(in(line)).isEmpty();
  }

  private String limit(String line) {
    assertThat(signs).isNotNull();
    return in(line).stream()
        .map(sign -> sign instanceof Sign.Limit limit ? limit.method() + limit.params() : "")
        .collect(Collectors.joining());
  }

  @Test
  void aUsageLimitIsAnnouncedWithItsResetTime() {
    assertThat(limit("Claude AI usage limit reached|1764590400\n"))
        .isEqualTo(
            "error.rate_limit_exceeded{\"error_type\":\"usage_limit\",\"message\":\"Claude AI usage"
                + " limit"
                + " reached|1764590400\",\"reset_timestamp\":1764590400,\"recoverable\":false}");
    assertThat(limit("rate limit exceeded")).as("once is enough").isEmpty();
  }

  @Test
  void aRateLimitIsAnnouncedWithTheTimeToWait() {
    assertThat(limit("API Error: 429 {\"type\":\"rate_limit_error\"} retry-after: 30"))
        .contains("\"error_type\":\"rate_limit_429\"")
        .contains("\"retry_after\":30,\"recoverable\":true}")
        .doesNotContain("reset_timestamp");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Claude's response exceeded the 32000 output token maximum.|32000",
        "prompt is too long: 212000 tokens > 200000 maximum|212000",
        "This model's maximum context length is 8192 tokens|8192",
        "context_length_exceeded|null"
      })
  void aLimitOfTokensIsAnnouncedWithItsNumber(String line, String limit) {
    assertThat(limit(line))
        .startsWith("error.token_limit_exceeded{\"error_type\":\"token_limit\",\"limit\":" + limit)
        .contains("\"suggestion\":")
        .endsWith("\"recoverable\":true}");
  }

  @Test
  void whatAnnouncementsRepeatIsShort() {
    Sign sign = in("all done " + "x".repeat(5_000)).getFirst();
    assertThat(((Sign.Done) sign).line()).hasSize(Message.SHOWN + 1).endsWith("x…");
  }

  @Test
  void onlyTheBeginningOfALineAndOfAllIsLookedAt() {
    assertThat(in("x".repeat(OutputSigns.LINE_BYTES) + "all done")).isEmpty();
    String line = "x".repeat(OutputSigns.LINE_BYTES);
    for (int i = 1; i < OutputSigns.TOTAL_BYTES / OutputSigns.LINE_BYTES; i++) {
      in(line);
    }
    assertThat(in("all done")).isEmpty();
  }

  /** The same by the plainest search there is. */
  @Test
  void everyPhraseIsFoundWhereverItStands() {
    List<String> phrases = List.of("abab", "ba", "abc", "caab", "bb");
    Phrases all = new Phrases(phrases);
    Random random = new Random(11);
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(14); i > 0; i--) {
        text.append("abcABC".charAt(random.nextInt(6)));
      }
      String small = text.toString().toLowerCase(Locale.ROOT);
      byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
      List<Phrases.Place> places = all.in(bytes, 0, bytes.length);
      assertThat(places.isEmpty()).as(small).isEqualTo(phrases.stream().noneMatch(small::contains));
      places.forEach(place -> assertThat(small.substring(0, place.end())).endsWith(place.phrase()));
    }
  }

  @Test
  void thePageNamesAllWordsThatCount() throws IOException {
    String page =
        Files.readString(Path.of(System.getProperty("regatta.project", "."), "docs/server.md"));
    assertThat(OutputSigns.phrases().stream().filter(phrase -> phrase.indexOf('’') < 0))
        .allMatch(phrase -> page.contains("`" + phrase + "`"));
  }
}
