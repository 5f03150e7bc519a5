package dev.regatta.agent;

import dev.regatta.credential.CredentialSources;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Which variables of the orchestrator's environment a child gets. */
public final class Environments {
  /** The variables in which credentials are usually given. */
  static final Set<String> CREDENTIALS = CredentialSources.KNOWN_VARIABLES;

  private static final String LOOPBACK = "127.0.0.1";

  private static final Set<String> PROXIES =
      Set.of(
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "ALL_PROXY",
          "NO_PROXY",
          "http_proxy",
          "https_proxy",
          "all_proxy",
          "no_proxy");

  /** What an agent's program needs to work, besides {@code LC_*} and the proxies. */
  static final Set<String> ALLOWED =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "LANG",
          "TERM",
          "TZ",
          "TMPDIR",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "NODE_EXTRA_CA_CERTS");

  private Environments() {}

  /**
   * Everything but credentials.
   *
   * @param inherited variables by name
   * @param more names of variables that hold credentials, besides those in which they usually are
   */
  public static Map<String, String> withoutCredentials(
      Map<String, String> inherited, Set<String> more) {
    Map<String, String> kept = new HashMap<>(inherited);
    kept.keySet().removeAll(CREDENTIALS);
    for (String name : more) {
      kept.remove(name);
    }
    return kept;
  }

  /**
   * What every agent that calls a model API gets: what is on the allow-list, the mark, and its one
   * credential.
   *
   * @param home a folder that is its home where the user's own is out of bounds
   */
  static Map<String, String> of(Assignment assignment, String home) {
    Map<String, String> environment =
        new HashMap<>(allowed(assignment.inherited(), !assignment.rehearsal()));
    environment.putAll(assignment.mark());
    if (assignment.rehearsal()) {
      // The user's own login and settings lie in their home.
      environment.put("HOME", home);
      environment.put("NO_PROXY", "*");
      environment.put("no_proxy", "*");
    }
    if (Stream.concat(
            assignment.endpoint().stream(),
            assignment.agentTools().map(AgentTools::address).stream())
        .anyMatch(address -> LOOPBACK.equals(address.getHost()))) {
      reachDirectly(environment);
    }
    assignment
        .credential()
        .ifPresent(credential ->
            environment.put(credential.kind().variable(), credential.value().reveal()));
    return environment;
  }

  /** A proxy of the user's could not reach what listens on this machine only. */
  private static void reachDirectly(Map<String, String> environment) {
    String given = environment.getOrDefault("NO_PROXY", environment.get("no_proxy"));
    List<String> hosts = given == null ? List.of() : List.of(given.split(","));
    boolean covered = hosts.contains("*") || hosts.contains(LOOPBACK);
    String direct = given == null ? LOOPBACK : covered ? given : given + "," + LOOPBACK;
    environment.put("NO_PROXY", direct);
    environment.put("no_proxy", direct);
  }

  /** Only what is on the allow-list. */
  static Map<String, String> allowed(Map<String, String> inherited, boolean proxies) {
    Map<String, String> kept = new HashMap<>();
    inherited.forEach((name, value) -> {
      if (ALLOWED.contains(name) || name.startsWith("LC_") || (proxies && PROXIES.contains(name))) {
        kept.put(name, value);
      }
    });
    return kept;
  }
}
