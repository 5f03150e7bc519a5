package dev.regatta.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A real chromium with one page, which does what it is told over the DevTools protocol. */
final class Browser implements AutoCloseable, WebSocket.Listener {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
  private final StringBuilder frame = new StringBuilder();
  private final String page;
  private int ids;

  private Browser(Process process, URI address) throws InterruptedException {
    this.process = process;
    this.socket = client.newWebSocketBuilder().buildAsync(address, this).join();
    String target =
        call("", "Target.createTarget", Map.of("url", "about:blank")).at("/targetId").asString();
    this.page =
        call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .at("/sessionId")
            .asString();
    call(page, "Page.enable", Map.of());
  }

  /**
   * Starts one; skips the test where there is none.
   *
   * @param folder for its profile
   * @param names host names that lead to this machine
   */
  static Browser open(Path folder, String... names) throws IOException, InterruptedException {
    Path program =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .flatMap(at -> Stream.of("chromium", "chromium-browser").map(name -> Path.of(at, name)))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    assumeTrue(program != null, "no chromium on the PATH: nothing is tried in a browser");
    Path profile = folder.resolve("profile");
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile));
    if (names.length > 0) {
      command.add(
          "--host-resolver-rules="
              + String.join(
                  ",", Arrays.stream(names).map(name -> "MAP " + name + " 127.0.0.1").toList()));
    }
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("chromium.out").toFile())
            .redirectError(folder.resolve("chromium.err").toFile())
            .start();
    Path port = profile.resolve("DevToolsActivePort");
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Files.exists(port) && Files.readString(port).lines().count() >= 2);
    List<String> lines = Files.readAllLines(port);
    return new Browser(process, URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1)));
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    frame.append(data);
    if (last) {
      heard.add(JSON.readTree(frame.toString()));
      frame.setLength(0);
    }
    from.request(1);
    return null;
  }

  private JsonNode call(String session, String method, Map<String, ?> params)
      throws InterruptedException {
    int id = ++ids;
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(params));
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    socket.sendText(message.toString(), true).join();
    JsonNode answer = await(each -> each.path("id").asInt(-1) == id, method);
    if (answer.has("error")) {
      throw new AssertionError(method + ": " + answer.get("error"));
    }
    return answer.get("result");
  }

  private JsonNode await(java.util.function.Predicate<JsonNode> wanted, String what)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      JsonNode next = heard.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw new AssertionError("the browser says nothing of " + what);
      }
      if (wanted.test(next)) {
        return next;
      }
    }
  }

  /** Goes there, as who types an address does, and gives the text of the page that it shows. */
  String go(String address) throws InterruptedException {
    call(page, "Page.navigate", Map.of("url", address));
    await(each -> each.path("method").asString("").equals("Page.loadEventFired"), address);
    return evaluate("document.body.innerText");
  }

  /** What an expression comes to in the page, when it is settled. */
  String evaluate(String expression) throws InterruptedException {
    JsonNode result =
        call(
            page,
            "Runtime.evaluate",
            Map.of(
                "expression",
                "Promise.resolve(" + expression + ").then(String, e => 'failed: ' + e)",
                "awaitPromise",
                true));
    return result.at("/result/value").asString();
  }

  /** What a page hears of a WebSocket: its first message, or that there was none. */
  String socket(String address) throws InterruptedException {
    return evaluate(
        "new Promise(done => { const s = new WebSocket('"
            + address
            + "'); s.onmessage = m => done(m.data); s.onerror = () => done('refused'); })");
  }

  @Override
  public void close() {
    socket.abort();
    client.shutdownNow();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }
}
