package dev.regatta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regatta.credential.Credential;
import dev.regatta.journal.Event;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Journal;
import dev.regatta.journal.JournalBroken;
import dev.regatta.journal.RunClock;
import dev.regatta.run.FullDisk;
import dev.regatta.secret.Secret;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What ends while something else begins: each order of the two is forced. */
@Timeout(60)
class EndingTest {
  private static final Credential KEY =
      new Credential("KEY", new Secret("sk-ant-api03-the-real-key"));

  private final BlockingQueue<Sighting> seen = new LinkedBlockingQueue<>();

  @TempDir Path folder;

  private static Gateway gateway(ScriptedUpstream upstream, Consumer<Sighting> sink) {
    return Gateway.start(Route.direct(upstream.url()), RunClock.system(), new SecureRandom(), sink);
  }

  @Test
  void aPassClosedBetweenItsLookUpAndItsExchangeOpensNone() throws Exception {
    try (ScriptedUpstream upstream = new ScriptedUpstream();
        Gateway gateway = gateway(upstream, seen::add)) {
      Pass pass = gateway.admit("a.1", KEY);
      HttpFields headers = HttpFields.build().put("x-api-key", pass.placeholder().value().reveal());
      Optional<Pass> found = gateway.pass(headers, null);
      assertThat(found).contains(pass);
      pass.close();
      assertThat(gateway.began(found.get(), "POST", "/v1/messages")).isEmpty();
      assertThat(seen).as("nothing was left open that closing would end").isEmpty();
    }
    assertThat(seen).isEmpty();
  }

  @Test
  void anExchangeThatItsAttemptsEndBrokeOffIsNotSentAnyMore() throws Exception {
    try (ScriptedUpstream upstream = new ScriptedUpstream();
        Gateway gateway = gateway(upstream, seen::add);
        org.eclipse.jetty.client.HttpClient onward = new org.eclipse.jetty.client.HttpClient()) {
      Pass pass = gateway.admit("a.1", KEY);
      ExchangeWitness witness = gateway.began(pass, "POST", "/v1/messages").orElseThrow();
      pass.close();
      assertThat(gateway.sending(witness, onward.newRequest(upstream.url()))).isFalse();
      gateway.over(witness, Exchange.Ending.COMPLETE, "");
      assertThat(seen)
          .as("only the first ending counts")
          .singleElement()
          .isInstanceOfSatisfying(
              Sighting.Passed.class,
              passed ->
                  assertThat(passed.exchange().ending()).isEqualTo(Exchange.Ending.ATTEMPT_ENDED));
      assertThat(upstream.idle()).isTrue();
    }
  }

  @Test
  void aJournalThatTakesNoLinesLeavesNoExchangeOpen() throws Exception {
    Path file = folder.resolve("journal.jsonl");
    Journal journal = Journal.create(file, RunClock.system(), text -> text);
    try (ScriptedUpstream upstream = new ScriptedUpstream();
        HttpClient client = HttpClient.newHttpClient();
        Gateway gateway = gateway(upstream, into(journal))) {
      FullDisk.under(file);
      Pass pass = gateway.admit("a.1", KEY);
      CompletableFuture<HttpResponse<String>> answer = ask(client, gateway, pass);
      upstream.next().send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
      assertThat(answer.get(20, TimeUnit.SECONDS).body()).isEqualTo("{}");
      pass.close(); // would say that the journal is broken, if it had anything left to end
    }
    assertThatThrownBy(journal::close).isInstanceOf(JournalBroken.class);
  }

  @Test
  void whatAnEndingAttemptBreaksOffIsBrokenOffAlsoWhereTheJournalTakesNoLines() throws Exception {
    Path file = folder.resolve("journal.jsonl");
    Journal journal = Journal.create(file, RunClock.system(), text -> text);
    try (ScriptedUpstream upstream = new ScriptedUpstream();
        HttpClient client = HttpClient.newHttpClient();
        Gateway gateway = gateway(upstream, into(journal))) {
      FullDisk.under(file);
      Pass pass = gateway.admit("a.1", KEY);
      CompletableFuture<HttpResponse<String>> answer = ask(client, gateway, pass);
      ScriptedUpstream.Call call = upstream.next();
      assertThatThrownBy(pass::close).isInstanceOf(JournalBroken.class);
      assertThat(call.socket().getInputStream().read()).isEqualTo(-1);
      assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(502);
    }
    assertThatThrownBy(journal::close).isInstanceOf(JournalBroken.class);
  }

  private static Consumer<Sighting> into(Journal journal) {
    return sighting -> {
      if (sighting instanceof Sighting.Passed(Exchange exchange)) {
        journal.append(new Event.ExchangeSeen(exchange));
      }
    };
  }

  private static CompletableFuture<HttpResponse<String>> ask(
      HttpClient client, Gateway gateway, Pass pass) {
    HttpRequest request =
        HttpRequest.newBuilder(gateway.baseUrl().resolve("/v1/messages"))
            .version(HttpClient.Version.HTTP_1_1)
            .header("x-api-key", pass.placeholder().value().reveal())
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
  }
}
