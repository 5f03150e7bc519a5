package dev.regatta.agent;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code gemini} CLI's arguments and environment. */
final class GeminiCommand {
  /** The variable in which it takes an API key. */
  static final String KEY = "GEMINI_API_KEY";

  // Linux takes 131,072 bytes in one argument (MAX_ARG_STRLEN).
  private static final int LONGEST_ARGUMENT = 100_000;

  private GeminiCommand() {}

  static Launch launch(Path program, Assignment assignment) {
    byte[] prompt = assignment.prompt().getBytes(StandardCharsets.UTF_8);
    // One that begins with a hyphen would be taken for an option.
    boolean fed = prompt.length > LONGEST_ARGUMENT || assignment.prompt().startsWith("-");
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    if (!fed) {
      command.addAll(List.of("-p", assignment.prompt()));
    }
    command.addAll(List.of("-o", "stream-json"));
    assignment.model().ifPresent(model -> command.addAll(List.of("--model", model)));
    String allowed =
        String.join(",", GeminiTools.allowed(assignment.permissions(), assignment.tools()));
    if (!allowed.isEmpty()) {
      command.addAll(List.of("--allowed-tools", allowed));
    }
    return new Launch(
        command,
        environment(assignment),
        fed ? Optional.of(prompt) : Optional.empty(),
        assignment.folder(),
        assignment.credential().map(credential -> KEY));
  }

  private static Map<String, String> environment(Assignment assignment) {
    String home = assignment.configFolder().toAbsolutePath().toString();
    Map<String, String> environment =
        new HashMap<>(Environments.allowed(assignment.inherited(), !assignment.rehearsal()));
    environment.putAll(assignment.mark());
    environment.put("GEMINI_CLI_HOME", home);
    // Settings, hooks, servers and .env files of a trusted project could name another address for
    // the token, or commands to run: measured with 0.61.0, an untrusted one's are not read.
    environment.put("GEMINI_CLI_TRUST_WORKSPACE", "false");
    // It would start itself again, with more memory: twice the processes and the time.
    environment.put("GEMINI_CLI_NO_RELAUNCH", "true");
    if (assignment.rehearsal()) {
      // The user's own login and settings lie in their home.
      environment.put("HOME", home);
      environment.put("NO_PROXY", "*");
      environment.put("no_proxy", "*");
    }
    assignment.endpoint().ifPresent(endpoint -> sendTo(endpoint, environment));
    assignment
        .credential()
        .ifPresent(credential -> environment.put(KEY, credential.value().reveal()));
    return environment;
  }

  private static void sendTo(URI endpoint, Map<String, String> environment) {
    environment.put("GOOGLE_GEMINI_BASE_URL", endpoint.toString());
    Environments.reachDirectly(endpoint, environment);
  }
}
