package dev.regatta.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What became of all that was sent: how much the collector took, and why it did not take the rest.
 */
final class Delivery {
  private final AtomicLong spans = new AtomicLong();
  private final AtomicLong metricsLost = new AtomicLong();
  private final AtomicReference<Optional<Throwable>> failure =
      new AtomicReference<>(Optional.empty());
  private volatile boolean failed;
  private volatile boolean sending;

  /** How many of so many spans were not taken; none where none are sent. */
  long spansLost(long sent) {
    return sending ? sent - spans.get() : 0;
  }

  /** How often metrics were not taken. */
  long metricsLost() {
    return metricsLost.get();
  }

  /** Whether something was not taken. */
  boolean failed() {
    return failed;
  }

  /** Why the first was not, if it was said. */
  Optional<Throwable> failure() {
    return failure.get();
  }

  private CompletableResultCode watch(CompletableResultCode result, Runnable taken, Runnable lost) {
    return result.whenComplete(() -> {
      if (result.isSuccess()) {
        taken.run();
        return;
      }
      lost.run();
      failed = true;
      failure.compareAndSet(Optional.empty(), Optional.ofNullable(result.getFailureThrowable()));
    });
  }

  SpanExporter counted(SpanExporter exporter) {
    sending = true;
    return new SpanExporter() {
      @Override
      public CompletableResultCode export(Collection<SpanData> batch) {
        int size = batch.size();
        return watch(exporter.export(batch), () -> spans.addAndGet(size), () -> {});
      }

      @Override
      public CompletableResultCode flush() {
        return exporter.flush();
      }

      @Override
      public CompletableResultCode shutdown() {
        return exporter.shutdown();
      }
    };
  }

  MetricExporter counted(MetricExporter exporter) {
    return new MetricExporter() {
      @Override
      public CompletableResultCode export(Collection<MetricData> metrics) {
        return watch(exporter.export(metrics), () -> {}, metricsLost::incrementAndGet);
      }

      @Override
      public CompletableResultCode flush() {
        return exporter.flush();
      }

      @Override
      public CompletableResultCode shutdown() {
        return exporter.shutdown();
      }

      @Override
      public AggregationTemporality getAggregationTemporality(InstrumentType type) {
        return exporter.getAggregationTemporality(type);
      }

      @Override
      public Aggregation getDefaultAggregation(InstrumentType type) {
        return exporter.getDefaultAggregation(type);
      }

      @Override
      public MemoryMode getMemoryMode() {
        return exporter.getMemoryMode();
      }
    };
  }
}
