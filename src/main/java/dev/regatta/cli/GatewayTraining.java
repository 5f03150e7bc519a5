package dev.regatta.cli;

import dev.regatta.credential.Credential;
import dev.regatta.gateway.Gateway;
import dev.regatta.gateway.Pass;
import dev.regatta.gateway.Route;
import dev.regatta.journal.RunClock;
import dev.regatta.rehearsal.RehearsalServer;
import dev.regatta.rehearsal.Script;
import dev.regatta.secret.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Streams through a gateway, so many that the JVM notes which of its methods are hot (JEP 515): the
 * second compiler of a later run starts from that. Measured for what the gateway adds to the first
 * byte: 1.0 ms with these notes, 1.35 without, and 1.1 with the first compiler alone.
 */
final class GatewayTraining {
  private static final int STREAMS = 400;
  private static final int AT_ONCE = 8;
  private static final String SCRIPT =
      "rules:\n  - { reply: '%s', latency: 0, tokensPerSecond: 2000 }\n"
          .formatted("word ".repeat(40));
  private static final String REQUEST =
      "{\"model\":\"none\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\""
          + "x".repeat(75_000)
          + "\"}]}";

  private GatewayTraining() {}

  /**
   * Trains.
   *
   * @param folder gets a file
   */
  static void carryOut(Path folder) throws IOException {
    Script script = Script.read(Files.writeString(folder.resolve("stream.yaml"), SCRIPT));
    try (RehearsalServer server = RehearsalServer.start(script, 0, 1);
        Gateway gateway =
            Gateway.start(
                Route.direct(server.baseUrl()),
                RunClock.system(),
                new SecureRandom(),
                sighting -> {});
        Pass pass =
            gateway.admit("training", new Credential("none", new Secret("sk-ant-api03-nobodys")));
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> streams = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        streams.add(threads.submit(() -> stream(gateway.baseUrl(), pass)));
      }
      for (Future<?> stream : streams) {
        stream.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a stream of the training failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the training was interrupted", e);
    }
  }

  private static @Nullable Void stream(URI gateway, Pass pass) throws IOException {
    try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
      String head =
          "POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nx-api-key: "
              + pass.placeholder().value().reveal()
              + "\r\nContent-Type: application/json\r\nContent-Length: "
              + REQUEST.length()
              + "\r\n\r\n";
      OutputStream out = socket.getOutputStream();
      out.write((head + REQUEST).getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      if (!new String(answer, StandardCharsets.UTF_8).startsWith("HTTP/1.1 200 ")) {
        throw new IOException("no answer came through the gateway");
      }
      return null;
    }
  }
}
