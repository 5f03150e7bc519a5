package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.regatta.journal.Event;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.JournalReader;
import dev.regatta.rehearsal.RehearsalServer;
import dev.regatta.rehearsal.Script;
import dev.regatta.rehearsal.Served;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What the gateway sees of the real CLI is what the server saw, and no agent holds a credential.
 */
@Timeout(600)
class WitnessedClaudeTest {
  private static final String TOKEN = "sk-ant-api03-planted-";

  private static Optional<Path> claude;

  @TempDir Path folder;

  @BeforeAll
  static void install() throws Exception {
    claude = InstalledClaude.folder();
  }

  @Test
  void everyCallIsSeenAsTheServerSawItAndNoDescendantHoldsACredential() throws Exception {
    assumeTrue(claude.isPresent(), "the real claude CLI could not be installed with npm");
    try (RehearsalServer server = RehearsalServer.start(script(), 0, 7);
        Descendants descendants = new Descendants(TOKEN)) {
      warm(server);
      Set<Served> before = Set.copyOf(server.served());
      Cli.Ended proved =
          Cli.in(folder)
              .path(claude.get())
              .with("CLAUDE_CODE_TOKEN", TOKEN + "one")
              .with("CLAUDE_CODE_TOKEN1", TOKEN + "two")
              .with("CLAUDE_CODE_TOKEN2", TOKEN + "three")
              .run("prove", "--base-url", server.baseUrl().toString(), "--out", "out", "--json");
      JsonNode report = Parsed.json(proved.out());
      assertThat(descendants.looked()).as("processes of attempts").hasSizeGreaterThanOrEqualTo(6);
      assertThat(descendants.holders()).isEmpty();

      List<Exchange> seen = exchanges();
      Map<String, Served> served = new HashMap<>();
      server.served().stream()
          .filter(each -> !before.contains(each))
          .forEach(each -> served.put(each.requestId(), each));
      assertThat(seen).hasSameSizeAs(served.keySet());
      assertThat(seen)
          .extracting(each -> each.answered().requestId())
          .containsExactlyInAnyOrderElementsOf(served.keySet());
      for (Exchange each : seen) {
        Served other = served.get(each.answered().requestId());
        assertThat(each.credential()).isEqualTo(other.credentialFingerprint());
        assertThat(each.answered().status()).isEqualTo(other.status());
      }
      assertThat(later(seen, served))
          .as("milliseconds later than the server's own first text")
          .allMatch(each -> each >= -1 && each < 500);

      assertThat(
              report.path("phases").values().stream()
                  .flatMap(phase -> phase.path("attempts").values().stream())
                  .map(attempt -> attempt.at("/evidence/level").asString()))
          .hasSize(6)
          .containsOnly("witnessed-and-challenged");
      assertThat(report.at("/verdict/calls").asString()).isEqualTo("rehearsal");
    }
    assertThat(Cli.in(folder).within("verify", "out/evidence.zip").out())
        .endsWith("intact, signer unknown\n");
  }

  /** The standard one, and a question that is answered at once. */
  private Script script() throws Exception {
    try (InputStream standard = Script.class.getResourceAsStream("standard.yaml")) {
      String rules = new String(standard.readAllBytes(), StandardCharsets.UTF_8);
      return Script.read(
          Files.writeString(
              folder.resolve("script.yaml"),
              rules.replaceFirst(
                  "(?m)^rules:$",
                  "rules:\n  - { match: '^warm', reply: 'one two three', latency: 0 }")));
    }
  }

  /** A server that was just started is slower than any provider's, and that would count as ours. */
  private static void warm(RehearsalServer server) throws Exception {
    String body =
        "{\"model\":\"any\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"warm "
            + "x".repeat(75_000)
            + "\"}]}";
    HttpRequest request =
        HttpRequest.newBuilder(server.baseUrl().resolve("/v1/messages"))
            .header("x-api-key", "invented")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int i = 0; i < 300; i++) {
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
            .contains("three");
      }
    }
  }

  private List<Exchange> exchanges() {
    List<Exchange> exchanges = new ArrayList<>();
    for (Event event : JournalReader.read(folder.resolve("out/journal.jsonl")).events()) {
      if (event instanceof Event.ExchangeSeen(Exchange exchange)) {
        exchanges.add(exchange);
      }
    }
    return exchanges;
  }

  /** By how much each call's time to first token is above the server's own. */
  private static List<Double> later(List<Exchange> seen, Map<String, Served> served) {
    List<Double> later = new ArrayList<>();
    for (Exchange each : seen) {
      Served other = served.get(each.answered().requestId());
      Long first = each.times().firstTokenNanos();
      if (first != null && other.firstTextNanos() != null) {
        later.add(
            (first - each.times().startNanos() - (other.firstTextNanos() - other.arrivedNanos()))
                / 1e6);
      }
    }
    later.sort(null);
    System.out.printf(
        Locale.ROOT,
        "time to first token, later than the server's own: median %.1f ms, most %.1f ms, of %s%n",
        later.get(later.size() / 2),
        later.getLast(),
        later);
    return later;
  }
}
