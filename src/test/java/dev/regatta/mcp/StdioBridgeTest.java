package dev.regatta.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.regatta.agent.AgentTools;
import dev.regatta.journal.Event;
import dev.regatta.run.Grove;
import dev.regatta.run.Task;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(120)
class StdioBridgeTest {
  private static final String INITIALIZE =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
          + "\"2025-06-18\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";

  @TempDir Path home;

  @Test
  void eachLineGoesToTheRunAndEachMessageComesBackAsALine() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    try (Grove grove = new Grove(home, 2, 1, Grove.AMPLE)) {
      grove.watch(event -> {
        if (event instanceof Event.AttemptStarted) {
          begun.countDown();
        }
      });
      AgentServer server = AgentServer.open(grove.tree(), "1");
      Thread running = grove.begin(Task.ofPrompt("boss", "exec sleep 305.2"));
      assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
      try (Conversation talk = new Conversation(environment(server, grove.token("boss.1")))) {
        talk.say(INITIALIZE);
        assertThat(talk.hear().at("/result/serverInfo/name").asString()).isEqualTo("regatta");
        talk.say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        talk.say(
            call(2, "spawn_agents", "{\"tasks\":[{\"prompt\":\"wait_to_be_told; answer a\"}]}"));
        talk.say(call(3, "agent_status", "{}"));
        assertThat(talk.hear().path("id").asInt())
            .as("the one that waits holds back no other")
            .isEqualTo(3);
        grove.cancellation().request();
        JsonNode answer = talk.hear();
        assertThat(answer.path("id").asInt()).isEqualTo(2);
        assertThat(answer.at("/result/content/0/text").asString()).contains("cancelled");
        running.join();
        talk.say(call(4, "read_notes", "{}"));
        assertThat(talk.hear().at("/error/message").asString())
            .as("its attempt is over")
            .startsWith("status 401: ");
        server.close();
        talk.say(call(5, "read_notes", "{}"));
        assertThat(talk.hear().at("/error/message").asString())
            .startsWith("the run that started this program does not answer: ");
      }
    }
  }

  @Test
  void whoseAnswerBreaksOffOrNeverComesIsToldSoOnce() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          int id =
              JsonMapper.shared()
                  .readTree(exchange.getRequestBody().readAllBytes())
                  .path("id")
                  .asInt();
          String progress = "data: {\"jsonrpc\":\"2.0\",\"method\":\"progress\"}\n\n";
          String result = "data: {\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}\n\n";
          byte[] answer = (id == 8 ? progress + result : progress).getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("content-type", "text/event-stream");
          exchange.sendResponseHeaders(200, answer.length + (id == 7 ? 0 : 100));
          exchange.getResponseBody().write(answer);
          exchange.getResponseBody().flush();
          exchange.close();
        });
    server.start();
    String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    try (Conversation talk =
        new Conversation(
            Map.of(AgentTools.ADDRESS_VARIABLE, address, AgentTools.TOKEN_VARIABLE, "x"))) {
      for (int id = 6; id <= 9; id++) {
        talk.say("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"ping\"}");
        assertThat(talk.hear().path("method").asString()).isEqualTo("progress");
        JsonNode answer = talk.hear();
        assertThat(answer.path("id").asInt()).isEqualTo(id);
        assertThat(answer.at("/error/message").asString(""))
            .startsWith(
                switch (id) {
                  case 7 -> "the run's answer ended without a result";
                  case 8 -> "";
                  default -> "the run's answer broke off";
                });
        assertThat(answer.has("result")).isEqualTo(id == 8);
      }
    } finally {
      server.stop(0);
    }
  }

  @Test
  void outsideOfARunThereIsNoBridge() {
    assertThat(StdioBridge.of(Map.of(), System.out)).isEmpty();
    assertThat(StdioBridge.of(Map.of(AgentTools.ADDRESS_VARIABLE, "http://x/"), System.out))
        .isEmpty();
  }

  private static Map<String, String> environment(AgentServer server, String token) {
    return Map.of(
        AgentTools.ADDRESS_VARIABLE, server.address().toString(), AgentTools.TOKEN_VARIABLE, token);
  }

  private static String call(int id, String tool, String arguments) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\"tools/call\",\"params\":{\"name\":\""
        + tool
        + "\",\"arguments\":"
        + arguments
        + "}}";
  }

  /** A program at the two ends of a bridge. */
  private static final class Conversation implements AutoCloseable {
    private final PrintStream toBridge;
    private final BufferedReader fromBridge;
    private final Thread bridge;

    Conversation(Map<String, String> environment) throws Exception {
      Pipe in = Pipe.open();
      Pipe out = Pipe.open();
      InputStream input = Channels.newInputStream(in.source());
      toBridge = new PrintStream(Channels.newOutputStream(in.sink()), true, StandardCharsets.UTF_8);
      fromBridge =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(out.source()), StandardCharsets.UTF_8));
      PrintStream output =
          new PrintStream(Channels.newOutputStream(out.sink()), true, StandardCharsets.UTF_8);
      StdioBridge made = StdioBridge.of(environment, output).orElseThrow();
      bridge =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  made.carry(input);
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
    }

    void say(String line) {
      toBridge.println(line);
    }

    JsonNode hear() throws Exception {
      return JsonMapper.shared().readTree(fromBridge.readLine());
    }

    @Override
    public void close() throws Exception {
      toBridge.close();
      bridge.join();
    }
  }
}
