package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regatta.server.Peer;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The server as people start it, in a JVM of its own, with clients that behave and others. */
class ServeTest {
  /** Less than any of the streams below: what piled up anywhere would be the end of it. */
  private static final String LITTLE_MEMORY = "-Xmx96m";

  @TempDir Path folder;

  private static String port(Cli.Running running) {
    Pattern pattern = Pattern.compile("http://127\\.0\\.0\\.1:([0-9]+)");
    await()
        .atMost(Peer.PATIENCE)
        .until(() -> !running.alive() || pattern.matcher(running.out()).find());
    Matcher matcher = pattern.matcher(running.out());
    assertThat(matcher.find()).as("%s%s", running.out(), running.err()).isTrue();
    return matcher.group(1);
  }

  private static Peer peer(Cli.Running running) {
    return Peer.at("ws://127.0.0.1:" + port(running) + "/ws", Optional.empty());
  }

  private Cli.Running open() {
    return Cli.in(folder)
        .with("JAVA_TOOL_OPTIONS", LITTLE_MEMORY)
        .start("serve", "--port", "0", "--open");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void itSaysWhereItIsAndWhereTheTokenLiesAndStopsWhatRunsOnASignal(String signal)
      throws Exception {
    try (Cli.Running running = Cli.in(folder).start("serve", "--port", "0")) {
      String port = port(running);
      Path file = folder.resolve(".regatta/server/token").toRealPath();
      String token = Files.readString(file).strip();
      await().until(() -> running.out().contains("Bearer"));
      assertThat(running.out()).contains("the token in " + file);
      try (Peer peer = Peer.at("ws://127.0.0.1:" + port + "/ws", Optional.of(token))) {
        long pid =
            peer.execute("trap '' TERM; echo armed; while :; do sleep 0.1; done")
                .get("pid")
                .asLong();
        peer.notice("process.output");
        running.signal(signal);
        Cli.Ended ended = running.await();
        assertThat(ended.exit()).isEqualTo(130);
        assertThat(ended.out())
            .contains("Stopped; 1 command was running: 0 ended when asked, 1 had to be killed");
        assertThat(ended.out() + ended.err()).doesNotContain(token).doesNotContain("Exception");
        assertThat(peer.notice("process.completed").get("exit_code").asInt()).isEqualTo(-9);
        assertThat(ProcessHandle.of(pid)).isEmpty();
      }
      assertThat(Cli.below(folder.resolve(".regatta/server"))).containsExactly("token");
    }
  }

  @Test
  void aLinkForABrowserIsASecretAndPrintedOnlyWhenItIsAskedForOrToATerminal() {
    Cli.Ended quiet = Cli.in(folder).within("serve", "--port", "0", "--for", "0.01");
    assertThat(quiet.out()).contains("Bearer").doesNotContain("login");
    Cli.Ended asked = Cli.in(folder).within("serve", "--port", "0", "--for", "0.01", "--link");
    assertThat(asked.out())
        .containsPattern("http://127\\.0\\.0\\.1:[0-9]+/login\\?once=[A-Za-z0-9_-]{43}");
    Cli.Ended open =
        Cli.in(folder).within("serve", "--port", "0", "--for", "0.01", "--link", "--open");
    assertThat(open.out()).as("who needs no token needs no link").doesNotContain("login");
  }

  @Test
  void withOpenItWarnsAndAsksForNoToken() throws Exception {
    try (Cli.Running running = open()) {
      String port = port(running);
      await().until(() -> running.err().contains("any process on this machine can run commands"));
      assertThat(folder.resolve(".regatta/server/token")).doesNotExist();
      try (HttpClient client = HttpClient.newHttpClient();
          Peer peer = peer(running)) {
        peer.notice("connected");
        HttpResponse<String> health =
            client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health")).build(),
                HttpResponse.BodyHandlers.ofString());
        JsonNode said = Parsed.json(health.body());
        assertThat(said.get("status").asString()).isEqualTo("healthy");
        assertThat(said.get("service").asString()).isEqualTo("regatta");
        assertThat(said.get("active_sessions").asInt()).isEqualTo(1);
        assertThat(said.get("max_sessions").asInt()).isEqualTo(100);
        assertThat(said.get("uptime_seconds").asDouble()).isPositive();
        assertThat(said.propertyNames()).contains("version");
      }
    }
  }

