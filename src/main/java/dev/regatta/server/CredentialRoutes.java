package dev.regatta.server;

import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialProblem;
import dev.regatta.credential.CredentialSources;
import dev.regatta.provider.Provider;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.Rest;
import dev.regatta.store.Store;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** Which credentials runs of this server find, and which of them rest; never what they are. */
final class CredentialRoutes {
  private final Map<String, String> environment;
  private final RegattaHome home;
  private final UnaryOperator<String> redact;

  CredentialRoutes(RunsAccess access) {
    this.environment = access.program().environment();
    this.home = new RegattaHome(access.home());
    this.redact = access.redact();
  }

  List<Route> routes() {
    return List.of(Route.get("/api/v1/credentials", this::list));
  }

  private void list(Visit visit) throws Refused, IOException {
    Map<String, Rest> resting;
    try (Store store = Store.open(home)) {
      resting =
          store.rests(Instant.now()).stream()
              .collect(Collectors.toMap(Rest::fingerprint, Function.identity(), (a, b) -> a));
    }
    List<ObjectNode> shown = new ArrayList<>();
    for (Provider provider : Provider.values()) {
      for (Credential credential : of(provider)) {
        Optional<Rest> rest = Optional.ofNullable(resting.get(credential.value().fingerprint()));
        shown.add(
            Notices.object()
                .put("name", credential.name())
                .put("provider", provider.called())
                .put("fingerprint", credential.value().fingerprint())
                .put("state", rest.isPresent() ? "resting" : "ready")
                .put("until", rest.map(each -> each.until().toString()).orElse(null))
                .put("reason", rest.map(Rest::reason).map(redact).orElse(null)));
      }
    }
    visit.json(200, Map.of("credentials", shown));
  }

  private List<Credential> of(Provider provider) throws Refused {
    try {
      return new CredentialSources(environment).defaults(provider);
    } catch (CredentialProblem e) {
      throw new Refused(500, String.valueOf(e.getMessage())); // it names the variable, no value
    }
  }
}
