package dev.regatta.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.regatta.process.MachineLoad;
import dev.regatta.rehearsal.RehearsalServer;
import dev.regatta.rehearsal.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole examination, with programs and a server that the test made. */
class DoctorTest {
  private static final String KEY = "sk-ant-api03-planted-value-one";

  @TempDir Path folder;
  private Ward ward;
  private HttpServer server;
  private final AtomicInteger calls = new AtomicInteger();

  @BeforeEach
  void aWardAndAServer() throws IOException {
    ward = new Ward(folder);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          calls.incrementAndGet();
          exchange.sendResponseHeaders(401, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Test
  void findingsAreInAFixedOrderWhateverEndsFirst() throws Exception {
    ward.program("claude", "sleep 0.5; echo 2.1.329");
    ward.program("codex", "echo 0.169.0");
    ward.environment.put("CLAUDE_CODE_TOKEN", KEY);
    assertThat(Doctor.examine(ward.examination(List.of(), Optional.of(address()))))
        .extracting(Finding::id)
        .filteredOn(id -> !id.startsWith("containment."))
        .containsExactly(
            "tool.claude",
            "tool.codex",
            "tool.gemini",
            "tool.git",
            "tool.npm",
            "tool.java",
            "machine.cores",
            "machine.memory",
            "machine.load",
            "machine.gpu",
            "credential.CLAUDE_CODE_TOKEN",
            "credential.CLAUDE_CODE_TOKEN.online",
            "disk",
            "folder",
            "port");
    assertThat(calls).hasValue(1);
  }

  @Test
  void nothingIsWrittenAndNoFolderIsMade() throws Exception {
    ward.program("claude", "echo 2.1.329");
    ward.environment.put("CLAUDE_CODE_TOKEN", KEY);
    List<String> before = files();
    Doctor.examine(ward.examination());
    assertThat(files()).isEqualTo(before);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  @Test
  void anAddressInTheEnvironmentIsNeverCalledNotEvenOnline() throws Exception {
    ward.environment.put("CLAUDE_CODE_TOKEN", KEY);
    ward.environment.put("ANTHROPIC_BASE_URL", address().toString());
    // Nobody listens on this port of the discard service; what matters is who is not called.
    Doctor.examine(ward.examination(List.of(), Optional.of(URI.create("http://127.0.0.1:9"))));
    assertThat(calls).hasValue(0);
  }

  @Test
  void aRehearsalServerIsNotTakenForTheProvider() throws Exception {
    ward.environment.put("CLAUDE_CODE_TOKEN", KEY);
    try (RehearsalServer rehearsal = RehearsalServer.start(Script.standard(), 0, 1)) {
      assertThat(Doctor.examine(ward.examination(List.of(), Optional.of(rehearsal.baseUrl()))))
          .filteredOn(finding -> finding.id().endsWith(".online"))
          .singleElement()
          .extracting(Finding::found)
          .isEqualTo(
              "accepted by "
                  + rehearsal.baseUrl().getAuthority()
                  + ", a REHEARSAL server, which accepts everything");
    }
  }

  @Test
  void withoutOnlineNobodyIsCalled() throws Exception {
    ward.environment.put("CLAUDE_CODE_TOKEN", KEY);
    ward.environment.put("ANTHROPIC_BASE_URL", address().toString());
    Doctor.examine(ward.examination());
    assertThat(calls).hasValue(0);
  }

  @Test
  void aCredentialThatAProgramReadFromSomewhereElseIsTakenOutOfWhatItSays() throws Exception {
    Path file = Files.writeString(folder.resolve("somewhere"), KEY + " 1.0\n");
    ward.program("claude", "cat " + file);
    ward.program("git", "cat " + file + " >&2; exit 1");
    ward.environment.put("CLAUDE_CODE_TOKEN", KEY);
    List<Finding> findings = Doctor.examine(ward.examination());
    assertThat(findings.toString()).doesNotContain("planted").contains("[secret ");
  }

  @Test
  void programsThatHangAllTogetherCostOneLimit() throws Exception {
    for (String name : List.of("claude", "codex", "gemini", "git", "npm", "nvidia-smi")) {
      ward.program(name, "sleep 1000");
    }
    long start = System.nanoTime();
    List<Finding> findings = Doctor.examine(ward.examination());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(7));
    assertThat(findings.stream().filter(finding -> finding.found().contains("within 3 s")))
        .hasSize(6);
  }

  @Test
  void onABusyMachineItsOwnLimitsAreTripledToo() throws Exception {
    ward.program("claude", "sleep 3.5; echo 2.1.329");
    Examination plain = ward.examination();
    Examination busy =
        new Examination(
            plain.environment(),
            plain.folder(),
            plain.home(),
            new MachineLoad(14),
            List.of(),
            Optional.empty(),
            false,
            Optional.empty());
    assertThat(Doctor.examine(busy).getFirst().status()).isEqualTo(Status.OK);
  }

  @Test
  void tokensThatWentReadableToAnotherMachineAreAWarning() {
    assertThat(CredentialChecks.open(URI.create("http://example.com"))).isTrue();
    assertThat(CredentialChecks.open(URI.create("http://127.example.com"))).isTrue();
    for (String safe :
        List.of(
            "https://example.com",
            "http://127.0.0.1:8080",
            "http://localhost:1",
            "http://[::1]:8080")) {
      assertThat(CredentialChecks.open(URI.create(safe))).as(safe).isFalse();
    }
  }

  @Test
  void thatWarningStandsAfterTheCredentials() throws Exception {
    ward.environment.put("CLAUDE_CODE_TOKEN", KEY);
    assertThat(
            Doctor.examine(
                ward.examination(List.of(), Optional.of(URI.create("http://nobody.invalid")))))
        .filteredOn(finding -> finding.id().equals("credential.endpoint"))
        .singleElement()
        .isEqualTo(
            new Finding(
                "credential.endpoint",
                Status.WARN,
                "nobody.invalid is another machine, and was called without TLS",
                "use an https address, and replace the tokens if the network is not yours"));
  }
}
