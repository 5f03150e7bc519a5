package dev.regatta.server;

import dev.regatta.agent.Executables;
import dev.regatta.agent.Launch;
import dev.regatta.credential.CredentialSources;
import dev.regatta.process.ChildCommand;
import dev.regatta.process.Mark;
import dev.regatta.process.SpawnFailed;
import dev.regatta.provider.Provider;
import dev.regatta.telemetry.TraceIds;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Makes of an agent's launch what is started, with the variables that a client gives besides. */
final class AgentCommand {
  /** They lead the CLI to other clouds, whatever address it is given. */
  private static final String OTHER_CLOUDS = "CLAUDE_CODE_USE_";

  private AgentCommand() {}

  /**
   * Refuses variables that decide to whom an agent's calls go, and with whose credential: what is
   * said of that afterwards would not be true.
   *
   * @param variables what a client gives
   */
  static void check(Map<String, String> variables) throws ProtocolError {
    for (String name : variables.keySet()) {
      if (name.startsWith(OTHER_CLOUDS) || ours().anyMatch(name::equals)) {
        throw decided(name);
      }
    }
  }

  private static Stream<String> ours() {
    return Stream.of(
            CredentialSources.KNOWN_VARIABLES.stream(),
            Arrays.stream(Provider.values()).map(Provider::addressVariable),
            Stream.of(Mark.VARIABLE))
        .flatMap(names -> names);
  }

  /**
   * The command.
   *
   * @param inherited the server's own variables: an agent's others were made for it
   */
  static ChildCommand of(
      Launch launch, Map<String, String> variables, Map<String, String> inherited)
      throws ProtocolError, SpawnFailed {
    Map<String, String> all = new HashMap<>(launch.environment());
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      String name = variable.getKey();
      boolean ours = all.containsKey(name) && !all.get(name).equals(inherited.get(name));
      if (ours && !name.equals(TraceIds.VARIABLE)) {
        throw decided(name);
      }
      if (!ours) {
        all.put(name, variable.getValue()); // else its span is below the client's already
      }
    }
    return new ChildCommand(
        executable(launch), launch.command(), all, launch.folder(), launch.input());
  }

  private static Path executable(Launch launch) throws SpawnFailed {
    String program = launch.command().getFirst();
    return switch (Executables.find(program, launch.environment(), launch.folder())) {
      case Executables.Found found -> found.path();
      case Executables.Missing missing -> throw new SpawnFailed(missing.reason());
      case Executables.NotRunnable refused -> throw new SpawnFailed(refused.reason());
    };
  }

  private static ProtocolError decided(String name) {
    return ProtocolError.params(
        "env may not set "
            + Message.shown(name)
            + " for an agent: the server decides whose model API it calls, and with which"
            + " credential");
  }
}
