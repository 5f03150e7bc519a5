package dev.regatta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.provider.Provider;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChallengeSearchTest {
  private static final String EXPECTED = "ab12-cd34-ef56";

  @Test
  void itIsFoundInAStreamWhereverItsPiecesAreCut() {
    String events =
        delta(0, "text_delta", "The answer is 4, ab1")
            + delta(0, "text_delta", "2-cd34")
            + delta(0, "text_delta", "-ef")
            + delta(0, "text_delta", "56.");
    for (int size = 1; size < events.length(); size++) {
      assertThat(found(events, size)).as("pieces of " + size + " bytes").isTrue();
    }
  }

  @Test
  void whatStandsInTwoBlocksOrIsGivenToAToolOrCutIsNoAnswer() {
    assertThat(found(delta(0, "text_delta", "ab12-cd") + delta(1, "text_delta", "34-ef56"), 9))
        .isFalse();
    String tool =
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
            + "\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\""
            + EXPECTED
            + "\"}}\n\n";
    assertThat(found(tool, 1000)).isFalse();
    assertThat(found(delta(0, "text_delta", "ab12-cd34-ef5"), 1000)).isFalse();
    assertThat(found("event: content_block_delta\ndata: " + EXPECTED + "\n\n", 9)).isFalse();
  }

  @Test
  void aWholeAnswerIsLookedThroughToo() {
    assertThat(whole("[{\"type\":\"text\",\"text\":\"4 " + EXPECTED + "\"}]")).isTrue();
    assertThat(whole("[{\"type\":\"tool_use\",\"input\":{\"a\":\"" + EXPECTED + "\"}}]")).isFalse();
  }

  private static String delta(int index, String type, String text) {
    return "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":"
        + index
        + ",\"delta\":{\"type\":\""
        + type
        + "\",\"text\":\""
        + text
        + "\"}}\n\n";
  }

  private static boolean found(String events, int size) {
    return found(Provider.ANTHROPIC, events, size);
  }

  private static boolean found(Provider provider, String events, int size) {
    ChallengeSearch search = new ChallengeSearch(EXPECTED);
    AnswerReading reading = AnswerReading.of(provider, "text/event-stream", Optional.of(search));
    byte[] bytes = events.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at += size) {
      reading.accept(ByteBuffer.wrap(bytes, at, Math.min(size, bytes.length - at)), at);
    }
    return search.found();
  }

  private static boolean whole(String content) {
    return whole(
        Provider.ANTHROPIC, "{\"type\":\"message\",\"id\":\"m\",\"content\":" + content + "}");
  }

  private static boolean whole(Provider provider, String message) {
    ChallengeSearch search = new ChallengeSearch(EXPECTED);
    AnswerReading reading = AnswerReading.of(provider, "application/json", Optional.of(search));
    reading.accept(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)), 0);
    reading.message();
    return search.found();
  }

  private static String openAi(int index, String type, String text) {
    return "event: "
        + type
        + "\ndata: {\"type\":\""
        + type
        + "\",\"output_index\":"
        + index
        + ",\"delta\":\""
        + text
        + "\"}\n\n";
  }

  @Test
  void itIsFoundInTheTextOfTheResponsesApiAndNotInWhatAToolGets() {
    String first = EXPECTED.substring(0, 5);
    String rest = EXPECTED.substring(5);
    String text = "response.output_text.delta";
    assertThat(found(Provider.OPENAI, openAi(1, text, first) + openAi(1, text, rest), 7)).isTrue();
    assertThat(found(Provider.OPENAI, openAi(0, text, first) + openAi(1, text, rest), 7)).isFalse();
    String arguments = "response.function_call_arguments.delta";
    assertThat(found(Provider.OPENAI, openAi(0, arguments, EXPECTED), 99)).isFalse();
    String whole = "{\"object\":\"response\",\"output\":[{\"type\":\"%s\",\"content\":[%s]}]}";
    String part = "{\"type\":\"output_text\",\"text\":\"" + EXPECTED + "\"}";
    assertThat(whole(Provider.OPENAI, whole.formatted("message", part))).isTrue();
    assertThat(whole(Provider.OPENAI, whole.formatted("message", ""))).isFalse();
  }

  private static String gemini(String part) {
    return "{\"candidates\":[{\"content\":{\"parts\":[" + part + "]}}]}";
  }

  @Test
  void itIsFoundInTheTextOfTheGeminiApiAndNotInWhatTheModelThought() {
    String first = "{\"text\":\"" + EXPECTED.substring(0, 5) + "\"}";
    String rest = "{\"text\":\"" + EXPECTED.substring(5) + "\"}";
    String events = "data: " + gemini(first) + "\n\ndata: " + gemini(rest) + "\n\n";
    assertThat(found(Provider.GOOGLE, events, 7)).isTrue();
    String thought = "{\"thought\":true,\"text\":\"" + EXPECTED + "\"}";
    assertThat(found(Provider.GOOGLE, "data: " + gemini(thought) + "\n\n", 99)).isFalse();
    assertThat(whole(Provider.GOOGLE, gemini(first + "," + rest))).isTrue();
    assertThat(whole(Provider.GOOGLE, "[" + gemini(first) + "," + gemini(rest) + "]")).isTrue();
  }
}
