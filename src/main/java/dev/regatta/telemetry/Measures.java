package dev.regatta.telemetry;

import dev.regatta.journal.Event;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Outcome;
import dev.regatta.provider.Provider;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The metrics of one run in the words of OpenTelemetry. */
final class Measures {
  private static final int MODELS = 50;

  // Bounds as the conventions give them: from 10 ms, doubling; from 1 token, times four.
  private static final List<Double> SECONDS =
      Stream.iterate(0.01, bound -> bound * 2).limit(14).toList();
  private static final List<Long> TOKENS =
      LongStream.iterate(1, bound -> bound * 4).limit(14).boxed().toList();

  private final BoundedLabel models = new BoundedLabel(MODELS);
  private final DoubleHistogram duration;
  private final LongHistogram tokens;
  private final LongCounter attempts;

  Measures(Meter meter) {
    this.duration =
        meter
            .histogramBuilder("gen_ai.client.operation.duration")
            .setUnit("s")
            .setDescription("How long an operation took")
            .setExplicitBucketBoundariesAdvice(SECONDS)
            .build();
    this.tokens =
        meter
            .histogramBuilder("gen_ai.client.token.usage")
            .setUnit("{token}")
            .setDescription("Input and output tokens of an operation")
            .ofLongs()
            .setExplicitBucketBoundariesAdvice(TOKENS)
            .build();
    this.attempts =
        meter
            .counterBuilder("regatta.attempts")
            .setUnit("{attempt}")
            .setDescription("Attempts that ended, by outcome")
            .build();
  }

  /** An attempt ended. */
  void attempt(Event.AttemptStarted started, Event.AttemptEnded end, boolean rehearsal) {
    agent(started.agent(), end.outcome(), end.exitNanos() - started.spawnNanos(), rehearsal);
    attempts.add(
        1,
        Attributes.of(
            GenAi.AGENT,
            Values.text(started.agent()),
            GenAi.OUTCOME,
            end.outcome().word(),
            GenAi.REHEARSAL,
            rehearsal));
  }

  /** An agent ended, in a run or not. */
  void agent(String name, Outcome outcome, long nanos, boolean rehearsal) {
    AttributesBuilder described =
        Values.begin("invoke_agent", rehearsal).put(GenAi.AGENT, Values.text(name));
    Values.provider(name).ifPresent(provider -> described.put(GenAi.PROVIDER, provider));
    Values.error(outcome).ifPresent(type -> described.put(GenAi.ERROR, type));
    duration.record(seconds(nanos), described.build());
  }

  /** An exchange is over; one that asks no model for anything is no operation. */
  void exchange(Exchange exchange, boolean rehearsal) {
    if (!exchange.asked().forMessage()) {
      return;
    }
    Attributes described = described(exchange, rehearsal);
    Exchange.Times times = exchange.times();
    AttributesBuilder ended = described.toBuilder();
    Values.error(exchange).ifPresent(type -> ended.put(GenAi.ERROR, type));
    duration.record(seconds(times.endNanos() - times.startNanos()), ended.build());
    Exchange.Answered answered = exchange.answered();
    Exchange.Message message = answered == null ? null : answered.message();
    if (message == null) {
      return;
    }
    if (message.inputTokens() != null) {
      used(
          "input",
          Values.wholeInput(
              message.inputTokens(), message.cacheReadTokens(), message.cacheCreationTokens()),
          described);
    }
    used("output", message.outputTokens(), described);
  }

  private Attributes described(Exchange exchange, boolean rehearsal) {
    AttributesBuilder described =
        Values.begin("chat", rehearsal)
            .put(GenAi.REQUEST_MODEL, models.of(exchange.asked().model()));
    Provider.answering(exchange.asked().path())
        .ifPresent(provider -> described.put(GenAi.PROVIDER, Values.name(provider)));
    Exchange.Answered answered = exchange.answered();
    if (answered != null && answered.message() != null) {
      described.put(GenAi.RESPONSE_MODEL, models.of(answered.message().model()));
    }
    if (exchange.upstream() != null) {
      Values.put(described, GenAi.SERVER, exchange.upstream().host());
    }
    return described.build();
  }

  private void used(String type, @Nullable Long count, Attributes described) {
    if (count != null && count >= 0) {
      tokens.record(count, described.toBuilder().put(GenAi.TOKEN_TYPE, type).build());
    }
  }

  private static double seconds(long nanos) {
    return Math.max(0, nanos) / 1e9;
  }
}
