package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Event;
import dev.regatta.journal.RunClock;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunOpeningTest {
  @TempDir Path home;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.anthropic.com",
        "https://api.anthropic.com/",
        "https://API.Anthropic.com",
        "https://api.anthropic.com:443"
      })
  void theProvidersOwnAddressIsTheProvider(String address) {
    assertThat(RunOpening.isProvider(URI.create(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.anthropic.com",
        "http://127.0.0.1:8080",
        "https://127.0.0.1",
        "https://localhost",
        "https://api.anthropic.com:8443",
        "https://api.anthropic.com.example.org",
        "https://xapi.anthropic.com",
        "https://anthropic.com",
        "https://api.anthropic.com@example.org",
        "https://someone@api.anthropic.com",
        "https://example.org/api.anthropic.com",
        "api.anthropic.com",
        "file:///api.anthropic.com"
      })
  void nothingElseIs(String address) {
    assertThat(RunOpening.isProvider(URI.create(address))).isFalse();
  }

  @Test
  void theJournalSaysWhereAgentsAreSent() {
    assertThat(started(Optional.empty()).providerEndpoint()).isTrue();
    assertThat(started(Optional.empty()).endpoint()).isNull();
    Event.RunStarted elsewhere = started(Optional.of(URI.create("http://127.0.0.1:1")));
    assertThat(elsewhere.providerEndpoint()).isFalse();
    assertThat(elsewhere.endpoint()).isEqualTo("http://127.0.0.1:1");
  }

  @Test
  void idsSortByTimeAndTwinsDiffer() {
    RunClock clock = RunClock.system();
    Random random = new Random(1);
    assertThat(RunOpening.freshId(clock, random))
        .matches("\\d{8}-\\d{6}-[0-9a-f]{4}")
        .isNotEqualTo(RunOpening.freshId(clock, random));
  }

  private Event.RunStarted started(Optional<URI> endpoint) {
    RunOpening usual = TestRuns.opening(home, new Cancellation());
    RunOpening opening =
        new RunOpening(
            home,
            usual.kind(),
            usual.version(),
            usual.clock(),
            usual.redactor(),
            usual.cancellation(),
            usual.environment(),
            endpoint,
            false,
            Map.of(),
            usual.facts());
    RunFolder folder =
        RunFolder.prepare(home.resolve("runs/" + endpoint.isPresent() + Math.random()));
    opening.open("r" + folder.path().getFileName(), folder).close();
    return (Event.RunStarted)
        dev.regatta.journal.JournalReader.read(folder.journal()).events().getFirst();
  }
}
