package dev.regatta.gateway;

import dev.regatta.credential.Credential;
import dev.regatta.secret.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Exchanges of the gateway with itself before the first agent's, so that this does not pay for what
 * the Java platform loads and compiles: 160 ms were measured, which would count as the model's. The
 * run waits for the first; more go on while its first agent starts, which takes longer.
 */
final class WarmUp implements AutoCloseable {
  static final String PATH = "/warm-up";

  private static final Credential NONE =
      new Credential("warm-up", new Secret("sk-ant-api03-no-credential-of-anybody"));
  private static final int PATIENCE_MS = 10_000;

  /** As long as what the {@code claude} CLI asks. */
  private static final String LONG = request(75_000);

  private static final int LONG_ONES = 10;

  private static final String SHORT = request(100);

  /**
   * The JVM compiles what it has done a few hundred times. Without these the first agents' times to
   * first token are 3 ms longer; 150 save another one, and take a core for more than a second.
   */
  private static final int SHORT_ONES = 60;

  private static final String EVENTS =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"none","model":"none","usage":{"input_tokens":0}}}

      event: content_block_delta
      data: {"type":"content_block_delta"}

      event: message_delta
      data: {"type":"message_delta","usage":{"output_tokens":0}}

      """;

  private static String request(int length) {
    return "{\"model\":\"none\",\"stream\":true,\"messages\":\"" + "x".repeat(length) + "\"}";
  }

  private final Gateway gateway;
  private final int port;
  private final Thread thread;
  private volatile boolean enough;

  private WarmUp(Gateway gateway, int port) {
    this.gateway = gateway;
    this.port = port;
    this.thread =
        Thread.ofPlatform().daemon().name("regatta-gateway-warm-up").unstarted(this::goOn);
  }

  /** Carries it out; the gateway takes requests already. */
  static void of(Gateway gateway, int port) {
    ask(gateway, port, LONG);
  }

  private static void ask(Gateway gateway, int port, String request) {
    try (Pass pass = gateway.admit(PATH, NONE);
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
      String head =
          "POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nx-api-key: "
              + pass.placeholder().value().reveal()
              + "\r\nContent-Type: application/json\r\nContent-Length: "
              + request.length()
              + "\r\n\r\n";
      socket.setSoTimeout(PATIENCE_MS);
      OutputStream out = socket.getOutputStream();
      out.write((head + request).getBytes(StandardCharsets.US_ASCII));
      out.flush();
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new GatewayProblem("the gateway does not answer: " + e.getMessage(), e);
    }
  }

  /** Carries out more, on a thread of its own. */
  static WarmUp more(Gateway gateway, int port) {
    WarmUp more = new WarmUp(gateway, port);
    more.thread.start();
    return more;
  }

  private void goOn() {
    try {
      for (int i = 0; i < LONG_ONES + SHORT_ONES && !enough; i++) {
        ask(gateway, port, i < LONG_ONES ? LONG : SHORT);
      }
    } catch (GatewayProblem e) {
      // The first one worked; if anything is wrong since, the first agent's request says so.
    }
  }

  /** Begins no more and waits for the one that goes on, which would be refused from now on. */
  @Override
  public void close() {
    enough = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever asks to stop does not wait
    }
  }

  /** Whether a pass is for this only. */
  static boolean isFor(Pass pass) {
    return pass.attempt().equals(PATH);
  }

  /** Whether a request is the gateway's own: only it knows of this key, and it opens nothing. */
  static boolean itself(HttpFields headers) {
    return NONE.value().reveal().equals(Credentials.key(headers));
  }

  /** The answer that a model API would give. */
  static void answer(Response response, Callback callback) {
    response.setStatus(200);
    response.getHeaders().put("content-type", "text/event-stream");
    response.write(true, ByteBuffer.wrap(EVENTS.getBytes(StandardCharsets.US_ASCII)), callback);
  }
}
