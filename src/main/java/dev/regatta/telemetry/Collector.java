package dev.regatta.telemetry;

import io.opentelemetry.exporter.internal.FailedExportException;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The collector that the variables name, and what it did not take. */
final class Collector {
  // Held: else it may be collected, and the library speaks up again on standard error.
  private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry");

  /**
   * By default the library tries again for eight seconds where nobody listens, and the end of a run
   * would wait for that.
   */
  private static final RetryPolicy RETRIES =
      RetryPolicy.builder()
          .setMaxAttempts(3)
          .setInitialBackoff(Duration.ofMillis(200))
          .setMaxBackoff(Duration.ofMillis(400))
          .build();

  private final Delivery delivery = new Delivery();

  /**
   * The library, set up to send to it.
   *
   * @param environment the variables
   * @param ids what spans take their ids from; chance when empty
   * @throws RuntimeException if it is set up wrongly
   */
  OpenTelemetrySdk open(Map<String, String> environment, Optional<IdGenerator> ids) {
    LIBRARY.setLevel(Level.OFF);
    return AutoConfiguredOpenTelemetrySdk.builder()
        .disableShutdownHook()
        .addPropertiesSupplier(() -> OtlpVariables.properties(environment))
        .addTracerProviderCustomizer(
            (builder, config) -> ids.map(builder::setIdGenerator).orElse(builder))
        .addSpanExporterCustomizer((exporter, config) -> delivery.counted(soon(exporter)))
        .addMetricExporterCustomizer((exporter, config) -> delivery.counted(soon(exporter)))
        .build()
        .getOpenTelemetrySdk();
  }

  private static SpanExporter soon(SpanExporter exporter) {
    if (exporter instanceof OtlpHttpSpanExporter http) {
      SpanExporter impatient = http.toBuilder().setRetryPolicy(RETRIES).build();
      http.shutdown();
      return impatient;
    }
    return exporter;
  }

  private static MetricExporter soon(MetricExporter exporter) {
    if (exporter instanceof OtlpHttpMetricExporter http) {
      MetricExporter impatient = http.toBuilder().setRetryPolicy(RETRIES).build();
      http.shutdown();
      return impatient;
    }
    return exporter;
  }

  /**
   * What was lost, in one line; nothing if all was taken.
   *
   * @param sent how many spans were sent
   * @param flushed whether the library was done in time
   */
  Optional<String> lost(long sent, boolean flushed) {
    if (flushed && !delivery.failed() && delivery.spansLost(sent) == 0) {
      return Optional.empty();
    }
    return Optional.of(
        "telemetry was lost, "
            + delivery.spansLost(sent)
            + " of "
            + sent
            + " spans"
            + (delivery.metricsLost() > 0 || !flushed ? " and metrics" : "")
            + ": "
            + delivery
                .failure()
                .map(Collector::reason)
                .orElse("the collector did not take it in time"));
  }

  /** Why something failed, in few words. */
  static String reason(Throwable failure) {
    if (failure instanceof FailedExportException.HttpExportException http
        && http.getResponse() != null) {
      return "the collector answered with HTTP status " + http.getResponse().getStatusCode();
    }
    Throwable cause = failure;
    while (!(cause instanceof ConnectException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof ConnectException) {
      return "nobody listens there"; // its own cause is only a closed channel
    }
    String words = cause.getMessage();
    return words == null ? cause.getClass().getSimpleName() : words;
  }
}
