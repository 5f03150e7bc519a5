package dev.regatta.credential;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one response of a model API tells of the limits of the credential that it was asked with.
 *
 * @param allowances how much of each limit is used
 * @param refused whether the request was refused for a limit
 * @param until until when it will be, if it was and the response says so
 */
public record LimitsTold(List<Allowance> allowances, boolean refused, Optional<Instant> until) {
  /** Copies. */
  public LimitsTold {
    allowances = List.copyOf(allowances);
  }
}
