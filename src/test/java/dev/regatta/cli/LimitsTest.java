package dev.regatta.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regatta.cli.LimitedProvider.Reply;
import dev.regatta.journal.Entry;
import dev.regatta.journal.Event;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.JournalReader;
import dev.regatta.secret.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Credentials at their limits: a real server that tells them, the real gateway, real processes. */
@Timeout(300)
class LimitsTest {
  private static final String HOUR = "" + (Instant.now().getEpochSecond() + 3600);

  /** An agent that asks once, and reports what it got. */
  private static final String ASKING =
      """
      status=$(curl -s -o /dev/null -w '%{http_code}' -H "x-api-key: $ANTHROPIC_API_KEY" \\
        -d '{"model":"fake","messages":[]}' "$ANTHROPIC_BASE_URL/v1/messages")
      if [ "$status" != 200 ]; then
        printf '{"type":"result","subtype":"success","is_error":true,"api_error_status":%s,"duration_ms":3,"duration_api_ms":2,"num_turns":1,"result":"limit","session_id":"%s","total_cost_usd":0,"usage":{"input_tokens":0,"output_tokens":0}}\\n' "$status" "$session"
        exit 1
      fi
      """;

  @TempDir Path folder;

  private Cli cli(String... credentials) {
    Cli cli = Cli.in(folder).path(FakeClaude.in(folder, ASKING + FakeClaude.ANSWERS));
    for (int i = 0; i < credentials.length; i++) {
      cli.with("CLAUDE_CODE_TOKEN" + (i + 1), "sk-ant-api03-" + credentials[i]);
    }
    return cli;
  }

  private static String[] words(LimitedProvider provider, String command, String... more) {
    return Stream.concat(
            Stream.of(command, "--agent", "claude", "--base-url", provider.address()),
            Arrays.stream(more))
        .toArray(String[]::new);
  }

  private static Reply used(String share) {
    return new Reply(
        200,
        Map.of(
            "anthropic-ratelimit-unified-5h-utilization", share,
            "anthropic-ratelimit-unified-5h-reset", HOUR));
  }

  private static Reply refused(String retryAfter) {
    return new Reply(429, Map.of("retry-after", retryAfter));
  }

  @Test
  void aCredentialThatReports95PercentGetsNoNewTaskWhileAnotherHasRoom() throws Exception {
    try (LimitedProvider provider =
        new LimitedProvider((key, times) -> key.equals("one") ? used("0.95") : Reply.FINE)) {
      Cli.Ended ended =
          cli("one", "two")
              .input("a\nb\nc\nd\n")
              .within(words(provider, "run", "-P", "1", "--witness"));
      assertThat(ended.exit()).as(ended.err()).isZero();
      assertThat(provider.asked()).containsExactly("one", "two", "two", "two");
      assertThat(events(Event.CredentialNearLimit.class))
          .singleElement()
          .satisfies(near -> {
            assertThat(near.credential()).isEqualTo("CLAUDE_CODE_TOKEN1");
            assertThat(near.limit()).isEqualTo("5h");
            assertThat(near.usedPercent()).isEqualTo(95.0);
          });
      assertThat(Cli.in(folder).within("audit").out())
          .contains("credential-near-limit")
          .contains("95.0 % of 5h used, until ");
    }
  }

  @Test
  void theThresholdIsTheUsersAndWhereAllAreNearTheLeastUsedGoesOn() throws Exception {
    try (LimitedProvider provider =
        new LimitedProvider((key, times) -> used(key.equals("one") ? "0.7" : "0.6"))) {
      Cli.Ended ended =
          cli("one", "two")
              .input("a\nb\nc\nd\n")
              .within(words(provider, "run", "-P", "1", "--witness", "--limit-threshold", "60"));
      assertThat(ended.exit()).as(ended.err()).isZero();
      assertThat(provider.asked()).containsExactly("one", "two", "two", "two");
      assertThat(events(Event.RunPaused.class)).isEmpty();
    }
  }

