package dev.regatta.experiment;

import dev.regatta.evidence.Corroboration;
import dev.regatta.evidence.Figures;
import dev.regatta.evidence.ServingMetrics;
import dev.regatta.journal.Exchange;
import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What others saw of an attempt's calls, as a proof shows it. */
final class CallDerivation {
  private final LongToDoubleFunction since;

  /** With what gives the seconds since the phase's start. */
  CallDerivation(LongToDoubleFunction since) {
    this.since = since;
  }

  Proof.Evidence evidence(Figures figures, Figures.AttemptFigures attempt) {
    Corroboration corroboration = Corroboration.of(figures.testimony(attempt));
    return new Proof.Evidence(
        corroboration.level(),
        corroboration.disagreements(),
        attempt.seen().transcript().map(transcript -> transcript.messages().size()).orElse(null),
        attempt.seen().exchanges().stream().map(this::call).toList());
  }

  private Proof.Call call(Exchange seen) {
    Exchange.Answered answered = seen.answered();
    Exchange.Message message = answered == null ? null : answered.message();
    Exchange.Times times = seen.times();
    return new Proof.Call(
        seen.number(),
        seen.asked().path(),
        answered == null ? null : answered.status(),
        answered == null ? null : answered.requestId(),
        message == null ? null : message.id(),
        message == null ? seen.asked().model() : message.model(),
        since.applyAsDouble(times.startNanos()),
        seconds(times.firstByteNanos()),
        seconds(times.firstTokenNanos()),
        since.applyAsDouble(times.endNanos()),
        message == null
            ? new Proof.Tokens(null, null, null, null)
            : new Proof.Tokens(
                message.inputTokens(),
                message.outputTokens(),
                message.cacheReadTokens(),
                message.cacheCreationTokens()),
        ServingMetrics.of(seen),
        seen.upstream() == null ? null : seen.upstream().host(),
        seen.upstream() == null ? null : seen.upstream().tls(),
        seen.ending(),
        answered != null && answered.rehearsal());
  }

  private @Nullable Double seconds(@Nullable Long nanos) {
    return nanos == null ? null : since.applyAsDouble(nanos);
  }
}
