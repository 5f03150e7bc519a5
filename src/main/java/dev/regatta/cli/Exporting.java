package dev.regatta.cli;

import dev.regatta.run.Run;
import dev.regatta.run.RunFolder;
import dev.regatta.telemetry.OtlpVariables;
import dev.regatta.telemetry.RunTelemetry;
import dev.regatta.telemetry.ServedAgentTelemetry;
import dev.regatta.telemetry.TraceIds;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends telemetry of a run where the variables of OpenTelemetry ask for it; else it does nothing,
 * and none of its classes are loaded. It is made before the run is opened, and closed after it.
 */
final class Exporting implements AutoCloseable {
  /**
   * How long the end of a run waits for a collector: what OTLP gives a request by default. On a
   * machine that is busy three seconds were too few, and spans were lost to a collector that heard.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TraceIds ids;
  private final Map<String, String> environment;
  private final @Nullable RunTelemetry telemetry;

  private Exporting(
      TraceIds ids, Map<String, String> environment, @Nullable RunTelemetry telemetry) {
    this.ids = ids;
    this.environment = environment;
    this.telemetry = telemetry;
  }

  static Exporting of(Context context, String run, RunFolder folder) {
    TraceIds ids = new TraceIds(run);
    Map<String, String> environment = context.environment();
    if (!OtlpVariables.ask(environment)) {
      return new Exporting(ids, environment, null);
    }
    return new Exporting(
        ids,
        environment,
        RunTelemetry.follow(
            ids,
            folder.journal(),
            environment,
            PATIENCE,
            line -> context.err().println("regatta: " + line)));
  }

  /**
   * What sends telemetry of the agents of a server.
   *
   * @param sending nothing where it is not asked for, or set up wrongly
   */
  record Agents(Optional<ServedAgentTelemetry> sending) implements AutoCloseable {
    @Override
    public void close() {
      sending.ifPresent(ServedAgentTelemetry::close);
    }
  }

  static Agents agents(Context context) {
    if (!OtlpVariables.ask(context.environment())) {
      return new Agents(Optional.empty());
    }
    return new Agents(
        ServedAgentTelemetry.open(
            context.environment(),
            InstantSource.system(),
            PATIENCE,
            line -> context.err().println("regatta: " + line)));
  }

  /** Has what agents tell of themselves join what is told of the run. */
  void join(Run run) {
    if (telemetry != null) {
      run.hand(attempt -> OtlpVariables.handed(environment, ids, attempt));
    }
  }

  /** The variable by which what an attempt's process does joins the attempt's span, if any. */
  Map<String, String> trace(String attempt) {
    return telemetry == null ? Map.of() : Map.of(TraceIds.VARIABLE, ids.traceparent(attempt));
  }

  @Override
  public void close() {
    if (telemetry != null) {
      telemetry.close();
    }
  }
}
