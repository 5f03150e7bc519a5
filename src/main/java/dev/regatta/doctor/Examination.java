package dev.regatta.doctor;

import dev.regatta.process.MachineLoad;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be looked at.
 *
 * @param environment the variables: the PATH, and where credentials stand
 * @param folder the working folder, absolute
 * @param home the {@code .regatta} folder, there or not
 * @param load how busy the machine is
 * @param tokens names of variables with credentials; the usual ones when empty and no file is given
 * @param tokenFile a file with credentials
 * @param online whether to ask if credentials are accepted
 * @param address where to ask in place of the providers
 */
public record Examination(
    Map<String, String> environment,
    Path folder,
    Path home,
    MachineLoad load,
    List<String> tokens,
    Optional<Path> tokenFile,
    boolean online,
    Optional<URI> address) {

  /** Copies what could change. */
  public Examination {
    environment = Map.copyOf(environment);
    tokens = List.copyOf(tokens);
  }
}
