package dev.regatta.gateway;

import dev.regatta.credential.Credential;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.RunClock;
import dev.regatta.provider.Provider;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
  private final Provider provider;
  private final long number;
  private final Pass pass;
  private final Credential credential;
  private final String method;
  private final String path;
  private final RunClock clock;
  private final Consumer<Exchange> sink;

  private final long startNanos;
  private final BodyDigest askedBody = BodyDigest.later();
  private final BodyDigest answeredBody = BodyDigest.now();
  private final RequestReading request = new RequestReading();
  private final Optional<ChallengeSearch> search;
  private final Optional<RecordedBody> askedKept;
  private final Optional<RecordedBody> answeredKept;
  private @Nullable AnswerReading answer;
  private @Nullable Response response;
  private Exchange.@Nullable Upstream upstream;
  private @Nullable Long connectedNanos;
  private @Nullable Long sentNanos;
  private @Nullable Long firstByteNanos;
  private boolean ended;

  ExchangeWitness(
      long number,
      Pass pass,
      String method,
      String path,
      RunClock clock,
      Optional<RecordedBodies> bodies,
      Consumer<Exchange> sink) {
    this.number = number;
    this.pass = pass;
    this.provider = pass.credential().provider();
    this.credential = pass.credential();
    this.method = method;
    this.path = path;
    this.clock = clock;
    this.sink = sink;
    this.search = pass.expected().map(ChallengeSearch::new);
    this.askedKept = bodies.map(kept -> kept.request(pass.attempt(), number));
    this.answeredKept = bodies.map(kept -> kept.response(pass.attempt(), number));
    this.startNanos = clock.nanos();
  }

  Pass pass() {
    return pass;
  }

  /** What it is asked with, whatever requests of its attempt carry later. */
  Credential credential() {
    return credential;
  }

  long number() {
    return number;
  }

  String method() {
    return method;
  }

  String path() {
    return path;
  }

  /** The present, on the run's elapsed axis. */
  long now() {
    return clock.nanos();
  }

  synchronized void asked(ByteBuffer piece) {
    askedBody.accept(piece);
    request.accept(piece);
    askedKept.ifPresent(kept -> kept.accept(piece));
  }

  synchronized void connected(String host, Connection connection) {
    connectedNanos = clock.nanos();
    upstream = Peers.of(host, connection);
  }

  synchronized void sent() {
    sentNanos = clock.nanos();
  }

  synchronized void began(Response head) {
    firstByteNanos = clock.nanos();
    response = head;
    answer = AnswerReading.of(provider, head.getHeaders().get("content-type"), search);
  }

  /**
   * A piece of the answer came.
   *
   * @param nanos when, on the run's elapsed axis
   */
  synchronized void answered(ByteBuffer piece, long nanos) {
    if (answeredBody.bytes() == 0) {
      // Now, as the first byte would have waited for it: on two cores also on another thread.
      Thread.startVirtualThread(askedBody::catchUp);
    }
    answeredBody.accept(piece);
    if (answer != null) {
      answer.accept(piece, nanos);
    }
    answeredKept.ifPresent(kept -> kept.accept(piece));
  }

  /** It is over; only the first call counts. */
  synchronized void ended(Exchange.Ending ending, String reason) {
    if (ended) {
      return;
    }
    ended = true;
    askedKept.ifPresent(RecordedBody::close);
    answeredKept.ifPresent(RecordedBody::close);
    sink.accept(
        new Exchange(
            number,
            pass.attempt(),
            credential.value().fingerprint(),
            new Exchange.Asked(
                method,
                path,
                provider.modelIn(path).orElse(request.model()),
                askedBody.bytes(),
                askedBody.sha256()),
            response == null ? null : answered(response),
            times(),
            upstream,
            ending,
            reason));
  }

  private Exchange.Answered answered(Response head) {
    Exchange.Message message = answer == null ? null : answer.message();
    return new Exchange.Answered(
        head.getStatus(),
        requestId(head, message),
        told(head),
        "true".equals(head.getHeaders().get("x-regatta-rehearsal")),
        answeredBody.bytes(),
        answeredBody.sha256(),
        message,
        answer == null ? null : answer.events(),
        holdsChallenge());
  }

  /** Asked after the message was read: of a whole response the text is read with it. */
  private @Nullable Boolean holdsChallenge() {
    return answer == null || !answer.readable()
        ? null
        : search.map(ChallengeSearch::found).orElse(null);
  }

  /** Google names no request: there the id of the response is what can be asked about. */
  private @Nullable String requestId(Response head, Exchange.@Nullable Message message) {
    String named = head.getHeaders().get(provider.requestIdHeader());
    return named == null && provider == Provider.GOOGLE && message != null ? message.id() : named;
  }

  /** The headers that tell limits and retries. */
  Map<String, String> told(Response head) {
    Map<String, String> told = new TreeMap<>();
    for (HttpField field : head.getHeaders()) {
      String name = field.getName().toLowerCase(Locale.ROOT);
      String value = field.getValue();
      if (value != null && provider.tells(name)) {
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
