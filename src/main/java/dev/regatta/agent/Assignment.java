package dev.regatta.agent;

import dev.regatta.credential.Credential;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one attempt is to do, and with what.
 *
 * @param attempt the attempt's name, for example {@code r1-parallel-2}
 * @param prompt what the agent is asked; empty for a plain command
 * @param command the program and its arguments of a plain command; empty for other agents
 * @param input what a plain command reads on standard input
 * @param folder the working folder
 * @param configFolder where the agent keeps its configuration and transcripts, one per credential
 * @param credential the one credential it gets
 * @param endpoint the model API's address, where it is not the provider's own
 * @param rehearsal whether the user's own home and the network are out of bounds
 * @param inherited the orchestrator's environment
 * @param model the model asked for
 * @param tools the tools that are allowed without asking
 * @param permissions how far the agent may go without asking
 * @param mark the variables that the attempt's processes are found by
 * @param agentTools the tools by which it may start others, if it may
 * @param flags further arguments of the agent's own command line, as the user gave them
 */
public record Assignment(
    String attempt,
    String prompt,
    List<String> command,
    Optional<String> input,
    Path folder,
    Path configFolder,
    Optional<Credential> credential,
    Optional<URI> endpoint,
    boolean rehearsal,
    Map<String, String> inherited,
    Optional<String> model,
    List<String> tools,
    Permissions permissions,
    Map<String, String> mark,
    Optional<AgentTools> agentTools,
    List<String> flags) {

  /** One that starts no others. */
  public Assignment(
      String attempt,
      String prompt,
      List<String> command,
      Optional<String> input,
      Path folder,
      Path configFolder,
      Optional<Credential> credential,
      Optional<URI> endpoint,
      boolean rehearsal,
      Map<String, String> inherited,
      Optional<String> model,
      List<String> tools,
      Permissions permissions,
      Map<String, String> mark) {
    this(
        attempt,
        prompt,
        command,
        input,
        folder,
        configFolder,
        credential,
        endpoint,
        rehearsal,
        inherited,
        model,
        tools,
        permissions,
        mark,
        Optional.empty(),
        List.of());
  }

  /** Copies what could change. */
  public Assignment {
    command = List.copyOf(command);
    inherited = Map.copyOf(inherited);
    tools = List.copyOf(tools);
    mark = Map.copyOf(mark);
    flags = List.copyOf(flags);
  }

  /**
   * The same by way of a gateway.
   *
   * @param gateway where it listens
   * @param placeholder what the gateway knows the attempt by, in place of the credential
   */
  public Assignment through(URI gateway, Credential placeholder) {
    return with(prompt, folder, Optional.of(placeholder), Optional.of(gateway), agentTools, flags);
  }

  /** The same with another prompt, in another folder. */
  public Assignment asking(String question, Path place) {
    return with(question, place, credential, endpoint, agentTools, flags);
  }

  /** The same with the tools to start others. */
  public Assignment with(AgentTools given) {
    return with(prompt, folder, credential, endpoint, Optional.of(given), flags);
  }

  /** The same with further arguments of the agent's own. */
  public Assignment with(List<String> further) {
    return with(prompt, folder, credential, endpoint, agentTools, further);
  }

  private Assignment with(
      String otherPrompt,
      Path otherFolder,
      Optional<Credential> otherCredential,
      Optional<URI> otherEndpoint,
      Optional<AgentTools> otherTools,
      List<String> otherFlags) {
    return new Assignment(
        attempt,
        otherPrompt,
        command,
        input,
        otherFolder,
        configFolder,
        otherCredential,
        otherEndpoint,
        rehearsal,
        inherited,
        model,
        tools,
        permissions,
        mark,
        otherTools,
        otherFlags);
  }
}
