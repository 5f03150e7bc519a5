package dev.regatta.gateway;

import dev.regatta.credential.Credential;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.RunClock;
import dev.regatta.provider.Provider;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
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
  private final String method;
  private final String path;
  private final RunClock clock;
  private final Consumer<Exchange> sink;

  private final long startNanos;
  private final BodyDigest askedBody = new BodyDigest();
  private final BodyDigest answeredBody = new BodyDigest();
  private final RequestReading request = new RequestReading();
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
    this.provider = pass.credential().provider();
    this.method = method;
    this.path = path;
    this.clock = clock;
    this.sink = sink;
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

  synchronized void sent() {
    sentNanos = clock.nanos();
  }

  synchronized void began(Response head) {
    firstByteNanos = clock.nanos();
    response = head;
    answer = AnswerReading.of(provider, head.getHeaders().get("content-type"));
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
        answer == null ? null : answer.events());
  }

  /** Google names no request: there the id of the response is what can be asked about. */
  private @Nullable String requestId(Response head, Exchange.@Nullable Message message) {
    String named = head.getHeaders().get(provider.requestIdHeader());
    return named == null && provider == Provider.GOOGLE && message != null ? message.id() : named;
  }

  private Map<String, String> told(Response head) {
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
