package dev.regatta.agent;

import dev.regatta.provider.Provider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The {@code gemini} CLI's arguments and environment. */
final class GeminiCommand {
  private GeminiCommand() {}

  static Launch launch(Path program, Assignment assignment) {
    boolean fed = Prompts.mustBeFed(assignment.prompt());
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
    command.addAll(assignment.flags());
    return Launch.of(assignment, command, environment(assignment), fed);
  }

  private static Map<String, String> environment(Assignment assignment) {
    String home = assignment.configFolder().toAbsolutePath().toString();
    Map<String, String> environment = Environments.of(assignment, home);
    environment.put("GEMINI_CLI_HOME", home);
    // Settings, hooks, servers and .env files of a trusted project could name another address for
    // the token, or commands to run: measured with 0.61.0, an untrusted one's are not read.
    environment.put("GEMINI_CLI_TRUST_WORKSPACE", "false");
    // It would start itself again, with more memory: twice the processes and the time.
    environment.put("GEMINI_CLI_NO_RELAUNCH", "true");
    // Always: a .env file that an agent left in the home could name another address for the token,
    // and gives way to what is set.
    environment.put(
        Provider.GOOGLE.addressVariable(),
        assignment.endpoint().orElseGet(Provider.GOOGLE::url).toString());
    return environment;
  }
}
