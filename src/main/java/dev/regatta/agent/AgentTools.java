package dev.regatta.agent;

import dev.regatta.secret.Secret;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * The tools by which an agent starts others and reads what they left for each other: where they are
 * served, over MCP, and what the agent is known by there.
 *
 * @param address where they are served
 * @param token made for one attempt, and good for nothing once it is over
 */
public record AgentTools(URI address, Secret token) {
  /** What the server is called in an agent's configuration. */
  public static final String SERVER = "regatta";

  /** Starts other agents and waits for them. */
  public static final String SPAWN = "spawn_agents";

  /** Tells what became of them, and how many more there may be. */
  public static final String STATUS = "agent_status";

  /** Leaves a note for the other agents of the run. */
  public static final String POST = "post_note";

  /** Reads the notes of all of them. */
  public static final String READ = "read_notes";

  /** The variable that holds the address. */
  public static final String ADDRESS_VARIABLE = "REGATTA_MCP_URL";

  /** The variable that holds the token. */
  public static final String TOKEN_VARIABLE = "REGATTA_AGENT_TOKEN";

  private static final List<String> NAMES = List.of(SPAWN, STATUS, POST, READ);

  /** What a program needs to call them, for its environment. */
  Map<String, String> variables() {
    return Map.of(ADDRESS_VARIABLE, address.toString(), TOKEN_VARIABLE, token.reveal());
  }

  /** Their names as the {@code claude} CLI knows them. */
  static List<String> namesForClaude() {
    return NAMES.stream().map(name -> "mcp__" + SERVER + "__" + name).toList();
  }

  /**
   * The {@code claude} CLI's configuration of the server. The CLI puts the token in, from its
   * environment: an argument could be read by every user of the machine.
   */
  String configurationForClaude() {
    // Without alwaysLoad the CLI, as measured with 2.1.197, waits two seconds for a server and then
    // goes on without its tools.
    return "{\"mcpServers\":{\""
        + SERVER
        + "\":{\"type\":\"http\",\"url\":\""
        + address
        + "\",\"headers\":{\"Authorization\":\"Bearer ${"
        + TOKEN_VARIABLE
        + "}\"},\"alwaysLoad\":true}}}";
  }
}
