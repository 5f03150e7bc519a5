package dev.regatta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.credential.Credential;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.RunClock;
import dev.regatta.provider.Provider;
import dev.regatta.secret.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls of Google's API through the gateway, with answers as that API's documentation has them. */
class GeminiExchangeTest {
  private static final String VALUE = "AIzaSyTheRealKey-of-a-test";
  private static final Credential KEY =
      new Credential("GEMINI_API_KEY", new Secret(VALUE)).at(Provider.GOOGLE);
  private static final String MODEL = "/v1beta/models/gemini-x:";

  private final BlockingQueue<Sighting> seen = new LinkedBlockingQueue<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ScriptedUpstream upstream;
  private Gateway gateway;
  private Pass pass;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedUpstream();
    gateway =
        Gateway.start(
            Route.direct(upstream.url()), RunClock.system(), new SecureRandom(), seen::add);
    pass = gateway.admit("a.1", KEY);
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    upstream.close();
    client.close();
  }

  @Test
  void theKeyIsPutIntoTheHeaderWhereverThePlaceholderWas() throws Exception {
    String placeholder = pass.placeholder().value().reveal();
    HttpRequest.Builder inHeader =
        request("generateContent?alt=sse").header("x-goog-api-key", placeholder);
    HttpRequest.Builder inQuery = request("generateContent?key=" + placeholder + "&alt=sse");
    for (HttpRequest.Builder request : new HttpRequest.Builder[] {inHeader, inQuery}) {
      CompletableFuture<HttpResponse<String>> answer = send(request);
      ScriptedUpstream.Call call = upstream.next();
      assertThat(call.head())
          .startsWith("POST " + MODEL + "generateContent?alt=sse HTTP/1.1")
          .containsIgnoringCase("x-goog-api-key: " + VALUE)
          .doesNotContain(placeholder);
      call.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
      answer.get(20, TimeUnit.SECONDS);
      assertThat(passed().credential()).isEqualTo(KEY.value().fingerprint());
    }
  }

  @Test
  void aStreamTellsItsModelItsTokensAndWhyItEnded() throws Exception {
    CompletableFuture<HttpResponse<String>> answer = ask("streamGenerateContent?alt=sse");
    ScriptedUpstream.Call call = upstream.next();
    call.send(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    event(call, part("{\"thought\":true,\"text\":\"\"}", ""), 0, 30);
    event(call, part("{\"text\":\"Os\"}", ""), 1, 30);
    event(call, part("{\"text\":\"lo\"}", ",\"finishReason\":\"STOP\""), 5, 37);
    call.end();
    answer.get(20, TimeUnit.SECONDS);

    Exchange exchange = passed();
    assertThat(exchange.broughtMessage()).isTrue();
    assertThat(exchange.asked().model()).isEqualTo("gemini-x");
    assertThat(exchange.answered().message())
        .isEqualTo(
            new Exchange.Message("resp-7", "gemini-x-001", "STOP", null, 100L, 37L, 20L, null));
    assertThat(exchange.answered().requestId()).as("it names no request").isEqualTo("resp-7");
    assertThat(exchange.answered().events().count()).isEqualTo(3);
    assertThat(exchange.answered().events().tokenEvents()).isEqualTo(2);
    assertThat(exchange.times().firstTokenNanos())
        .isGreaterThan(exchange.answered().events().firstNanos());
  }

  @Test
  void aWholeAnswerAndAListOfPiecesAreReadToo() throws Exception {
    String piece = piece(part("{\"functionCall\":{\"name\":\"f\"}}", ""), 5, 37);
    for (String body : new String[] {piece, "[" + piece + "," + piece + "]"}) {
      CompletableFuture<HttpResponse<String>> answer = ask("generateContent");
      upstream
          .next()
          .send(
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body);
      assertThat(answer.get(20, TimeUnit.SECONDS).body()).isEqualTo(body);
      assertThat(passed().answered().message().outputTokens()).isEqualTo(37);
    }
  }

  @Test
  void whereNoTotalIsToldThoughtsCountAsGenerated() {
    GeminiFacts facts = new GeminiFacts();
    facts.read(
        JsonFacts.tree(
            "{\"usageMetadata\":{\"promptTokenCount\":9,\"candidatesTokenCount\":2,\"thoughtsTokenCount\":3}}"
                .getBytes()));
    assertThat(facts.message().outputTokens()).isEqualTo(5);
    assertThat(facts.message().inputTokens()).isEqualTo(9);
  }

  @Test
  void whatIsNoAnswerTellsNothing() {
    for (String body :
        new String[] {"", "{", "7", "[]", "{\"error\":{}}", "{\"usageMetadata\":[]}", "[[{}]]"}) {
      GeminiFacts facts = new GeminiFacts();
      facts.read(JsonFacts.tree(body.getBytes()));
      assertThat(facts.isText("")).as(body).isFalse();
      assertThat(facts.message() == null || facts.message().inputTokens() == null).isTrue();
    }
  }

  @Test
  void onlyTheModelApisPathsGoThrough() throws Exception {
    for (String path : new String[] {MODEL + "embedContent", "/v1/messages", "/v1beta/files"}) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(gateway.baseUrl() + path))
              .header("x-goog-api-key", pass.placeholder().value().reveal())
              .POST(HttpRequest.BodyPublishers.ofString("{}"));
      assertThat(send(request).get(20, TimeUnit.SECONDS).statusCode()).as(path).isEqualTo(404);
    }
    assertThat(upstream.idle()).isTrue();
  }

  private static String part(String part, String more) {
    return "{\"content\":{\"role\":\"model\",\"parts\":[" + part + "]}" + more + "}";
  }

  /** Beside the candidate's tokens the total has those of thoughts. */
  private static String piece(String candidate, int candidates, int generated) {
    return "{\"candidates\":["
        + candidate
        + "],\"usageMetadata\":{\"promptTokenCount\":120,\"cachedContentTokenCount\":20,"
        + "\"candidatesTokenCount\":"
        + candidates
        + ",\"thoughtsTokenCount\":"
        + (generated - candidates)
        + ",\"totalTokenCount\":"
        + (120 + generated)
        + "},\"modelVersion\":\"gemini-x-001\",\"responseId\":\"resp-7\"}";
  }

  private static void event(
      ScriptedUpstream.Call call, String candidate, int candidates, int generated)
      throws IOException {
    call.chunk("data: " + piece(candidate, candidates, generated) + "\r\n\r\n");
  }

  private HttpRequest.Builder request(String action) {
    return HttpRequest.newBuilder(URI.create(gateway.baseUrl() + MODEL + action))
        .POST(HttpRequest.BodyPublishers.ofString("{\"contents\":[]}"));
  }

  private CompletableFuture<HttpResponse<String>> ask(String action) {
    return send(request(action).header("x-goog-api-key", pass.placeholder().value().reveal()));
  }

  private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private Exchange passed() throws InterruptedException {
    return switch (seen.poll(20, TimeUnit.SECONDS)) {
      case Sighting.Passed(Exchange exchange) -> exchange;
      case null, default -> throw new AssertionError("no exchange was seen within 20 s");
    };
  }
}
