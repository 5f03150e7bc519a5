package dev.regatta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regatta.credential.Credential;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.RunClock;
import dev.regatta.secret.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatewayTest {
  private static final Credential KEY =
      new Credential("KEY", new Secret("sk-ant-api03-the-real-key"));
  private static final Credential TOKEN =
      new Credential("TOKEN", new Secret("sk-ant-oat01-the-real-token"));
  private static final String BODY =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\",\"model\":\"not this\"}],"
          + "\"model\":\"claude-x\",\"stream\":true}";

  private final BlockingQueue<Sighting> seen = new LinkedBlockingQueue<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ScriptedUpstream upstream;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedUpstream();
    gateway = gateway(upstream.url());
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    upstream.close();
    client.close();
  }

  private Gateway gateway(URI to) {
    return Gateway.start(Route.direct(to), RunClock.system(), new SecureRandom(), seen::add);
  }

  @Test
  void theRealCredentialIsPutInWhereThePlaceholderWas() throws Exception {
    for (Credential credential : new Credential[] {KEY, TOKEN}) {
      Pass pass = gateway.admit("a.1", credential);
      String placeholder = pass.placeholder().value().reveal();
      assertThat(pass.placeholder().kind()).isEqualTo(credential.kind());
      assertThat(pass.placeholder().name()).isEqualTo(credential.name());

      CompletableFuture<HttpResponse<String>> answer = ask(pass);
      ScriptedUpstream.Call call = upstream.next();
      assertThat(call.head())
          .contains(credential.value().reveal())
          .doesNotContain(placeholder)
          .startsWith("POST /v1/messages?beta=true HTTP/1.1")
          .contains("Host: " + upstream.url().getAuthority())
          .doesNotContainIgnoringCase("forwarded")
          .doesNotContainIgnoringCase("via:");
      assertThat(new String(call.body(), StandardCharsets.UTF_8)).isEqualTo(BODY);
      call.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
      assertThat(answer.get(20, TimeUnit.SECONDS).body()).isEqualTo("{}");
      assertThat(passed().credential()).isEqualTo(credential.value().fingerprint());
    }
  }

  @Test
  void eachEventReachesTheAgentBeforeTheNextIsSent() throws Exception {
    Pass pass = gateway.admit("a.1", KEY);
    CompletableFuture<HttpResponse<InputStream>> answer =
        client.sendAsync(request(pass), HttpResponse.BodyHandlers.ofInputStream());
    ScriptedUpstream.Call call = upstream.next();
    call.stream();
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(answer.get(20, TimeUnit.SECONDS).body(), StandardCharsets.UTF_8));
    for (int i = 0; i < 20; i++) {
      call.event("content_block_delta", "{\"type\":\"content_block_delta\",\"n\":" + i + "}");
      assertThat(lines.readLine()).isEqualTo("event: content_block_delta");
      assertThat(lines.readLine()).endsWith("\"n\":" + i + "}");
      assertThat(lines.readLine()).isEmpty();
    }
    call.end();
    assertThat(lines.readLine()).isNull();
    Exchange.Events events = passed().answered().events();
    assertThat(events.count()).isEqualTo(20);
    assertThat(events.tokenEvents()).isEqualTo(20);
  }

  @Test
  void anExchangeHasWhatRequestAndResponseSay() throws Exception {
    CompletableFuture<HttpResponse<String>> answer = ask(gateway.admit("r1-parallel-2.1", KEY));
    ScriptedUpstream.Call call = upstream.next();
    call.send(
        "HTTP/1.1 200 OK\r\nrequest-id: req_7\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
            + "anthropic-ratelimit-requests-remaining: 3\r\nRetry-After: 9\r\nx-other: 1\r\n"
            + "x-regatta-rehearsal: true\r\nTransfer-Encoding: chunked\r\n\r\n");
    call.event(
        "message_start",
        "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"claude-x-1\","
            + "\"usage\":{\"input_tokens\":11,\"output_tokens\":1,\"cache_read_input_tokens\":5,"
            + "\"cache_creation_input_tokens\":6,\"service_tier\":\"standard\"}}}");
    call.event("ping", "{\"type\":\"ping\"}");
    call.event("content_block_delta", "{\"type\":\"content_block_delta\"}");
    call.event("content_block_delta", "{\"type\":\"content_block_delta\"}");
    call.event(
        "message_delta",
        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
            + "\"usage\":{\"output_tokens\":22}}");
    call.end();
    String body = answer.get(20, TimeUnit.SECONDS).body();

    Exchange exchange = passed();
    assertThat(exchange.number()).isEqualTo(1);
    assertThat(exchange.attempt()).isEqualTo("r1-parallel-2.1");
    assertThat(exchange.ending()).isEqualTo(Exchange.Ending.COMPLETE);
    assertThat(exchange.asked())
        .isEqualTo(
            new Exchange.Asked("POST", "/v1/messages", "claude-x", BODY.length(), sha256(BODY)));
    Exchange.Answered answered = exchange.answered();
    assertThat(answered.status()).isEqualTo(200);
    assertThat(answered.requestId()).isEqualTo("req_7");
    assertThat(answered.rehearsal()).isTrue();
    assertThat(answered.headers())
        .containsOnlyKeys("anthropic-ratelimit-requests-remaining", "retry-after");
    assertThat(answered.bytes()).isEqualTo(body.length());
    assertThat(answered.sha256()).isEqualTo(sha256(body));
    assertThat(answered.message())
        .isEqualTo(
            new Exchange.Message("msg_1", "claude-x-1", "end_turn", "standard", 11L, 22L, 5L, 6L));
    assertThat(answered.events().count()).isEqualTo(5);
    assertThat(answered.events().tokenEvents()).isEqualTo(2);
    assertThat(answered.events().gaps()).isNotNull();
    assertThat(exchange.upstream().address()).isEqualTo(upstream.url().getAuthority());
    assertThat(exchange.upstream().tls()).isNull();
    Exchange.Times times = exchange.times();
    assertThat(times.startNanos()).isLessThanOrEqualTo(times.connectedNanos());
    assertThat(times.connectedNanos()).isLessThanOrEqualTo(times.firstByteNanos());
    assertThat(times.firstByteNanos()).isLessThanOrEqualTo(times.firstTokenNanos());
    assertThat(times.firstTokenNanos()).isLessThanOrEqualTo(times.endNanos());
  }

  @Test
  void whetherTheModelAnsweredTheChallengeIsKnownAndOfOthersNothingIsSaid() throws Exception {
    for (String text : new String[] {"it is 12-34", "it is 34-12"}) {
      CompletableFuture<HttpResponse<String>> answer =
          ask(gateway.admit("a.1", KEY, Optional.of("34-12")));
      ScriptedUpstream.Call call = upstream.next();
      call.stream();
      call.event(
          "content_block_delta",
          "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","
              + "\"text\":\""
              + text
              + "\"}}");
      call.end();
      assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      assertThat(passed().answered().holdsChallenge()).isEqualTo(text.endsWith("34-12"));
    }
    CompletableFuture<HttpResponse<String>> answer = ask(gateway.admit("a.1", KEY));
    ScriptedUpstream.Call call = upstream.next();
    call.stream();
    call.end();
    assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(passed().answered().holdsChallenge()).isNull();
  }

  @Test
  void aWholeAnswerIsReadToo() throws Exception {
    CompletableFuture<HttpResponse<String>> answer = ask(gateway.admit("a.1", KEY));
    String message =
        "{\"type\":\"message\",\"id\":\"msg_2\",\"model\":\"m\",\"stop_reason\":\"end_turn\","
            + "\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}";
    upstream
        .next()
        .send(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + message.length()
                + "\r\n\r\n"
                + message);
    assertThat(answer.get(20, TimeUnit.SECONDS).body()).isEqualTo(message);
    Exchange.Answered answered = passed().answered();
    assertThat(answered.events()).isNull();
    assertThat(answered.message().outputTokens()).isEqualTo(2);
  }

  @Test
  void aPlaceholderThatIsUnknownForeignOrOverIsRefused() throws Exception {
    Pass over = gateway.admit("a.1", KEY);
    over.close();
    try (Gateway other = gateway(upstream.url())) {
      for (Pass pass : new Pass[] {over, other.admit("b.1", KEY)}) {
        HttpResponse<String> answer = ask(pass).get(20, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("\"type\":\"authentication_error\"");
        assertThat(refused().status()).isEqualTo(401);
      }
    }
    HttpRequest real =
        HttpRequest.newBuilder(gateway.baseUrl().resolve("/v1/messages"))
            .header("x-api-key", KEY.value().reveal())
            .POST(HttpRequest.BodyPublishers.ofString(BODY))
            .build();
    assertThat(client.send(real, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    assertThat(upstream.idle()).isTrue();
  }

  @Test
  void onlyTheModelApisPathsGoThrough() throws Exception {
    Pass pass = gateway.admit("a.1", KEY);
    for (String path :
        new String[] {
          "/v1/files",
          "/v1/messages/../files",
          "/v1/messages/batches",
          "/api/oauth/usage",
          "/v1/models/a/b"
        }) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(gateway.baseUrl() + path))
              .header("x-api-key", pass.placeholder().value().reveal())
              .POST(HttpRequest.BodyPublishers.ofString("{}"))
              .build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path).isEqualTo(404);
      assertThat(refused().attempt()).isEqualTo("a.1");
    }
    assertThat(upstream.idle()).isTrue();
  }

  @Test
  void theCliGreetsWithoutACredential() throws Exception {
    HttpRequest greeting =
        HttpRequest.newBuilder(gateway.baseUrl().resolve("/"))
            .method("HEAD", HttpRequest.BodyPublishers.noBody())
            .build();
    assertThat(client.send(greeting, HttpResponse.BodyHandlers.discarding()).statusCode())
        .isEqualTo(200);
    assertThat(seen).isEmpty();
  }

  @Test
  void anAgentThatGoesAwayEndsTheRequestToTheModelApi() throws Exception {
    Pass pass = gateway.admit("a.1", KEY);
    HttpResponse<InputStream> answer;
    CompletableFuture<HttpResponse<InputStream>> asked =
        client.sendAsync(request(pass), HttpResponse.BodyHandlers.ofInputStream());
    ScriptedUpstream.Call call = upstream.next();
    call.stream();
    call.event("ping", "{}");
    answer = asked.get(20, TimeUnit.SECONDS);
    answer.body().close();

    assertThatThrownBy(
            () -> {
              while (true) {
                call.event("ping", "{\"fill\":\"" + "x".repeat(10_000) + "\"}");
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(passed().ending()).isEqualTo(Exchange.Ending.CLIENT_GONE);
  }

  @Test
  void whenItsAttemptEndsAnOpenExchangeIsBrokenOff() throws Exception {
    Pass pass = gateway.admit("a.1", KEY);
    CompletableFuture<HttpResponse<String>> answer = ask(pass);
    ScriptedUpstream.Call call = upstream.next();
    pass.close();
    Exchange exchange = passed();
    assertThat(exchange.ending()).isEqualTo(Exchange.Ending.ATTEMPT_ENDED);
    assertThat(exchange.answered()).isNull();
    assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(502);
    assertThat(call.socket().getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void aModelApiThatIsNotThereIsAnsweredAsABadGateway() throws Exception {
    upstream.close();
    HttpResponse<String> answer = ask(gateway.admit("a.1", KEY)).get(20, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(502);
    Exchange exchange = passed();
    assertThat(exchange.ending()).isEqualTo(Exchange.Ending.UPSTREAM_FAILED);
    assertThat(exchange.reason()).isNotEmpty();
    assertThat(exchange.upstream()).isNull();
  }

  @Test
  void anAnswerThatBreaksOffBreaksOffForTheAgentToo() throws Exception {
    CompletableFuture<HttpResponse<InputStream>> answer =
        client.sendAsync(
            request(gateway.admit("a.1", KEY)), HttpResponse.BodyHandlers.ofInputStream());
    ScriptedUpstream.Call call = upstream.next();
    call.stream();
    call.event("ping", "{}");
    InputStream body = answer.get(20, TimeUnit.SECONDS).body();
    call.socket().close();
    assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
    Exchange exchange = passed();
    assertThat(exchange.ending()).isEqualTo(Exchange.Ending.UPSTREAM_FAILED);
    assertThat(exchange.answered().events().count()).isEqualTo(1);
  }

  @Test
  void aModelApisErrorGoesThroughAsItIs() throws Exception {
    CompletableFuture<HttpResponse<String>> answer = ask(gateway.admit("a.1", KEY));
    upstream
        .next()
        .send(
            "HTTP/1.1 429 Too Many Requests\r\nretry-after: 61\r\nx-should-retry: false\r\n"
                + "Content-Type: application/json\r\nContent-Length: 4\r\n\r\nnull");
    assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(429);
    assertThat(answer.join().headers().firstValue("retry-after")).hasValue("61");
    Exchange exchange = passed();
    assertThat(exchange.ending()).isEqualTo(Exchange.Ending.COMPLETE);
    assertThat(exchange.answered().headers())
        .containsEntry("retry-after", "61")
        .containsEntry("x-should-retry", "false");
  }

  private CompletableFuture<HttpResponse<String>> ask(Pass pass) {
    return client.sendAsync(request(pass), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(Pass pass) {
    String value = pass.placeholder().value().reveal();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(gateway.baseUrl().resolve("/v1/messages?beta=true"))
            .POST(HttpRequest.BodyPublishers.ofString(BODY));
    return switch (pass.placeholder().kind()) {
      case API_KEY -> request.header("x-api-key", value).build();
      case OAUTH_TOKEN -> request.header("Authorization", "Bearer " + value).build();
    };
  }

  private Exchange passed() throws InterruptedException {
    Sighting sighting = seen.poll(20, TimeUnit.SECONDS);
    assertThat(sighting).isInstanceOf(Sighting.Passed.class);
    return ((Sighting.Passed) sighting).exchange();
  }

  private Sighting.Refused refused() throws InterruptedException {
    Sighting sighting = seen.poll(20, TimeUnit.SECONDS);
    assertThat(sighting).isInstanceOf(Sighting.Refused.class);
    return (Sighting.Refused) sighting;
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
