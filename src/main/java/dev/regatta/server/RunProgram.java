package dev.regatta.server;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How this program is started for a run.
 *
 * @param words those that start it, before those of a command
 * @param environment its whole environment, with the credentials that the run will look for
 * @param always options that each run gets, whatever it asks for
 */
public record RunProgram(
    Supplier<List<String>> words, Map<String, String> environment, List<String> always) {

  /** Copies what could change. */
  public RunProgram {
    environment = Map.copyOf(environment);
    always = List.copyOf(always);
  }

  /** Without values of the environment: credentials are among them. */
  @Override
  public String toString() {
    return "RunProgram[always " + always + "]";
  }
}
