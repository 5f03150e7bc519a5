package dev.regatta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regatta.credential.Credential;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.RunClock;
import dev.regatta.provider.Provider;
import dev.regatta.secret.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatewayTest {
  private static final Credential KEY =
      new Credential("KEY", new Secret("sk-ant-api03-the-real-key"));
  private static final Credential TOKEN =
      new Credential("TOKEN", new Secret("sk-ant-oat01-the-real-token"));
  private static final Credential OPENAI =
      new Credential("OPENAI_API_KEY", new Secret("sk-proj-the-real-key")).at(Provider.OPENAI);
  private static final Credential GEMINI =
      new Credential("GEMINI_API_KEY", new Secret("AIza-the-real-key")).at(Provider.GOOGLE);
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
  void aKeyOfOpenAisGoesToItsPathsAloneAndItsAnswersAreRead() throws Exception {
    Pass pass = gateway.admit("a.1", OPENAI);
    String placeholder = pass.placeholder().value().reveal();
    assertThat(placeholder).startsWith("sk-proj-regatta-placeholder-");
    assertThat(client.send(request(pass), HttpResponse.BodyHandlers.ofString()).statusCode())
        .as("the path of another provider's API")
        .isEqualTo(404);
    assertThat(refused().status()).isEqualTo(404);

    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(
            HttpRequest.newBuilder(gateway.baseUrl().resolve("/v1/responses"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"gpt-x\"}"))
                .header("Authorization", "Bearer " + placeholder)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    ScriptedUpstream.Call call = upstream.next();
    assertThat(call.head())
        .containsIgnoringCase("authorization: Bearer " + OPENAI.value().reveal())
        .doesNotContain(placeholder);
    call.send(
        "HTTP/1.1 200 OK\r\nx-request-id: req_9\r\nContent-Type: text/event-stream\r\n"
            + "x-ratelimit-remaining-tokens: 5\r\nTransfer-Encoding: chunked\r\n\r\n");
    call.event(
        "response.created",
        "{\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"object\":\"response\","
            + "\"status\":\"in_progress\",\"model\":\"gpt-x-1\"}}");
    call.event("response.output_text.delta", "{\"delta\":\"Os\"}");
    call.event("response.output_text.delta", "{\"delta\":\"lo\"}");
    call.event("response.output_text.done", "{\"text\":\"Oslo\"}");
    call.event(
        "response.completed",
        "{\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"status\":\"completed\","
            + "\"service_tier\":\"default\",\"usage\":{\"input_tokens\":100,"
            + "\"input_tokens_details\":{\"cached_tokens\":40,\"cache_write_tokens\":7},"
            + "\"output_tokens\":20}}}");
    call.end();
    assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    Exchange exchange = passed();
    assertThat(exchange.broughtMessage()).isTrue();
    assertThat(exchange.asked().model()).isEqualTo("gpt-x");
    assertThat(exchange.credential()).isEqualTo(OPENAI.value().fingerprint());
    assertThat(exchange.answered().requestId()).isEqualTo("req_9");
    assertThat(exchange.answered().headers()).containsEntry("x-ratelimit-remaining-tokens", "5");
    assertThat(exchange.answered().events().count()).isEqualTo(5);
    assertThat(exchange.answered().events().tokenEvents()).isEqualTo(2);
    assertThat(exchange.times().firstTokenNanos()).isNotNull();
    assertThat(exchange.answered().message())
        .isEqualTo(
            new Exchange.Message("resp_1", "gpt-x-1", "completed", "default", 53L, 20L, 40L, 7L));
  }

  @Test
  void aResponseOfOpenAisThatIsNoStreamIsReadToo() throws Exception {
    Pass pass = gateway.admit("a.1", OPENAI);
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(
            HttpRequest.newBuilder(gateway.baseUrl().resolve("/v1/responses"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .header("Authorization", "Bearer " + pass.placeholder().value().reveal())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    String body =
        "{\"id\":\"resp_2\",\"object\":\"response\",\"status\":\"incomplete\","
            + "\"incomplete_details\":{\"reason\":\"max_output_tokens\"},\"model\":\"gpt-x\","
            + "\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}";
    upstream
        .next()
        .send(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);
    assertThat(answer.get(20, TimeUnit.SECONDS).body()).isEqualTo(body);
    assertThat(passed().answered().message())
        .isEqualTo(
            new Exchange.Message("resp_2", "gpt-x", "max_output_tokens", null, 3L, 4L, null, null));
  }

  @Test
  void aPlaceholderInTheQueryIsTakenOutAndTheKeyGoesInAHeader() throws Exception {
    Pass pass = gateway.admit("a.1", GEMINI);
    String path = "/v1beta/models/gemini-x:generateContent";
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(
            HttpRequest.newBuilder(
                    gateway
                        .baseUrl()
                        .resolve(path + "?alt=json&key=" + pass.placeholder().value().reveal()))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    ScriptedUpstream.Call call = upstream.next();
    assertThat(call.head())
        .startsWith("POST " + path + "?alt=json HTTP/1.1")
        .containsIgnoringCase("x-goog-api-key: " + GEMINI.value().reveal())
        .doesNotContain(pass.placeholder().value().reveal());
    call.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    assertThat(answer.get(20, TimeUnit.SECONDS).body()).isEqualTo("{}");
    assertThat(passed().asked().model()).isEqualTo("gemini-x");
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
  void aPathThatSomebodyElseOfTheRunOpensIsTheirsUntilItIsClosed() throws Exception {
    Handler handler =
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            response.write(true, ByteBuffer.wrap(new byte[] {'h', 'i'}), callback);
            return true;
          }
        };
    try (Gateway.Opened opened = gateway.open("/mine", handler)) {
      assertThat(get("/mine").body()).isEqualTo("hi");
      assertThat(get("/mine/and/below").body()).isEqualTo("hi");
      assertThat(get("/mines").statusCode()).isEqualTo(401);
    }
    assertThat(get("/mine").statusCode()).isEqualTo(401);
  }

  @Test
  void howeverManyCallsWaitAtAnOpenedPathRequestsToTheModelApiGoThrough() throws Exception {
    int waiting = 100; // more than the gateway has threads
    CountDownLatch all = new CountDownLatch(waiting);
    CountDownLatch over = new CountDownLatch(1);
    Handler handler =
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws InterruptedException {
            all.countDown();
            over.await();
            callback.succeeded();
            return true;
          }
        };
    try (Gateway.Opened opened = gateway.open("/mine", handler)) {
      List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
      for (int i = 0; i < waiting; i++) {
        calls.add(
            client.sendAsync(
                HttpRequest.newBuilder(gateway.baseUrl().resolve("/mine")).build(),
                HttpResponse.BodyHandlers.ofString()));
      }
      try {
        assertThat(all.await(20, TimeUnit.SECONDS)).as("all of them wait").isTrue();
        CompletableFuture<HttpResponse<String>> answer = ask(gateway.admit("a.1", KEY));
        upstream.next().send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      } finally {
        over.countDown();
      }
      for (CompletableFuture<HttpResponse<String>> call : calls) {
        assertThat(call.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void whatFailsOrIsNotThereAtAnOpenedPathIsAnswered() throws Exception {
    Handler handler =
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            if (Request.getPathInContext(request).endsWith("/broken")) {
              throw new IllegalStateException("it broke");
            }
            return false;
          }
        };
    try (Gateway.Opened opened = gateway.open("/mine", handler)) {
      assertThat(get("/mine/broken").statusCode()).isEqualTo(500);
      assertThat(get("/mine/nothing").statusCode()).isEqualTo(404);
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(gateway.baseUrl().resolve(path)).build(),
        HttpResponse.BodyHandlers.ofString());
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
      case OAUTH_TOKEN, OPENAI_KEY -> request.header("Authorization", "Bearer " + value).build();
      case GEMINI_KEY -> request.header("x-goog-api-key", value).build();
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
