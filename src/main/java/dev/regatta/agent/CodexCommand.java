package dev.regatta.agent;

import dev.regatta.credential.Credential;
import dev.regatta.provider.Provider;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The {@code codex} CLI's arguments and environment. */
final class CodexCommand {
  private static final String KEY = Credential.Kind.OPENAI_KEY.variable();

  private CodexCommand() {}

  static Launch launch(Path executable, Assignment assignment) {
    boolean fed = Prompts.mustBeFed(assignment.prompt());
    List<String> command = new ArrayList<>(List.of(executable.toString(), "exec", "--json"));
    command.addAll(List.of("--skip-git-repo-check", "-C", assignment.folder().toString()));
    // Settings and rules could name another address, and what may be run without a sandbox.
    command.addAll(List.of("--ignore-user-config", "--ignore-rules", "--disable", "plugins"));
    command.addAll(
        switch (assignment.permissions()) {
          case LEAST -> List.of("-s", "read-only");
          case ACCEPT_EDITS -> List.of("-s", "workspace-write");
          case BYPASS -> List.of("--dangerously-bypass-approvals-and-sandbox");
        });
    assignment.model().ifPresent(model -> command.addAll(List.of("-m", model)));
    for (String setting : settings(assignment.endpoint().orElse(Provider.OPENAI.url()))) {
      command.addAll(List.of("-c", setting));
    }
    command.addAll(assignment.flags());
    command.add(fed ? "-" : assignment.prompt());
    return Launch.of(assignment, command, environment(assignment), fed);
  }

  /** A provider of our own, so that it takes its key from the variable and from nowhere else. */
  private static List<String> settings(URI endpoint) {
    return List.of(
        "analytics.enabled=false",
        "model_provider=\"regatta\"",
        "model_providers.regatta={name=\"regatta\",base_url=\""
            + endpoint.toString().replaceAll("/+$", "")
            + "/v1\",wire_api=\"responses\",env_key=\""
            + KEY
            + "\"}",
        // What it runs for the model needs no key.
        "shell_environment_policy.exclude=[\"" + KEY + "\"]");
  }

  private static Map<String, String> environment(Assignment assignment) {
    String home = assignment.configFolder().toAbsolutePath().toString();
    Map<String, String> environment = Environments.of(assignment, home);
    environment.put("CODEX_HOME", home);
    return environment;
  }
}
