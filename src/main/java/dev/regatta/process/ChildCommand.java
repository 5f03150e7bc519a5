package dev.regatta.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be started.
 *
 * @param executable the program's file, already found
 * @param arguments the whole argument vector; the first is what the program is told it is called
 * @param environment the child's whole environment; nothing is added
 * @param folder its working folder
 * @param input what it reads on standard input; nothing but an immediate end when empty
 */
public record ChildCommand(
    Path executable,
    List<String> arguments,
    Map<String, String> environment,
    Path folder,
    Optional<byte[]> input) {

  /** Copies what could change. */
  public ChildCommand {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("a command needs its name as first argument");
    }
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /** Without values of the environment and what is fed: a credential is among them. */
  @Override
  public String toString() {
    return "ChildCommand["
        + executable
        + " "
        + arguments
        + " in "
        + folder
        + ", environment of "
        + environment.keySet().stream().sorted().toList()
        + input.map(bytes -> ", fed " + bytes.length + " bytes").orElse("")
        + "]";
  }
}
