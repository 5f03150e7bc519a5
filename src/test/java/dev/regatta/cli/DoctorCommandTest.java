package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DoctorCommandTest {
  private static final String KEY = "sk-ant-api03-planted-value-one";

  @TempDir Path folder;
  private Path bin;
  private final Map<String, String> environment = new HashMap<>();

  private record Said(int code, String out, String err) {}

  @BeforeEach
  void aPathWithGitAlone() throws IOException {
    bin = Files.createDirectory(folder.resolve("bin"));
    environment.put("PATH", bin.toString());
    program("git", "echo git version 2.50.0");
    program("claude", "echo '2.1.329 (Claude Code)'");
    environment.put("CLAUDE_CODE_TOKEN", KEY);
  }

  private void program(String name, String script) throws IOException {
    Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private Said regatta(String... words) {
    return regatta(false, words);
  }

  private Said regatta(boolean terminal, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Context context =
        new Context(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            folder,
            terminal,
            terminal);
    int code = Main.run(context, words);
    Said said =
        new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    assertThat(said.toString()).doesNotContain("planted");
    return said;
  }

  @Test
  void whereNothingFailsItExitsWithZeroAndShowsWhatIsThere() {
    Said said = regatta("doctor");
    assertThat(said.code()).isZero();
    assertThat(said.err()).isEmpty();
    assertThat(said.out())
        .contains("OK    tool.claude", "2.1.329 (Claude Code), " + bin.resolve("claude"))
        .contains("credential.CLAUDE_CODE_TOKEN", "API key ")
        .contains("fix: ");
    assertThat(folder.resolve(".regatta")).doesNotExist();
  }

  @Test
  void anythingThatFailsIsExitCodeOne() throws IOException {
    program("claude", "echo 'needs Node 20' >&2; exit 1");
    Said said = regatta("doctor");
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.out()).contains("FAIL  tool.claude", "ended with 1: needs Node 20");
  }

  @Test
  void theFolderIsTheOneThatOtherCommandsWouldUse() throws IOException {
    Files.writeString(folder.resolve("elsewhere"), "");
    Said said = regatta("doctor", "--home", "elsewhere");
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.out()).contains(folder.resolve("elsewhere") + " is not a folder");
  }

  @Test
  void asJsonItIsOneObject() {
    Said said = regatta(true, "doctor", "--json");
    assertThat(said.code()).isZero();
    JsonNode report = JsonMapper.shared().readTree(said.out());
    assertThat(report.path("schema").asString()).isEqualTo("regatta.doctor/1");
    assertThat(report.path("findings").get(0).path("id").asString()).isEqualTo("tool.claude");
    assertThat(report.path("findings").get(0).path("fix").isNull()).isTrue();
  }

  @Test
  void colourIsForTerminalsOfThoseWhoWantIt() {
    assertThat(regatta(true, "doctor").out()).contains("\u001b[32mOK\u001b[0m");
    assertThat(regatta(false, "doctor").out()).doesNotContain("\u001b");
    assertThat(regatta(true, "doctor", "--no-color").out()).doesNotContain("\u001b");
    environment.put("NO_COLOR", "1");
    assertThat(regatta(true, "doctor").out()).doesNotContain("\u001b");
  }

  @Test
  void onlineAsksWhereBaseUrlSays() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean known = KEY.equals(exchange.getRequestHeaders().getFirst("x-api-key"));
          exchange.sendResponseHeaders(known ? 200 : 401, 0);
          exchange.getResponseBody().write("{\"data\":[]}".getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    server.start();
    try {
      environment.put("OTHER", "sk-ant-api03-planted-and-unknown");
      String address = "http://127.0.0.1:" + server.getAddress().getPort();
      Said said =
          regatta(
              "doctor",
              "--online",
              "--base-url",
              address,
              "--token",
              "CLAUDE_CODE_TOKEN",
              "--token",
              "OTHER");
      assertThat(said.code()).isEqualTo(1);
      assertThat(said.out())
          .containsPattern("OK +credential.CLAUDE_CODE_TOKEN.online +accepted by 127.0.0.1")
          .containsPattern("FAIL +credential.OTHER.online +refused \\(401\\)");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void credentialsInAFileAreLookedAtToo() throws IOException {
    Path file =
        Files.writeString(folder.resolve("tokens"), "WORK=sk-ant-oat01-planted-in-a-file\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(regatta("doctor", "--token-file", "tokens").out())
        .containsPattern("OK +credential.WORK +OAuth token [0-9a-f]{12} in the file " + file);
  }

  @Test
  void anAddressWithoutOnlineIsWrongUsage() {
    Said said = regatta("doctor", "--base-url", "http://127.0.0.1:1");
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err())
        .isEqualTo("regatta: --base-url is for --online: without it nobody is asked\n");
    Said wrong = regatta("doctor", "--online", "--base-url", "127.0.0.1:1");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("--base-url must be an address such as http://");
  }

  @Test
  void aTokenInPlaceOfItsNameIsRefusedWithoutBeingRepeated() {
    for (List<String> command : List.of(List.of("doctor"), List.of("prove", "--rehearsal"))) {
      List<String> words = new ArrayList<>(command);
      words.addAll(List.of("--token", KEY));
      Said said = regatta(words.toArray(String[]::new));
      assertThat(said.code()).isEqualTo(2);
      assertThat(said.out()).isEmpty();
      assertThat(said.err())
          .isEqualTo(
              "regatta: --token takes the name of a variable that holds a token, never the token"
                  + " itself; if it was one, replace it: arguments can be seen by others\n");
    }
  }

  @Test
  void itIsListedExplainedAndCompleted() {
    assertThat(regatta("--help").out()).contains("\n  doctor ");
    assertThat(regatta("doctor", "--help").out())
        .contains("Usage: regatta doctor", "--online", "--base-url", "Examples:");
    assertThat(regatta("completion", "bash").out()).contains("doctor", "--online");
  }

  @Test
  void ctrlCStopsWhatItStartedAndExitsWith130() throws Exception {
    Path pid = folder.resolve("pid");
    program("claude", "echo $$ > " + pid + ".part; mv " + pid + ".part " + pid + "; sleep 1000");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.regatta.cli.Main",
                "doctor")
            .directory(folder.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("PATH", bin + ":/bin:/usr/bin");
    Process doctor = builder.start();
    await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(pid));
    long agent = Long.parseLong(Files.readString(pid).strip());
    new ProcessBuilder("kill", "-INT", Long.toString(doctor.pid())).start().waitFor();
    assertThat(doctor.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(doctor.exitValue()).isEqualTo(130);
    assertThat(new String(doctor.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("regatta: interrupted");
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> ProcessHandle.of(agent).filter(ProcessHandle::isAlive).isEmpty());
  }
}
