package dev.regatta.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.regatta.credential.Credential;
import dev.regatta.journal.RunClock;
import dev.regatta.secret.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people read where an exchange did not end well. */
@Timeout(120)
class PlainReasonTest {
  private static final Credential KEY =
      new Credential("KEY", new Secret("sk-ant-api03-the-real-key"));
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final BlockingQueue<Sighting> seen = new LinkedBlockingQueue<>();

  @TempDir Path folder;

  @Test
  void aPortWhereNobodyListens() throws Exception {
    URI there;
    try (ScriptedUpstream upstream = new ScriptedUpstream()) {
      there = upstream.url();
    }
    assertThat(reason(there))
        .isEqualTo(
            there.getAuthority()
                + " takes no connections: look whether it runs, and whether the address is right");
  }

  @Test
  void aHostThatIsNotKnown() throws Exception {
    assertThat(reason(URI.create("http://no-such-host.invalid")))
        .isEqualTo(
            "no address is known for no-such-host.invalid: look at its spelling, and at the"
                + " network");
  }

  @Test
  void aServerThatSpeaksNoTls() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerInPlainText(plain));
      String there = "127.0.0.1:" + plain.getLocalPort();
      assertThat(reason(URI.create("https://" + there)))
          .startsWith(there + " speaks no TLS that is understood (")
          .endsWith("): look whether the address should begin with http://");
    }
  }

  private static void answerInPlainText(ServerSocket listener) {
    try (Socket socket = listener.accept()) {
      socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // the other side had enough
    }
  }

  @Test
  void aCertificateThatNobodyVouchesFor() throws Exception {
    HttpsServer secure = HttpsServer.create(ANY, 0);
    secure.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
    secure.start();
    try {
      String there = "127.0.0.1:" + secure.getAddress().getPort();
      assertThat(reason(URI.create("https://" + there)))
          .isEqualTo(
              "the certificate of "
                  + there
                  + " is not believed: an authority of your own is named with"
                  + " NODE_EXTRA_CA_CERTS");
    } finally {
      secure.stop(0);
    }
  }

  @Test
  void aServerThatResetsTheConnection() throws Exception {
    try (ScriptedUpstream upstream = new ScriptedUpstream()) {
      assertThat(
              reason(
                  upstream.url(),
                  () -> {
                    ScriptedUpstream.Call call = upstream.next();
                    call.socket().setSoLinger(true, 0);
                    call.socket().close();
                  }))
          .isEqualTo(
              upstream.url().getAuthority()
                  + " broke the connection off before the answer was whole: try again");
    }
  }

  @Test
  void aServerThatDoesNotAnswerInTimeAndTheProxyOnTheWay() {
    Route proxied =
        new Route(
            URI.create("https://api.example.com"),
            Optional.of(InetSocketAddress.createUnresolved("proxy", 3128)),
            Optional.empty());
    for (Exception late :
        new Exception[] {new SocketTimeoutException("Connect Timeout"), new TimeoutException()}) {
      assertThat(PlainReason.of(new IOException(late), proxied))
          .isEqualTo(
              "api.example.com by way of proxy:3128 did not answer in time: look at the network"
                  + " and at HTTPS_PROXY");
    }
  }

  @Test
  void whatNobodyThoughtOfIsSaidWithoutNamesOfClasses() {
    Route route = Route.direct(URI.create("https://api.example.com"));
    assertThat(PlainReason.of(new IllegalStateException("odd"), route))
        .isEqualTo("api.example.com could not be asked: odd");
    assertThat(PlainReason.of(new IllegalStateException(), route))
        .isEqualTo("api.example.com could not be asked");
    assertThat(PlainReason.of(new ClientGone(new IOException("x")), route))
        .isEqualTo("the agent went away before the answer was whole");
  }

  private interface Step {
    void take() throws Exception;
  }

  private String reason(URI upstream) throws Exception {
    return reason(upstream, () -> {});
  }

  private String reason(URI upstream, Step meanwhile) throws Exception {
    try (Gateway gateway =
            Gateway.start(
                Route.direct(upstream), RunClock.system(), new SecureRandom(), seen::add);
        HttpClient client = HttpClient.newHttpClient()) {
      Pass pass = gateway.admit("a.1", KEY);
      HttpRequest request =
          HttpRequest.newBuilder(gateway.baseUrl().resolve("/v1/messages"))
              .version(HttpClient.Version.HTTP_1_1)
              .header("x-api-key", pass.placeholder().value().reveal())
              .POST(HttpRequest.BodyPublishers.ofString("{}"))
              .build();
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
      meanwhile.take();
      assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(502);
      return ((Sighting.Passed) seen.poll(20, TimeUnit.SECONDS)).exchange().reason();
    }
  }

  private SSLContext selfSigned() throws Exception {
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                "secret",
                "-alias",
                "own",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1")
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "secret".toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "secret".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
