package dev.regatta.agent;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be started.
 *
 * @param command the program and its arguments; never holds a credential
 * @param environment the child's whole environment
 * @param input what it reads on standard input; an immediate end when empty
 * @param folder its working folder
 * @param credentialVariable the variable that holds the credential, where one was assigned
 */
public record Launch(
    List<String> command,
    Map<String, String> environment,
    Optional<byte[]> input,
    Path folder,
    Optional<String> credentialVariable) {

  /** Copies what could change. */
  public Launch {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /**
   * That of an agent's program.
   *
   * @param fed whether the prompt goes through standard input
   */
  static Launch of(
      Assignment assignment, List<String> command, Map<String, String> environment, boolean fed) {
    return new Launch(
        command,
        environment,
        fed ? Optional.of(assignment.prompt().getBytes(StandardCharsets.UTF_8)) : Optional.empty(),
        assignment.folder(),
        assignment.credential().map(credential -> credential.kind().variable()));
  }

  /** The same with more variables. */
  public Launch with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return new Launch(command, all, input, folder, credentialVariable);
  }

  /** Says what is started, without the environment, which holds a credential. */
  @Override
  public String toString() {
    return "Launch[" + command + " in " + folder + "]";
  }
}
