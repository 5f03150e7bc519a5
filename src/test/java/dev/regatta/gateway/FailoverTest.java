package dev.regatta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialPool;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.RunClock;
import dev.regatta.secret.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the gateway does when the model API refuses a credential for a limit. */
class FailoverTest {
  private static final Credential ONE = key("one");
  private static final Credential TWO = key("two");
  private static final Credential THREE = key("three");
  private static final String BODY = "{\"model\":\"claude-x\",\"messages\":[]}";

  private final BlockingQueue<Sighting> seen = new LinkedBlockingQueue<>();
  private final Limits limits = new Limits();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private volatile Consumer<Sighting> sink = seen::add;
  private ScriptedUpstream upstream;
  private Gateway gateway;

  private static Credential key(String name) {
    return new Credential(name, new Secret("sk-ant-api03-" + name));
  }

  /** Gives the credentials that it has, in order. */
  private static final class Limits implements CredentialLimits {
    boolean failsOver = true;
    volatile boolean broken;
    List<Credential> all = List.of(ONE, TWO);
    final Set<Credential> resting = ConcurrentHashMap.newKeySet();
    final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @Override
    public void answered(Credential credential, int status, Map<String, String> headers) {
      told.add(credential.name() + " " + status + " " + headers);
      if (broken) {
        throw new IllegalStateException("no more lines");
      }
    }

    @Override
    public boolean failsOver() {
      return failsOver;
    }

    @Override
    public boolean refused(Credential credential) {
      return resting.contains(credential);
    }

