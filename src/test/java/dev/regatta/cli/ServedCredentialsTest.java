package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regatta.agent.Conclusion;
import dev.regatta.agent.Sign;
import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialSources;
import dev.regatta.journal.Claims;
import dev.regatta.journal.Outcome;
import dev.regatta.provider.Provider;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.Rest;
import dev.regatta.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which credential an agent of the server gets, at times that the test sets. */
class ServedCredentialsTest {
  private static final Instant BEGIN = Instant.parse("2026-12-01T10:00:00Z");

  @TempDir Path folder;
  private Instant now = BEGIN;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private ServedCredentials credentials;
  private RegattaHome home;

  @BeforeEach
  void open() {
    home = new RegattaHome(folder);
    CredentialSources sources =
        new CredentialSources(
            Map.of("CLAUDE_CODE_TOKEN", "sk-ant-one-and-only", "OPENAI_API_KEY", "sk-open-one"));
    credentials =
        new ServedCredentials(
            sources::defaults,
            Optional.of(home),
            () -> now,
            new PrintStream(said, true, StandardCharsets.UTF_8));
  }

  private Credential take() {
    return credentials.take(Provider.ANTHROPIC, Optional.empty());
  }

  private void ended(Credential credential, Outcome outcome) {
    credentials.giveBack(
        credential,
        Optional.of(
            new Conclusion(
                outcome, "as it is", Claims.NONE, false, 0, 0, Optional.empty(), false)));
  }

  private void assertRestsUntil(Instant until) {
    assertThatThrownBy(this::take)
        .isInstanceOf(CliFailure.class)
        .hasMessage("every credential of Anthropic's rests until " + until + ": ask again then");
    now = until;
    assertThat(take().name()).isEqualTo("CLAUDE_CODE_TOKEN");
  }

  @Test
  void eachProviderHasItsOwn() {
    assertThat(take().name()).isEqualTo("CLAUDE_CODE_TOKEN");
    assertThat(credentials.take(Provider.OPENAI, Optional.empty()).name())
        .isEqualTo("OPENAI_API_KEY");
    assertThatThrownBy(() -> credentials.take(Provider.ANTHROPIC, Optional.of("OPENAI_API_KEY")))
        .hasMessageContaining("no credential 'OPENAI_API_KEY' of Anthropic's");
  }

  @Test
  void aLimitWithoutATimeIsAMinutesRest() {
    ended(take(), Outcome.RATE_LIMITED);
    assertRestsUntil(BEGIN.plus(Duration.ofMinutes(1)));
  }

  @Test
  void noWordOfAnAgentMakesItRestForMoreThanEightDays() {
    Credential credential = take();
    credentials.heed(credential, new Sign.Limited(Instant.parse("2099-01-01T00:00:00Z")));
    ended(credential, Outcome.RATE_LIMITED);
    assertRestsUntil(BEGIN.plus(Duration.ofDays(8)));
  }

  @Test
  void itRestsWhereARunMetTheLimitMeanwhile() {
    Credential credential = take();
    ended(credential, Outcome.SUCCEEDED);
    Instant until = BEGIN.plus(Duration.ofHours(3));
    try (Store store = Store.open(home)) {
      store.rest(new Rest(credential.value().fingerprint(), "OTHER", until, "said to a run"));
    }
    assertRestsUntil(until);
  }

  @Test
  void aStoreThatCanNotBeOpenedIsSaidAndHoldsNothingUp() throws Exception {
    Files.createDirectories(folder.resolve("regatta.db/in-the-way"));
    Credential credential = take();
    credentials.heed(credential, new Sign.Limited(BEGIN.plusSeconds(9)));
    assertThat(said.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("regatta: ") && line.contains("regatta.db"));
    assertThatThrownBy(this::take).hasMessageContaining("rests until 2026-12-01T10:00:09Z");
  }

  @Test
  void oneThatIsNearALimitIsPassedOver() {
    ServedCredentials two =
        new ServedCredentials(
            provider ->
                new CredentialSources(
                        Map.of(
                            "CLAUDE_CODE_TOKEN1",
                            "sk-ant-one-one",
                            "CLAUDE_CODE_TOKEN2",
                            "sk-ant-two-two"))
                    .named(List.of("CLAUDE_CODE_TOKEN1", "CLAUDE_CODE_TOKEN2")),
            Optional.empty(),
            () -> now,
            new PrintStream(said, true, StandardCharsets.UTF_8));
    Credential first = two.take(Provider.ANTHROPIC, Optional.empty());
    two.heed(first, new Sign.Used("five_hour", 0.97, BEGIN.plusSeconds(3600)));
    two.giveBack(first, Optional.empty());
    for (int i = 0; i < 3; i++) {
      Credential next = two.take(Provider.ANTHROPIC, Optional.empty());
      assertThat(next.name()).isEqualTo("CLAUDE_CODE_TOKEN2");
      two.giveBack(next, Optional.empty());
    }
  }
}
