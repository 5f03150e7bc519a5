package dev.regatta.gateway;

import org.jspecify.annotations.Nullable;

/** There can be no gateway; the message says why and what to do. */
public final class GatewayProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  GatewayProblem(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
