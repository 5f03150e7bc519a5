package dev.regatta.gateway;

import dev.regatta.credential.Credential;
import java.util.Optional;
import java.util.Set;

/** Who knows what else a request can be asked with. Safe for many threads. */
@FunctionalInterface
public interface Failover {
  /**
   * Another credential that has room.
   *
   * @param refused those that the model API refused for a limit
   */
  Optional<Credential> instead(Set<Credential> refused);
}