  @Test
  void aRunWhoseEveryCredentialIsRefusedPausesSaysUntilWhenAndGoesOnByItself() throws Exception {
    AtomicReference<Instant> until = new AtomicReference<>();
    LimitedProvider.Limits limits =
        (key, times) -> {
          until.compareAndSet(null, Instant.ofEpochSecond(Instant.now().getEpochSecond() + 6));
          return Instant.now().isBefore(until.get())
              ? new Reply(
                  429,
                  Map.of(
                      "anthropic-ratelimit-unified-5h-status",
                      "rejected",
                      "anthropic-ratelimit-unified-5h-reset",
                      "" + until.get().getEpochSecond()))
              : Reply.FINE;
        };
    try (LimitedProvider provider = new LimitedProvider(limits)) {
      Cli.Ended ended =
          cli("one")
              .input("a\nb\nc\n")
              .within(words(provider, "run", "-P", "3", "--witness", "--json"));
      assertThat(ended.exit()).as(ended.err()).isZero();
      assertThat(ended.errLines().stream().filter(line -> line.contains("paused until")))
          .as("one line, not one a task")
          .singleElement()
          .satisfies(line ->
              assertThat(line)
                  .matches(
                      "regatta: paused until \\S+ \\(in [1-6] s\\): every credential is refused:"
                          + " CLAUDE_CODE_TOKEN1 until \\S+; it goes on by itself"));
      assertThat(ended.errLines()).containsOnlyOnce("regatta: the run goes on");
      assertThat(events(Event.RunPaused.class))
          .singleElement()
          .satisfies(paused -> assertThat(paused.until()).isEqualTo(until.get().toString()));
      assertThat(events(Event.RunWentOn.class)).hasSize(1);
      nothingBeganBetween(until.get());
      assertThat(ended.out()).as("a wait is no try of the task's own").contains("\"succeeded\":3");
      assertThat(Cli.in(folder).within("show", latest()).out())
          .contains("Note: paused until " + until.get());
    }
  }

  /** From the line that says that a credential rests until then, up to that time. */
  private void nothingBeganBetween(Instant until) throws IOException {
    boolean rests = false;
    for (Entry entry : entries()) {
      rests |= entry.event() instanceof Event.CredentialRested;
      if (rests && entry.event() instanceof Event.AttemptStarted started) {
        assertThat(entry.at().toInstant()).as(started.attempt()).isAfterOrEqualTo(until);
      }
    }
    assertThat(rests).isTrue();
  }

