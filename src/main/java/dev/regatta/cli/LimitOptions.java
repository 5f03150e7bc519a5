package dev.regatta.cli;

import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** The options about limits of credentials. */
public class LimitOptions {
  private static final int USUAL_PERCENT = 95;

  @Option(
      name = "limit-threshold",
      argument = "PERCENT",
      description = "per cent of a limit from which on other credentials are preferred (95)")
  @Nullable String threshold;

  @Option(
      name = "failover",
      hasValue = false,
      description = "let the gateway ask again with another credential when one is refused (429)")
  boolean failover;

  /** The share of a limit from which on a credential is near it. */
  double threshold() {
    return Words.count("--limit-threshold", threshold, 1, 100, USUAL_PERCENT) / 100.0;
  }
}
