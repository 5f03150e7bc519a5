package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RehearseTest {
  private static final Pattern ADDRESS =
      Pattern.compile("REHEARSAL server on (http://127\\.0\\.0\\.1:\\d+), seed");

  @TempDir Path folder;

  private static String address(Cli.Running running) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> running.out().contains("Ctrl-C") || !running.alive());
    Matcher matcher = ADDRESS.matcher(running.out());
    assertThat(matcher.find()).as(running.out() + running.err()).isTrue();
    return matcher.group(1);
  }

  private static HttpResponse<String> ask(String address) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + "/v1/messages"))
            .header("x-api-key", "sk-invented")
            .header("content-type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"m\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      // The second comes by the connection of the first, which is then surely counted.
      client.send(request, HttpResponse.BodyHandlers.ofString());
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void itStartsAloneSaysHowToUseItAnswersAndEndsOnASignal(String signal) throws Exception {
    Files.writeString(
        folder.resolve("script.yaml"), "rules:\n  - reply: hello yourself\n    latency: 0\n");
    try (Cli.Running running =
        Cli.in(folder).start("rehearse", "--script", "script.yaml", "--seed", "7")) {
      String address = address(running);
      assertThat(running.out()).contains("ANTHROPIC_BASE_URL=" + address).contains("seed 7");
      HttpResponse<String> response = ask(address);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("x-regatta-rehearsal")).hasValue("true");
      assertThat(response.body()).contains("hello yourself");
      running.signal(signal);
      Cli.Ended ended = running.await();
      assertThat(ended.exit()).isZero();
      assertThat(ended.out()).containsPattern("REHEARSAL server stopped after [12] request");
      assertThat(ended.err()).doesNotContain("Exception");
    }
    assertThat(Cli.below(folder)).as("it keeps nothing").containsExactly("script.yaml");
  }

  @Test
  void itStopsByItselfAfterTheTimeThatWasAskedFor() {
    Cli.Ended ended = Cli.in(folder).within("rehearse", "--for", "0.05");
    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).contains("stopped after 0 requests");
  }
}
