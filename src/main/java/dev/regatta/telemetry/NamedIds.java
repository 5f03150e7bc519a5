package dev.regatta.telemetry;

import io.opentelemetry.sdk.trace.IdGenerator;

/** Gives the next span the ids that were set for it. For one thread. */
final class NamedIds implements IdGenerator {
  private final String trace;
  private String span = "";

  NamedIds(String trace) {
    this.trace = trace;
  }

  void next(String id) {
    span = id;
  }

  @Override
  public String generateSpanId() {
    return span;
  }

  @Override
  public String generateTraceId() {
    return trace;
  }
}
