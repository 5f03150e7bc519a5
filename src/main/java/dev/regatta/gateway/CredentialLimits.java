package dev.regatta.gateway;

import dev.regatta.credential.Credential;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who heeds what the gateway sees of the limits of credentials. Safe for many threads. */
public interface CredentialLimits {
  /**
   * The head of a response came, which may be minutes before the last of it.
   *
   * @param credential what it was asked with
   * @param status the HTTP status
   * @param headers the headers that tell limits and retries, by their lower-case names
   */
  void answered(Credential credential, int status, Map<String, String> headers);

  /** Whether a request that is refused for a limit is asked again with another credential. */
  boolean failsOver();

  /** Whether a credential is refused now, so that asking with it must fail. */
  boolean refused(Credential credential);

  /**
   * Another credential that has room.
   *
   * @param refused those that the model API refused for a limit
   */
  Optional<Credential> instead(Set<Credential> refused);
}
