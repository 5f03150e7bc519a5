package dev.regatta.evidence;

import dev.regatta.journal.Exchange;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How quickly a call was answered, as benchmarks of model servers define it ({@code vllm bench
 * serve}; NVIDIA's GenAI-Perf uses the same terms). Seen at the gateway, so what lies between the
 * gateway and the model is part of it.
 *
 * @param timeToFirstTokenMs from the request to the first generated text, or null if none came
 * @param timePerOutputTokenMs time after the first token for each of the others: the rest of the
 *     answer's time over the output tokens less one; null below two
 * @param interTokenMs percentiles of the times between two pieces of text, or null below two pieces
 * @param outputTokensPerSecond output tokens over the whole time of the call, or null
 */
public record ServingMetrics(
    @Nullable Double timeToFirstTokenMs,
    @Nullable Double timePerOutputTokenMs,
    @Nullable Percentiles interTokenMs,
    @Nullable Double outputTokensPerSecond) {
  private static final double MILLISECOND = 1e6;
  private static final double SECOND = 1e9;
  private static final double MICROS_IN_MS = 1000;

  /** Some percentiles, milliseconds. */
  public record Percentiles(double p50, double p90, double p99) {}

  /** Those of one call. */
  public static ServingMetrics of(Exchange call) {
    Exchange.Times times = call.times();
    Exchange.Answered answered = call.answered();
    Exchange.Message message = answered == null ? null : answered.message();
    Exchange.Events events = answered == null ? null : answered.events();
    Long tokens = message == null ? null : message.outputTokens();
    Long first = times.firstTokenNanos();
    double whole = times.endNanos() - times.startNanos();
    return new ServingMetrics(
        first == null ? null : (first - times.startNanos()) / MILLISECOND,
        first == null || tokens == null || tokens < 2
            ? null
            : (times.endNanos() - first) / MILLISECOND / (tokens - 1),
        Optional.ofNullable(events)
            .flatMap(each -> Optional.ofNullable(each.gaps()))
            .flatMap(ServingMetrics::percentiles)
            .orElse(null),
        tokens == null || whole <= 0 ? null : tokens / (whole / SECOND));
  }

  /** Empty where a journal holds no histogram in that place. */
  private static Optional<Percentiles> percentiles(String encoded) {
    try {
      Histogram gaps =
          Histogram.decodeFromCompressedByteBuffer(
              ByteBuffer.wrap(Base64.getDecoder().decode(encoded)), 0);
      return Optional.of(
          new Percentiles(
              gaps.getValueAtPercentile(50) / MICROS_IN_MS,
              gaps.getValueAtPercentile(90) / MICROS_IN_MS,
              gaps.getValueAtPercentile(99) / MICROS_IN_MS));
    } catch (DataFormatException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
