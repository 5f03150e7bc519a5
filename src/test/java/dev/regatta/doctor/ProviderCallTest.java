package dev.regatta.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.regatta.credential.Credential;
import dev.regatta.provider.Provider;
import dev.regatta.secret.Redactor;
import dev.regatta.secret.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderCallTest {
  private static final String KEY = "sk-ant-api03-planted-value-one";
  private static final String OAUTH = "sk-ant-oat01-planted-value-two";
  private static final String MODELS = "{\"data\":[{\"type\":\"model\",\"id\":\"m\"}]}";
  private static final Duration LONG = Duration.ofSeconds(30);

  private record Seen(String method, URI uri, Headers headers) {}

  @TempDir Path folder;
  private final ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final HttpClient client = HttpClient.newBuilder().build();
  private HttpServer server;

  @BeforeEach
  void aServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    client.shutdownNow();
    server.stop(0);
  }

  private interface Answer {
    void to(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private void serve(Answer answer) {
    server.createContext(
        "/",
        exchange -> {
          seen.add(
              new Seen(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI(),
                  exchange.getRequestHeaders()));
          try (exchange) {
            answer.to(exchange);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void serve(int status, Map<String, String> headers, String body) {
    serve(exchange -> {
      headers.forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    });
  }

  private static String error(String message) {
    return "{\"type\":\"error\",\"error\":{\"type\":\"some_error\",\"message\":\""
        + message
        + "\"}}";
  }

  private URI base() {
    return URI.create("http://" + authority());
  }

  private String authority() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private Finding ask(String value) throws InterruptedException {
    return ask(value, base(), LONG);
  }

  private Finding ask(String value, URI base, Duration limit) throws InterruptedException {
    Secret secret = new Secret(value);
    Finding finding =
        new ProviderCall(
                client, base, new Credential("MINE", secret), limit, new Redactor(List.of(secret)))
            .findings()
            .getFirst();
    assertThat(finding.id()).isEqualTo("credential.MINE.online");
    assertThat(finding.toString()).doesNotContain("planted");
    return finding;
  }

  @Test
  void aKeyOfOpenAisGoesAsABearerAndOneOfGooglesInItsOwnHeader() throws Exception {
    serve(200, Map.of(), "{\"object\":\"list\",\"data\":[]}");
    assertThat(ask(Provider.OPENAI, "sk-proj-planted").status()).isEqualTo(Status.OK);
    Seen openai = seen.remove();
    assertThat(openai.uri()).hasToString("/v1/models");
    assertThat(openai.headers().get("Authorization")).containsExactly("Bearer sk-proj-planted");
    assertThat(openai.headers()).doesNotContainKeys("X-api-key", "Anthropic-version");
    assertThat(ask(Provider.GOOGLE, "AIza-planted").status()).isEqualTo(Status.OK);
    Seen google = seen.remove();
    assertThat(google.uri()).hasToString("/v1beta/models?pageSize=1");
    assertThat(google.headers().get("X-goog-api-key")).containsExactly("AIza-planted");
  }

  private Finding ask(Provider provider, String value) throws InterruptedException {
    Secret secret = new Secret(value);
    return new ProviderCall(
            client,
            base(),
            new Credential("MINE", secret).at(provider),
            LONG,
            new Redactor(List.of(secret)))
        .findings()
        .getFirst();
  }

  @Test
  void anApiKeyGoesInItsOwnHeaderWithTheCheapestCallThereIs() throws Exception {
    serve(200, Map.of(), MODELS);
    assertThat(ask(KEY))
        .isEqualTo(
            new Finding("credential.MINE.online", Status.OK, "accepted by " + authority(), null));
    assertThat(seen).hasSize(1);
    Seen call = seen.remove();
    assertThat(call.method()).isEqualTo("GET");
    assertThat(call.uri()).hasToString("/v1/models?limit=1");
    assertThat(call.headers().get("x-api-key")).containsExactly(KEY);
    assertThat(call.headers().get("anthropic-version")).containsExactly("2023-06-01");
    assertThat(call.headers()).doesNotContainKeys("Authorization", "Anthropic-beta");
  }

  @Test
  void anOauthTokenGoesAsABearerWithTheBetaHeader() throws Exception {
    serve(200, Map.of(), MODELS);
    assertThat(ask(OAUTH).status()).isEqualTo(Status.OK);
    Headers headers = seen.remove().headers();
    assertThat(headers.get("authorization")).containsExactly("Bearer " + OAUTH);
    assertThat(headers.get("anthropic-beta")).containsExactly("oauth-2025-04-20");
    assertThat(headers).doesNotContainKey("X-api-key");
  }

  @ParameterizedTest
  @CsvSource({"/gate,/gate/v1/models", "/gate/,/gate/v1/models", "/,/v1/models", "'',/v1/models"})
  void aPathInTheAddressStays(String path, String asked) throws Exception {
    serve(200, Map.of(), MODELS);
    ask(KEY, URI.create(base() + path), LONG);
    assertThat(seen.remove().uri().getPath()).isEqualTo(asked);
  }

  @Test
  void aRefusedCredentialFailsInTheProvidersWords() throws Exception {
    serve(401, Map.of(), error("invalid x-api-key"));
    Finding finding = ask(KEY);
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found()).isEqualTo("refused (401): invalid x-api-key");
    assertThat(finding.fix()).startsWith("set MINE to a fresh one: `claude setup-token`");
  }

  @Test
  void googlesKeyGoesInItsOwnHeaderAndItsRefusalIsOneThough400() throws Exception {
    Credential key =
        new Credential("GEMINI_API_KEY", new Secret("AIza-planted-value")).at(Provider.GOOGLE);
    Redactor redactor = new Redactor(List.of(key.value()));
    serve(
        400,
        Map.of(),
        "{\"error\":{\"code\":400,\"message\":\"API key not valid.\",\"details\":["
            + "{\"reason\":\"API_KEY_INVALID\"}]}}");

    Finding finding = new ProviderCall(client, base(), key, LONG, redactor).findings().getFirst();

    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found()).isEqualTo("refused (400): API key not valid.");
    Seen call = seen.remove();
    assertThat(call.uri()).hasToString("/v1beta/models?pageSize=1");
    assertThat(call.headers().get("x-goog-api-key")).containsExactly("AIza-planted-value");
    assertThat(call.headers()).doesNotContainKeys("X-api-key", "Authorization");
  }

  @Test
  void anApiKeyWithoutPermissionIsRefused() throws Exception {
    serve(403, Map.of(), error("not allowed"));
    Finding finding = ask(KEY);
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found()).isEqualTo("refused (403): not allowed");
  }

  @Test
  void anOauthTokenThatMayNotListModelsMayStillRunAgents() throws Exception {
    serve(403, Map.of(), error("scope"));
    Finding finding = ask(OAUTH);
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.found()).isEqualTo("may not list models (403): scope");
    assertThat(finding.fix()).isEqualTo("try it with an agent: regatta prove --token MINE");
  }

  @ParameterizedTest
  @CsvSource({
    "30,at its limit for 30 s (429): slow down",
    "soon,at its limit (429): slow down",
    "'',at its limit (429): slow down"
  })
  void aCredentialAtItsLimitIsAWarningWithTheProvidersTime(String retryAfter, String found)
      throws Exception {
    serve(
        429,
        retryAfter.isEmpty() ? Map.of() : Map.of("retry-after", retryAfter),
        error("slow down"));
    Finding finding = ask(KEY);
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.found()).isEqualTo(found);
    assertThat(finding.fix()).startsWith("wait, or use another credential");
  }

  @ParameterizedTest
  @CsvSource({"500", "503", "529"})
  void aFailingProviderIsNotTheCredentialsFault(int status) throws Exception {
    serve(status, Map.of(), error("Overloaded"));
    Finding finding = ask(KEY);
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.found()).isEqualTo("not known: failed (" + status + "): Overloaded");
  }

  @ParameterizedTest
  @CsvSource({"301", "302", "307", "308"})
  void aRedirectIsNotFollowedSoTheCredentialGoesNowhereElse(int status) throws Exception {
    serve(status, Map.of("location", base() + "/elsewhere"), "");
    Finding finding = ask(KEY);
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found())
        .isEqualTo(authority() + " answered with a redirect (" + status + ")");
    assertThat(seen).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"<html>log in</html>", "[]", "{\"data\":1}", "''", "{\"data\":[", "\"data\""})
  void aGoodStatusWithSomethingElseThanModelsIsNotTheApi(String body) throws Exception {
    serve(200, Map.of(), body);
    Finding finding = ask(KEY);
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found())
        .isEqualTo(authority() + " answered 200, and not with a list of models");
  }

  @Test
  void anUnknownPathIsNotTheApi() throws Exception {
    serve(404, Map.of(), "nothing here");
    Finding finding = ask(KEY);
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found()).isEqualTo(authority() + " answered 404");
  }

  @Test
  void anErrorThatRepeatsTheCredentialOrColoursTheTerminalIsCleaned() throws Exception {
    serve(401, Map.of(), error("bad key " + KEY + " \\u001b[31m " + "x".repeat(3_000_000 / 10)));
    Finding finding = ask(KEY);
    assertThat(finding.found())
        .startsWith("refused (401): bad key [secret " + Secret.fingerprintOf(KEY) + "]")
        .doesNotContain("\u001b")
        .hasSizeLessThan(200);
  }

  @Test
  void aValueThatEndsWhereTheSentenceIsCutIsNotHalfShown() throws Exception {
    serve(401, Map.of(), error("y".repeat(100) + " " + KEY));
    assertThat(ask(KEY).found()).doesNotContain("sk-ant");
  }

  @Test
  void anEndlessAnswerIsGivenUp() throws Exception {
    serve(exchange -> {
      exchange.sendResponseHeaders(200, 0);
      OutputStream body = exchange.getResponseBody();
      byte[] much = new byte[1 << 16];
      for (int i = 0; i < 1000; i++) {
        body.write(much);
      }
    });
    assertThat(ask(KEY).id()).isEqualTo("credential.MINE.online");
    assertThat(ask(KEY).status()).isEqualTo(Status.FAIL);
  }

  @Test
  void aServerThatNeverAnswersIsUnreachable() throws Exception {
    serve(exchange -> over.await());
    Finding finding = ask(KEY, base(), Duration.ofSeconds(1));
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found()).isEqualTo(authority() + " gave no whole answer within 1 s");
  }

  @Test
  void aServerThatStopsInTheMiddleOfItsAnswerIsUnreachable() throws Exception {
    serve(exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write("{\"data\":".getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
      over.await();
    });
    assertThat(ask(KEY, base(), Duration.ofSeconds(1)).found())
        .isEqualTo(authority() + " gave no whole answer within 1 s");
  }

  @Test
  void whereNobodyListensItIsUnreachable() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Finding finding = ask(KEY, URI.create("http://127.0.0.1:" + port), LONG);
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found())
        .isEqualTo("127.0.0.1:" + port + " does not answer: nobody listens there");
    assertThat(finding.fix()).contains("this call uses no proxy");
  }

  @Test
  void anUnknownNameIsUnreachable() throws Exception {
    assertThat(ask(KEY, URI.create("http://nobody.invalid"), LONG).found())
        .isEqualTo("nobody.invalid has a name that is not known here");
  }

  @Test
  void garbageInPlaceOfHttpIsNotTheApi() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      answerOnce(socket, "SSH-2.0-OpenSSH\r\n\r\n");
      Finding finding = ask(KEY, URI.create("http://127.0.0.1:" + socket.getLocalPort()), LONG);
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.found()).contains("broke off or does not speak HTTP: ");
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForIsUnreachableAndNothingIsSent() throws Exception {
    HttpsServer stranger =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    stranger.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
    stranger.createContext("/", exchange -> seen.add(new Seen("", URI.create("/"), new Headers())));
    stranger.start();
    try {
      String authority = "127.0.0.1:" + stranger.getAddress().getPort();
      Finding finding = ask(KEY, URI.create("https://" + authority), LONG);
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.found()).startsWith(authority + " could not be talked to over TLS: ");
      assertThat(seen).isEmpty();
    } finally {
      stranger.stop(0);
    }
  }

  private SSLContext selfSigned() throws Exception {
    Path store = folder.resolve("store");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                "of-a-test",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
    char[] password = "of-a-test".toCharArray();
    KeyStore keys = KeyStore.getInstance(store.toFile(), password);
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static void answerOnce(ServerSocket socket, String answer) {
    Thread.ofVirtual()
        .start(() -> {
          try (Socket caller = socket.accept()) {
            caller.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            caller.shutdownOutput();
            caller.getInputStream().readAllBytes(); // a close with unread bytes would be a reset
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void aValueThatNoHeaderCanHoldIsNotSentAndNotShown() throws Exception {
    serve(200, Map.of(), MODELS);
    Finding finding = ask("sk-ant-api03-plänted-value");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found()).isEqualTo("not sent: it holds a character that no token has");
    assertThat(finding.toString()).doesNotContain("plänted");
    assertThat(seen).isEmpty();
  }
}