    @Override
    public Optional<Credential> instead(Set<Credential> refused) {
      return all.stream()
          .filter(each -> !refused.contains(each) && !resting.contains(each))
          .findFirst();
    }
  }

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedUpstream();
    gateway =
        Gateway.start(
            Route.direct(upstream.url()),
            RunClock.system(),
            new SecureRandom(),
            sighting -> sink.accept(sighting));
    gateway.heed(limits);
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    upstream.close();
    client.close();
  }

  @Test
  void aRefusedRequestIsAskedAgainWithAnotherBeforeTheAgentNotices() throws Exception {
    CompletableFuture<HttpResponse<String>> answer = ask(BodyPublishers.ofString(BODY));
    refuse(expect(ONE));
    ScriptedUpstream.Call second = expect(TWO);
    assertThat(new String(second.body(), StandardCharsets.UTF_8)).isEqualTo(BODY);
    accept(second);
    HttpResponse<String> got = answer.get(20, TimeUnit.SECONDS);
    assertThat(got.statusCode()).isEqualTo(200);
    assertThat(got.body()).isEqualTo("{}");
    assertThat(got.headers().firstValue("retry-after")).isEmpty();

    Exchange refused = passed();
    Sighting.AskedAgain again = (Sighting.AskedAgain) next();
    Exchange answered = passed();
    assertThat(refused.number()).isEqualTo(1);
    assertThat(refused.credential()).isEqualTo(ONE.value().fingerprint());
    assertThat(refused.answered().status()).isEqualTo(429);
    assertThat(refused.answered().headers()).containsEntry("retry-after", "60");
    assertThat(refused.ending()).isEqualTo(Exchange.Ending.COMPLETE);
    assertThat(answered.number()).isEqualTo(2);
    assertThat(answered.credential()).isEqualTo(TWO.value().fingerprint());
    assertThat(answered.answered().status()).isEqualTo(200);
    assertThat(answered.asked()).as("the same request").isEqualTo(refused.asked());
    assertThat(again.exchange()).isEqualTo(1);
    assertThat(again.refused()).isEqualTo(ONE);
    assertThat(again.credential()).isEqualTo(TWO);
    assertThat(again.attempt()).isEqualTo("a.1");
    assertThat(limits.told).containsExactly("one 429 {retry-after=60}", "two 200 {}");
  }

  @Test
  void theAttemptKeepsTheOneThatWorked() throws Exception {
    Pass pass = gateway.admit("a.1", ONE);
    CompletableFuture<HttpResponse<String>> first = ask(pass, BodyPublishers.ofString(BODY));
    refuse(expect(ONE));
    accept(expect(TWO));
    first.get(20, TimeUnit.SECONDS);
    CompletableFuture<HttpResponse<String>> second = ask(pass, BodyPublishers.ofString(BODY));
    accept(expect(TWO));
    assertThat(second.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    CompletableFuture<HttpResponse<String>> other = ask(BodyPublishers.ofString(BODY));
    accept(expect(ONE));
    assertThat(other.get(20, TimeUnit.SECONDS).statusCode()).as("of another").isEqualTo(200);
  }

  @Test
  void oneThatIsKnownToBeRefusedIsNotEvenAskedWith() throws Exception {
    limits.resting.add(ONE);
    CompletableFuture<HttpResponse<String>> answer = ask(BodyPublishers.ofString(BODY));
    accept(expect(TWO));
    assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(((Sighting.AskedAgain) next()).exchange()).isNull();
    assertThat(passed().credential()).isEqualTo(TWO.value().fingerprint());
  }

  @Test
  void withEachOfThemItIsAskedOnceAndTheLastRefusalGoesThrough() throws Exception {
    limits.all = List.of(ONE, TWO, THREE);
    CompletableFuture<HttpResponse<String>> answer = ask(BodyPublishers.ofString(BODY));
    refuse(expect(ONE));
    refuse(expect(TWO));
    refuse(expect(THREE));
    HttpResponse<String> got = answer.get(20, TimeUnit.SECONDS);
    assertThat(got.statusCode()).isEqualTo(429);
    assertThat(got.headers().firstValue("retry-after")).hasValue("60");
    assertThat(upstream.idle()).isTrue();
  }

  @Test
  void offItIsAskedOnceAndTheLimitsAreToldAllTheSame() throws Exception {
    limits.failsOver = false;
    CompletableFuture<HttpResponse<String>> answer = ask(BodyPublishers.ofString(BODY));
    refuse(expect(ONE));
    assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(429);
    assertThat(limits.told).containsExactly("one 429 {retry-after=60}");
    assertThat(upstream.idle()).isTrue();
  }

  @Test
  void otherFailuresGoThrough() throws Exception {
    CompletableFuture<HttpResponse<String>> answer = ask(BodyPublishers.ofString(BODY));
    expect(ONE).send("HTTP/1.1 529 Overloaded\r\nContent-Length: 0\r\n\r\n");
    assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(529);
    assertThat(upstream.idle()).isTrue();
  }

  @Test
  void aBodyThatIsTooLongToBeKeptOrOfUnknownLengthIsNotAskedAgain() throws Exception {
    byte[] whole = new byte[Replay.MOST_BYTES];
    byte[] longer = new byte[Replay.MOST_BYTES + 1];
    CompletableFuture<HttpResponse<String>> kept = ask(BodyPublishers.ofByteArray(whole));
    refuse(expect(ONE));
    ScriptedUpstream.Call second = expect(TWO);
    assertThat(second.body()).hasSize(whole.length);
    accept(second);
    assertThat(kept.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    passed();
    next();
    passed();
    for (BodyPublisher body :
        List.of(
            BodyPublishers.ofByteArray(longer),
            BodyPublishers.ofInputStream(
                () -> new ByteArrayInputStream(BODY.getBytes(StandardCharsets.UTF_8))))) {
      CompletableFuture<HttpResponse<String>> answer = ask(body);
      refuse(expect(ONE));
      assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(429);
      assertThat(passed().answered().status()).isEqualTo(429);
      assertThat(seen).as("asked once").isEmpty();
    }
  }

  @Test
  void whereTheSecondAskingBreaksOffTheAgentIsToldThat() throws Exception {
    CompletableFuture<HttpResponse<String>> answer = ask(BodyPublishers.ofString(BODY));
    refuse(expect(ONE));
    expect(TWO).socket().close();
    assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(502);
    passed();
    next();
    assertThat(passed().ending()).isEqualTo(Exchange.Ending.UPSTREAM_FAILED);
  }

  @Test
  void anAttemptThatEndedMeanwhileIsNotAskedAgain() throws Exception {
    Pass pass = gateway.admit("a.1", ONE);
    CompletableFuture<HttpResponse<String>> answer = ask(pass, BodyPublishers.ofString(BODY));
    ScriptedUpstream.Call call = expect(ONE);
    call.send("HTTP/1.1 429 Too Many\r\nContent-Length: 2\r\n\r\n{");
    assertThat(limits.told.poll(20, TimeUnit.SECONDS)).startsWith("one 429");
    pass.close();
    assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(401);
    assertThat(passed().ending()).isEqualTo(Exchange.Ending.ATTEMPT_ENDED);
    assertThat(upstream.idle()).isTrue();
  }

  @Test
  void theGatewaysOwnExchangesAreNoBusinessOfThePool() {
    CredentialPool pool = new CredentialPool(List.of(ONE, TWO), InstantSource.system());
    BlockingQueue<RuntimeException> thrown = new LinkedBlockingQueue<>();
    gateway.heed(
        new CredentialLimits() {
          @Override
          public void answered(Credential credential, int status, Map<String, String> headers) {}

          @Override
          public boolean failsOver() {
            return true;
          }

          @Override
          public boolean refused(Credential credential) {
            try {
              return pool.restsUntil(credential).isPresent();
            } catch (RuntimeException e) {
              thrown.add(e);
              throw e;
            }
          }

          @Override
          public Optional<Credential> instead(Set<Credential> refused) {
            return pool.instead(refused);
          }
        });
    WarmUp.of(gateway, gateway.baseUrl().getPort());
    assertThat(thrown).isEmpty();
  }

  @Test
  void whereTheJournalTakesNoMoreLinesTheAgentIsStillAnswered() throws Exception {
    sink =
        sighting -> {
          throw new IllegalStateException("no more lines");
        };
    brokenWhileRefused();
    sink =
        sighting -> {
          if (sighting instanceof Sighting.AskedAgain) {
            throw new IllegalStateException("no more lines");
          }
        };
    brokenWhileRefused();
    sink = seen::add;
    limits.broken = true;
    brokenWhileRefused();
  }

  private void brokenWhileRefused() throws Exception {
    CompletableFuture<HttpResponse<String>> answer = ask(BodyPublishers.ofString(BODY));
    refuse(expect(ONE));
    assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(502);
    assertThat(upstream.idle()).isTrue();
  }

  @Test
  void limitsAreToldWithTheHeadOfAnAnswerAndNotAtItsEnd() throws Exception {
    CompletableFuture<HttpResponse<InputStream>> answer =
        client.sendAsync(
            request(gateway.admit("a.1", ONE), BodyPublishers.ofString(BODY)),
            HttpResponse.BodyHandlers.ofInputStream());
    ScriptedUpstream.Call call = expect(ONE);
    call.send(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            + "anthropic-ratelimit-unified-5h-utilization: 0.95\r\nx-ratelimit-limit-tokens: 5\r\n"
            + "x-other: 1\r\nTransfer-Encoding: chunked\r\n\r\n");
    assertThat(limits.told.poll(20, TimeUnit.SECONDS))
        .startsWith("one 200 ")
        .contains("anthropic-ratelimit-unified-5h-utilization=0.95", "x-ratelimit-limit-tokens=5")
        .doesNotContain("x-other");
    assertThat(seen).as("the exchange goes on").isEmpty();
    call.end();
    try (InputStream body = answer.get(20, TimeUnit.SECONDS).body()) {
      assertThat(body.readAllBytes()).isEmpty();
    }
    assertThat(passed().ending()).isEqualTo(Exchange.Ending.COMPLETE);
  }

  private CompletableFuture<HttpResponse<String>> ask(BodyPublisher body) {
    return ask(gateway.admit("a.1", ONE), body);
  }

  private CompletableFuture<HttpResponse<String>> ask(Pass pass, BodyPublisher body) {
    return client.sendAsync(request(pass, body), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(Pass pass, BodyPublisher body) {
    return HttpRequest.newBuilder(gateway.baseUrl().resolve("/v1/messages"))
        .header("x-api-key", pass.placeholder().value().reveal())
        .header("content-type", "application/json")
        .POST(body)
        .build();
  }

  /** The next request, which must carry that credential and no other. */
  private ScriptedUpstream.Call expect(Credential credential) throws InterruptedException {
    ScriptedUpstream.Call call = upstream.next();
    assertThat(call.head()).contains("x-api-key: " + credential.value().reveal() + "\r\n");
    assertThat(
            Stream.of(ONE, TWO, THREE).filter(each -> call.head().contains(each.value().reveal())))
        .containsExactly(credential);
    return call;
  }

  private static void refuse(ScriptedUpstream.Call call) throws IOException {
    call.send("HTTP/1.1 429 Too Many\r\nretry-after: 60\r\nContent-Length: 2\r\n\r\n{}");
  }

  private static void accept(ScriptedUpstream.Call call) throws IOException {
    call.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
  }

  private Sighting next() throws InterruptedException {
    Sighting sighting = seen.poll(20, TimeUnit.SECONDS);
    assertThat(sighting).isNotNull();
    return sighting;
  }

  private Exchange passed() throws InterruptedException {
    return ((Sighting.Passed) next()).exchange();
  }
}
