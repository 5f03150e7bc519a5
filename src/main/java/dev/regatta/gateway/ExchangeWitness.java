package dev.regatta.gateway;

import dev.regatta.credential.Credential;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.RunClock;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpField;
import org.jspecify.annotations.Nullable;

/**
 * Watches one exchange from its first to its last byte. The proxy calls it from several threads,
 * one after another but for the request's body, which may go on while the response comes.
 */
final class ExchangeWitness {
  private static final Set<String> TOLD =
      Set.of("retry-after", "x-should-retry", "anthropic-organization-id");
  private static final String LIMITS = "anthropic-ratelimit-";

  private final long number;
  private final Pass pass;
  private final String method;
  private final String path;
  private final RunClock clock;
  private final Consumer<Exchange> sink;

  private final long startNanos;
  private final BodyDigest askedBody = BodyDigest.later();
  private final BodyDigest answeredBody = BodyDigest.now();
  private final RequestReading request = new RequestReading();
  private final Optional<ChallengeSearch> search;
  private @Nullable AnswerReading answer;
  private @Nullable Response response;
  private Exchange.@Nullable Upstream upstream;
  private @Nullable Long connectedNanos;
  private @Nullable Long sentNanos;
  private @Nullable Long firstByteNanos;
  private boolean ended;

  ExchangeWitness(
      long number, Pass pass, String method, String path, RunClock clock, Consumer<Exchange> sink) {
    this.number = number;
    this.pass = pass;
    this.method = method;
    this.path = path;
    this.clock = clock;
    this.sink = sink;
    this.search = pass.expected().map(ChallengeSearch::new);
    this.startNanos = clock.nanos();
  }

  Pass pass() {
    return pass;
  }

  Credential credential() {
    return pass.credential();
  }

  synchronized void asked(ByteBuffer piece) {
    askedBody.accept(piece);
    request.accept(piece);
  }

  synchronized void connected(String host, Connection connection) {
    connectedNanos = clock.nanos();
    upstream = Peers.of(host, connection);
  }

  void sent() {
    synchronized (this) {
      sentNanos = clock.nanos();
    }
    askedBody.catchUp(); // while the model thinks; the answer does not wait for it
  }

  synchronized void began(Response head) {
    firstByteNanos = clock.nanos();
    response = head;
    answer = AnswerReading.of(head.getHeaders().get("content-type"), search);
  }

  synchronized void answered(ByteBuffer piece) {
    answeredBody.accept(piece);
    if (answer != null) {
      answer.accept(piece, clock.nanos());
    }
  }

  /** It is over; only the first call counts. */
  synchronized void ended(Exchange.Ending ending, String reason) {
    if (ended) {
      return;
    }
    ended = true;
    sink.accept(
        new Exchange(
            number,
            pass.attempt(),
            pass.credential().value().fingerprint(),
            new Exchange.Asked(
                method, path, request.model(), askedBody.bytes(), askedBody.sha256()),
            response == null ? null : answered(response),
            times(),
            upstream,
            ending,
            reason));
  }

  private Exchange.Answered answered(Response head) {
    return new Exchange.Answered(
        head.getStatus(),
        head.getHeaders().get("request-id"),
        told(head),
        "true".equals(head.getHeaders().get("x-regatta-rehearsal")),
        answeredBody.bytes(),
        answeredBody.sha256(),
        answer == null ? null : answer.message(),
        answer == null ? null : answer.events(),
        holdsChallenge());
  }

  /** Asked after the message was read: of a whole response the text is read with it. */
  private @Nullable Boolean holdsChallenge() {
    return answer == null || !answer.readable()
        ? null
        : search.map(ChallengeSearch::found).orElse(null);
  }

  private static Map<String, String> told(Response head) {
    Map<String, String> told = new TreeMap<>();
    for (HttpField field : head.getHeaders()) {
      String name = field.getName().toLowerCase(Locale.ROOT);
      String value = field.getValue();
      if (value != null && (TOLD.contains(name) || name.startsWith(LIMITS))) {
        told.put(name, value.length() <= 200 ? value : value.substring(0, 200));
      }
    }
    return told;
  }

  private Exchange.Times times() {
    return new Exchange.Times(
        startNanos,
        connectedNanos,
        sentNanos,
        firstByteNanos,
        answer == null ? null : answer.firstTokenNanos(),
        clock.nanos());
  }
}