  @Test
  void interruptedInAPauseOfDaysItEndsAtOnce() throws Exception {
    try (LimitedProvider provider = new LimitedProvider((key, times) -> refused("259200"));
        Cli.Running running = cli("one").start(words(provider, "run", "-P", "2", "--witness"))) {
      running.feed("a\nb\nc\n".getBytes(StandardCharsets.UTF_8));
      running.endOfInput();
      await().atMost(120, SECONDS).until(() -> running.err().contains("paused until"));
      assertThat(running.err()).containsPattern("\\(in (3 days 0 h|2 days 23 h)\\)");
      long asked = System.nanoTime();
      running.signal("INT");
      Cli.Ended ended = running.await();
      assertThat(ended.exit()).as(ended.err()).isEqualTo(130);
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(30));
      assertThat(events(Event.RunWentOn.class)).isEmpty();
    }
  }

  @Test
  void withFailoverARefusalIsNeitherAnAttemptNorAnythingTheAgentSees() throws Exception {
    try (LimitedProvider provider =
        new LimitedProvider((key, times) -> key.equals("one") ? refused("3600") : Reply.FINE)) {
      Cli.Ended ended =
          cli("one", "two").input("a\nb\n").within(words(provider, "run", "-P", "1", "--failover"));
      assertThat(ended.exit()).as(ended.err()).isZero();
      assertThat(provider.asked()).containsExactly("one", "two", "two");
      assertThat(events(Event.AttemptStarted.class)).hasSize(2);
      assertThat(exchanges())
          .extracting(each -> each.attempt() + " " + each.credential() + " " + status(each))
          .containsExactly(
              "1.1 " + fingerprint("one") + " 429",
              "1.1 " + fingerprint("two") + " 200",
              "2.1 " + fingerprint("two") + " 200");
      assertThat(events(Event.CredentialRested.class))
          .singleElement()
          .satisfies(rested -> assertThat(rested.credential()).isEqualTo("CLAUDE_CODE_TOKEN1"));
      String trail = Cli.in(folder).within("audit").out();
      assertThat(trail)
          .containsPattern("asked-again +CLAUDE_CODE_TOKEN2 " + fingerprint("two"))
          .containsPattern("called +CLAUDE_CODE_TOKEN1 " + fingerprint("one"))
          .containsPattern("called +CLAUDE_CODE_TOKEN2 " + fingerprint("two"))
          .contains("for 1.1: exchange 1, CLAUDE_CODE_TOKEN1 is refused");
      assertThat(Cli.in(folder).within("show", latest()).out())
          .contains("1.1 went on with CLAUDE_CODE_TOKEN2, as CLAUDE_CODE_TOKEN1 is refused");
    }
  }

  @Test
  void afterAFailoverWhatTheAttemptTellsIsSaidOfTheCredentialItWentOnWith() throws Exception {
    LimitedProvider.Limits limits =
        (key, times) ->
            switch (key) {
              case "one" -> times == 1 ? refused("2") : Reply.FINE;
              default -> new Reply(401, Map.of());
            };
    try (LimitedProvider provider = new LimitedProvider(limits)) {
      Cli.Ended ended =
          cli("one", "two").input("a\n").within(words(provider, "run", "-P", "1", "--failover"));
      assertThat(ended.exit()).as(ended.err()).isZero();
      assertThat(provider.asked()).containsExactly("one", "two", "one");
      assertThat(events(Event.CredentialRested.class))
          .filteredOn(rested -> rested.until() == null)
          .singleElement()
          .satisfies(out -> assertThat(out.credential()).isEqualTo("CLAUDE_CODE_TOKEN2"));
    }
  }

  @Test
  void aRunThatIsGoneOnWithCountsItsExchangesOn() throws Exception {
    try (LimitedProvider provider =
        new LimitedProvider((key, times) -> times == 1 ? new Reply(400, Map.of()) : Reply.FINE)) {
      Cli cli = cli("one");
      Cli.Ended first = cli.input("a\n").within(words(provider, "run", "-P", "1", "--witness"));
      assertThat(first.exit()).as(first.err()).isEqualTo(1);
      Cli.Ended second =
          cli.input("").within(words(provider, "run", "--resume", latest(), "--witness"));
      assertThat(second.exit()).as(second.err()).isZero();
      assertThat(exchanges()).extracting(Exchange::number).containsExactly(1L, 2L);
    }
  }

  @Test
  void aProofDoesNotWaitForARefusedCredentialButEndsAndSaysSo() throws Exception {
    try (LimitedProvider provider =
        new LimitedProvider((key, times) -> key.equals("one") ? refused("3600") : Reply.FINE)) {
      Cli.Ended ended = prove(provider);
      assertThat(ended.exit()).as(ended.err()).isEqualTo(1);
      assertThat(provider.asked())
          .as("each once: the parallel phase is not begun")
          .containsExactly("one", "two");
      JsonNode report = Parsed.json(ended.out());
      assertThat(report.at("/verdict/parallel").asString()).isEqualTo("inconclusive");
      assertThat(report.at("/verdict/parallelReason").asString())
          .contains("did not get to its end");
      assertThat(report.path("notes").toString())
          .contains("the proof ends before r1-parallel-1")
          .contains("CLAUDE_CODE_TOKEN1 is refused until ");
      assertThat(report.at("/phases/0/attempts/0/outcome").asString()).isEqualTo("rate-limited");
    }
  }

  @Test
  void aProofWithFailoverDoesNotClaimThatEachHadItsOwnCredential() throws Exception {
    try (LimitedProvider provider =
        new LimitedProvider((key, times) -> key.equals("one") ? refused("3600") : Reply.FINE)) {
      Cli.Ended ended = prove(provider, "--failover");
      assertThat(provider.asked())
          .as("what is known to be refused is not asked with again")
          .containsExactly("one", "two", "two", "two", "two");
      JsonNode report = Parsed.json(ended.out());
      assertThat(
              report.path("phases").values().stream()
                  .flatMap(phase -> phase.path("attempts").values().stream())
                  .map(attempt -> attempt.path("outcome").asString()))
          .hasSize(4)
          .containsOnly("succeeded");
      assertThat(
              report.path("criteria").values().stream()
                  .filter(each -> each.path("id").asString().equals("credentials-as-assigned"))
                  .map(each ->
                      each.path("status").asString() + " " + each.path("detail").asString()))
          .containsExactly(
              "FAIL another one in r1-sequential-1 (1 of 2 requests were sent with it);"
                  + " r1-parallel-1 (1 of 1 requests were sent with it)");
      assertThat(report.path("notes").toString())
          .contains(
              "r1-sequential-1 went on with CLAUDE_CODE_TOKEN2, as CLAUDE_CODE_TOKEN1 is refused");
    }
    assertThat(Cli.in(folder).within("verify", "out/evidence.zip").out())
        .endsWith("intact, signer unknown\n");
  }

  private Cli.Ended prove(LimitedProvider provider, String... more) {
    String[] usual = {"-P", "2", "--prompt", "hi", "--json", "--out", "out"};
    return cli("one", "two")
        .within(
            words(
                provider,
                "prove",
                Stream.concat(Arrays.stream(usual), Arrays.stream(more)).toArray(String[]::new)));
  }

  @Test
  void theBuiltInAgentIsPausedByTheServerOfARehearsalToo() throws Exception {
    Path script =
        Files.writeString(
            folder.resolve("script.yaml"),
            """
            rules:
              - match: 'hi'
                times: 2
                fail: 429
                retryAfter: 4
              - match: 'hi'
                latency: 0
                reply: hello
            """);
    Cli.Ended ended =
        Cli.in(folder)
            .with("CLAUDE_CODE_TOKEN", "sk-ant-api03-one")
            .input("hi\n")
            .within(
                "run",
                "--rehearsal",
                "--agent",
                "rehearsal-agent",
                "--witness",
                "--script",
                script.toString());
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(ended.err()).contains("regatta: paused until ").contains("regatta: the run goes on");
    assertThat(events(Event.AttemptStarted.class)).hasSize(3);
    assertThat(events(Event.RunPaused.class)).hasSize(2);
  }

  private static Integer status(Exchange exchange) {
    return exchange.answered() == null ? null : Integer.valueOf(exchange.answered().status());
  }

  private static String fingerprint(String credential) {
    return Secret.fingerprintOf("sk-ant-api03-" + credential);
  }

  private String latest() throws IOException {
    try (Stream<Path> runs = Files.list(folder.resolve(".regatta/runs"))) {
      return runs.map(run -> run.getFileName().toString()).sorted().toList().getLast();
    }
  }

  private List<Entry> entries() throws IOException {
    return JournalReader.read(folder.resolve(".regatta/runs/" + latest() + "/journal.jsonl"))
        .entries();
  }

  private <E extends Event> List<E> events(Class<E> type) throws IOException {
    return entries().stream().map(Entry::event).filter(type::isInstance).map(type::cast).toList();
  }

  private List<Exchange> exchanges() throws IOException {
    List<Exchange> exchanges = new ArrayList<>();
    events(Event.ExchangeSeen.class).forEach(seen -> exchanges.add(seen.exchange()));
    return exchanges;
  }
}