  @Test
  void withACertificateItSpeaksHttpsAndWithoutItsKeyItIsToldWhy() throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")));
    Process made =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=test",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                "key.pem",
                "-out",
                "cert.pem")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    assertThat(made.waitFor()).as(Files.readString(folder.resolve("said"))).isZero();
    Files.setPosixFilePermissions(
        folder.resolve("key.pem"), PosixFilePermissions.fromString("rw-------"));
    try (Cli.Running running =
        Cli.in(folder)
            .start("serve", "--port", "0", "--tls-cert", "cert.pem", "--tls-key", "key.pem")) {
      Pattern address = Pattern.compile("https://127\\.0\\.0\\.1:[0-9]+");
      await()
          .atMost(Peer.PATIENCE)
          .until(() -> !running.alive() || address.matcher(running.out()).find());
      Matcher found = address.matcher(running.out());
      assertThat(found.find()).as(running.err()).isTrue();
      try (HttpClient client = trusting(folder.resolve("cert.pem"))) {
        HttpRequest asked = HttpRequest.newBuilder(URI.create(found.group() + "/healthz")).build();
        assertThat(client.send(asked, HttpResponse.BodyHandlers.ofString()).body())
            .isEqualTo("{\"status\":\"ok\"}");
      }
    }
    Cli.Ended half = Cli.in(folder).within("serve", "--port", "0", "--tls-cert", "cert.pem");
    assertThat(half.exit()).isEqualTo(2);
    assertThat(half.err()).contains("--tls-cert and --tls-key belong together");
    Cli.Ended none =
        Cli.in(folder)
            .within("serve", "--port", "0", "--tls-cert", "cert.pem", "--tls-key", "none.pem");
    assertThat(none.exit()).isEqualTo(3);
    assertThat(none.err()).contains("none.pem");
    Files.setPosixFilePermissions(
        folder.resolve("key.pem"), PosixFilePermissions.fromString("rw-r--r--"));
    Cli.Ended open =
        Cli.in(folder)
            .within(
                "serve",
                "--port",
                "0",
                "--for",
                "0.01",
                "--tls-cert",
                "cert.pem",
                "--tls-key",
                "key.pem");
    assertThat(open.exit()).isZero();
    assertThat(open.err()).contains("regatta: warning: ", "key.pem");
  }

  private static HttpClient trusting(Path certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(certificate)) {
      trusted.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  @Test
  void openToEverybodyIsRefused() {
    Cli.Ended ended = Cli.in(folder).within("serve", "--open", "--host", "0.0.0.0");
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.err()).contains("--open").contains("loopback only");
    assertThat(Cli.below(folder)).isEmpty();
  }

  @Test
  void aPortThatIsTakenIsSaidWithWhatHelps() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = Integer.toString(taken.getLocalPort());
      Cli.Ended ended = Cli.in(folder).within("serve", "--port", port);
      assertThat(ended.exit()).isEqualTo(3);
      assertThat(ended.err()).contains("127.0.0.1:" + port).contains("--port N takes another");
    }
  }

  @Test
  void aTokenThatOthersMayReadIsRefused() throws Exception {
    assertThat(Cli.in(folder).within("serve", "--port", "0", "--for", "0.01").exit()).isZero();
    Files.setPosixFilePermissions(
        folder.resolve(".regatta/server/token"), PosixFilePermissions.fromString("rw-r--r--"));
    Cli.Ended ended = Cli.in(folder).within("serve", "--port", "0", "--for", "0.01");
    assertThat(ended.exit()).isEqualTo(3);
    assertThat(ended.err()).contains("others may read this token");
  }

  @Test
  void itStopsByItselfAfterTheTimeThatWasAskedFor() {
    Cli.Ended ended = Cli.in(folder).within("serve", "--port", "0", "--for", "0.05");
    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).contains("Stopped; no command was running");
  }

  @Test
  void theVariablesOfTheOlderServerAreHeeded() {
    try (Cli.Running running =
        Cli.in(folder)
            .with("WS_PORT", "0")
            .with("MAX_SESSIONS", "1")
            .with("ALLOWED_COMMANDS", "echo, true")
            .start("serve", "--open")) {
      try (Peer peer = peer(running);
          Peer surplus = peer(running)) {
        assertThat(peer.error("execute", "{\"command\":\"ls\"}").get("code").asInt())
            .isEqualTo(-32001);
        peer.execute("true");
        assertThat(surplus.until(each -> each.has("error")).get("error").get("code").asInt())
            .isEqualTo(-32003);
      }
    }
    Cli.Ended wrong = Cli.in(folder).with("MAX_SESSIONS", "none").within("serve", "--port", "0");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err()).contains("MAX_SESSIONS").contains("'none'");
  }

  @Test
  void onlyListedCommandsAreStarted() {
    try (Cli.Running running =
            Cli.in(folder).start("serve", "--port", "0", "--open", "--allow-command", "echo");
        Peer peer = peer(running)) {
      assertThat(peer.error("execute", "{\"command\":\"echo a; id\"}").get("code").asInt())
          .isEqualTo(-32001);
      peer.execute("echo a");
      peer.notice("process.completed");
    }
    Cli.Ended wrong = Cli.in(folder).within("serve", "--allow-command", "two words");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err()).contains("'two words'");
  }

  @Test
  void whatAKilledServerLeftIsStoppedByTheNextOne() {
    long pid;
    try (Cli.Running running = open();
        Peer peer = peer(running)) {
      pid = peer.execute("sleep 600", "left").get("pid").asLong();
      peer.notice("process.started", "left");
      running.signal("KILL");
      running.await();
    }
    assertThat(ProcessHandle.of(pid)).isPresent();
    Cli.Ended next = Cli.in(folder).within("serve", "--port", "0", "--open", "--for", "0.01");
    assertThat(next.err()).containsPattern("the server serve-\\S+ was killed; stopped 1 process");
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(Cli.below(folder.resolve(".regatta/server"))).isEmpty();
  }

  @Test
  void twoHundredMegabytesWithoutALineEndPassThroughLittleMemory() {
    try (Cli.Running running = open();
        Peer peer = peer(running)) {
      peer.countOutput();
      peer.execute("head -c 200000000 /dev/zero | tr '\\0' x");
      assertThat(peer.notice("process.completed").get("exit_code").asInt(-1)).isZero();
      assertThat(peer.counted()).isEqualTo(200_000_000L);
      assertThat(running.err()).doesNotContain("OutOfMemory");
    }
  }

  @Test
  void aClientThatStopsReadingHoldsUpNeitherItsProcessNorOthersAndMissesNothing() {
    try (Cli.Running running = open();
        Peer slow = peer(running);
        Peer other = peer(running)) {
      slow.countOutput();
      slow.notice("connected");
      slow.stopReading();
      slow.send(
          "{\"method\":\"execute\",\"params\":{\"command\":\"yes"
              + " 0123456789012345678901234567890123456789 | head -c 20500000\",\"id\":\"s\"}}");
      // The process ends although nobody reads what it printed.
      await()
          .atMost(Peer.PATIENCE)
          .until(() -> {
            JsonNode answer = other.ask("status", "{\"id\":\"s\"}");
            return answer.path("result").path("status").asString("").equals("completed");
          });
      other.execute("echo unaffected");
      other.notice("process.completed");
      assertThat(other.printed("stdout")).isEqualTo("unaffected\n");
      slow.readOn();
      JsonNode completed = slow.notice("process.completed", "s");
      assertThat(slow.counted()).isEqualTo(20_500_000L);
      assertThat(completed.get("dropped_bytes").asLong(-1)).isZero();
    }
  }

  @Test
  void aClientThatVanishesInTheMiddleTakesItsProcessWithItAndNothingElse() {
    try (Cli.Running running = open();
        Peer other = peer(running)) {
      long daemon;
      long pid;
      try (Peer vanishing = peer(running)) {
        pid =
            vanishing
                .execute("setsid sleep 600 & echo $!; while :; do echo busy; done")
                .get("pid")
                .asLong();
        JsonNode first = vanishing.notice("process.output");
        daemon = Long.parseLong(first.get("data").asString().strip());
        vanishing.vanish();
      }
      await()
          .atMost(Peer.PATIENCE)
          .until(() ->
              ProcessHandle.of(pid).isEmpty()
                  && ProcessHandle.of(daemon).filter(ProcessHandle::isAlive).isEmpty());
      assertThat(other.result("status", "{}").get("running").asInt(-1)).isZero();
    }
  }

  @Test
  void twoThousandMalformedMessagesAreAnsweredAndCostNothingElse() {
    Random random = new Random(7);
    List<String> seeds =
        List.of(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"execute\",\"params\":{\"command\":5}}",
            "{\"method\":\"control\",\"params\":{\"type\":\"PAUSE\"}}",
            "[[[[[[[[[[1,2,{\"a\":\"b\"}]]]]]]]]]]",
            "\"\\ud800 half a character\"",
            "{\"id\":123456789012345678901234567890,\"method\":null}");
    try (Cli.Running running = open();
        Peer fuzzer = peer(running);
        Peer other = peer(running)) {
      for (int i = 0; i < 2_000; i++) {
        StringBuilder message = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
        for (int change = random.nextInt(4); change > 0; change--) {
          message.setCharAt(random.nextInt(message.length()), (char) (' ' + random.nextInt(95)));
        }
        fuzzer.send(i % 100 == 0 ? "[".repeat(20_000) : message.toString());
      }
      fuzzer.result("hook_status", "{}");
      assertThat(fuzzer.heard().stream().filter(each -> each.has("error")).count())
          .isGreaterThan(1_500);
      other.execute("echo unaffected");
      other.notice("process.completed");
      assertThat(other.result("status", "{}").get("active_sessions").asInt()).isEqualTo(2);
    }
  }

  @Test
  void twoHundredIdleExecutionsAreHeldAtOnceAndAllStopped() {
    try (Cli.Running running = open();
        Peer peer = peer(running)) {
      List<Long> pids = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        pids.add(peer.execute("exec sleep 600", "idle-" + i).get("pid").asLong());
      }
      assertThat(peer.result("status", "{}").get("running").asInt()).isEqualTo(200);
      running.signal("INT");
      assertThat(running.await().out())
          .contains("200 commands were running: 200 ended when asked, 0 had to be killed");
      assertThat(pids).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
    }
  }

  @Test
  void whereTooFewFilesMayBeOpenItSaysSoAndServesOn() {
    try (Cli.Running running =
            Cli.in(folder)
                .shell("ulimit -n 300 && exec \"$@\"")
                .start("serve", "--port", "0", "--open");
        Peer peer = peer(running)) {
      int held = 0;
      JsonNode answer = peer.ask("execute", "{\"command\":\"exec sleep 600\",\"id\":\"0\"}");
      while (answer.has("result") && held < 150) {
        held++;
        answer = peer.ask("execute", "{\"command\":\"exec sleep 600\",\"id\":\"" + held + "\"}");
      }
      assertThat(answer.path("error").path("code").asInt()).as("%d held", held).isEqualTo(-32603);
      assertThat(answer.get("error").get("message").asString()).contains("raise `ulimit -n`");
      for (int i = 0; i < 10; i++) {
        peer.result("control", "{\"type\":\"CANCEL\",\"id\":\"" + i + "\"}");
        peer.notice("process.completed", Integer.toString(i));
      }
      peer.execute("echo goes on", "next");
      peer.notice("process.completed", "next");
      assertThat(peer.printed("stdout")).isEqualTo("goes on\n");
    }
  }

  @Test
  void aClientInPlainPythonWorksUnchanged() throws Exception {
    Optional<PythonClients> client = PythonClients.find();
    Assumptions.assumeTrue(client.isPresent(), "no websockets package for Python");
    Path script = folder.resolve("old_client.py");
    try (var source = ServeTest.class.getResourceAsStream("old_client.py")) {
      Files.copy(source, script);
    }
    try (Cli.Running running = open()) {
      Process python =
          client
              .get()
              .calls(script.toString(), port(running))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("said").toFile())
              .start();
      assertThat(python.waitFor(120, TimeUnit.SECONDS)).isTrue();
      String said = Files.readString(folder.resolve("said"));
      assertThat(python.exitValue()).as(said).isZero();
      assertThat(said).isEqualTo("ok /ws\nok /ws/mcp\n");
    }
  }
}
