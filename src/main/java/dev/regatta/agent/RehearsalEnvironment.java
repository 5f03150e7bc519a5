package dev.regatta.agent;

import dev.regatta.provider.Provider;
import dev.regatta.secret.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The environment of commands that may start any agent and must reach no real model: a home and
 * configuration folders of their own, a token that nobody knows, and the rehearsal server as every
 * provider's address.
 */
public final class RehearsalEnvironment {
  private RehearsalEnvironment() {}

  /**
   * Makes it.
   *
   * @param inherited the orchestrator's own; only what programs need to work is taken from it
   * @param more variables that the user gives; credentials and addresses among them are left out
   * @param endpoint the rehearsal server
   * @param home a folder that is empty, or was used by this run before
   * @param token an invented one
   */
  public static Map<String, String> of(
      Map<String, String> inherited,
      Map<String, String> more,
      URI endpoint,
      Path home,
      Secret token) {
    Map<String, String> environment = new HashMap<>(Environments.allowed(inherited, false));
    environment.putAll(Environments.withoutCredentials(more, Set.of()));
    String own = home.toAbsolutePath().toString();
    environment.put("HOME", own);
    environment.put("NO_PROXY", "*");
    environment.put("no_proxy", "*");
    for (Provider provider : Provider.values()) {
      environment.put(provider.addressVariable(), endpoint.toString());
    }
    environment.put("ANTHROPIC_API_KEY", token.reveal());
    environment.put("CLAUDE_CONFIG_DIR", own);
    environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
    environment.put("DISABLE_TELEMETRY", "1");
    environment.put("DISABLE_AUTOUPDATER", "1");
    // These lead the CLI to other clouds, whatever address it is given.
    environment.keySet().removeAll(List.of("CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX"));
    environment.put("CODEX_HOME", home.resolve("codex").toString());
    environment.put("OPENAI_API_KEY", token.reveal());
    environment.put("GEMINI_API_KEY", token.reveal());
    GeminiHome.prepare(home);
    leadCodex(home.resolve("codex"), endpoint);
    return Map.copyOf(environment);
  }

  /** It takes another address from its settings only. */
  private static void leadCodex(Path home, URI endpoint) {
    try {
      Files.createDirectories(home);
      Files.writeString(
          home.resolve("config.toml"),
          """
          model_provider = "regatta"
          [analytics]
          enabled = false
          [model_providers.regatta]
          name = "regatta"
          base_url = "%s/v1"
          wire_api = "responses"
          env_key = "OPENAI_API_KEY"
          """
              .formatted(endpoint));
    } catch (IOException e) {
      throw new UncheckedIOException("the settings of codex can't be written: " + home, e);
    }
  }
}
