package dev.regatta.doctor;

import dev.regatta.credential.Credential;
import dev.regatta.secret.Redactor;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The credentials, each followed by whether it is accepted where that is asked. */
final class CredentialChecks {
  private static final String ID = "credential";

  private CredentialChecks() {}

  static List<Check> of(
      Tokens tokens,
      Examination examination,
      HttpClient client,
      Duration limit,
      Redactor redactor) {
    List<Check> checks = new ArrayList<>();
    for (Map.Entry<Credential, Finding> token : tokens.found().entrySet()) {
      checks.add(new Ready(ID, List.of(token.getValue())));
      if (examination.online()) {
        URI address = examination.address().orElse(token.getKey().provider().url());
        checks.add(new ProviderCall(client, address, token.getKey(), limit, redactor));
      }
    }
    checks.add(new Ready(ID, tokens.problems()));
    if (!tokens.found().isEmpty()
        && examination.online()
        && examination.address().filter(CredentialChecks::open).isPresent()) {
      checks.add(
          new Ready(
              ID,
              List.of(
                  Diagnosis.ENDPOINT_OPEN.says(
                      examination.address().get().getAuthority()
                          + " is another machine, and was called without TLS"))));
    }
    return checks;
  }

  /** Whether what is sent there can be read on the way. */
  static boolean open(URI address) {
    String host = String.valueOf(address.getHost());
    boolean here =
        host.equals("localhost") || host.matches("127(\\.\\d{1,3}){3}") || host.equals("[::1]");
    return !here && !"https".equalsIgnoreCase(address.getScheme());
  }
}
