package dev.regatta.mcp;

import dev.regatta.gateway.Gateway;
import dev.regatta.run.Tree;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.DefaultServerTransportSecurityValidator;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;

/**
 * Serves the tools to the agents of one run, on 127.0.0.1: streamable HTTP, as MCP has it. Each
 * call has a virtual thread of its own, so one that waits for other agents is in nobody's way.
 */
public final class AgentServer implements AutoCloseable {
  private static final String PATH = "/mcp";
  private static final int LARGEST_REQUEST = 4 << 20;

  private final McpSyncServer tools;
  private final Gateway.Opened opened;
  private final URI address;

  private AgentServer(McpSyncServer tools, Gateway.Opened opened, URI address) {
    this.tools = tools;
    this.opened = opened;
    this.address = address;
  }

  /**
   * Opens one for the agents of a run, at its gateway if it has one, and tells the run where it is.
   *
   * @param version this program's version
   * @throws ServingProblem if it can't listen
   */
  public static AgentServer open(Tree tree, String version) {
    HttpServletStreamableServerTransportProvider transport = transport();
    McpSyncServer tools = tools(transport, tree, version);
    Handler handler = new Doorkeeper(tree, ToolForm.at(PATH, transport));
    AgentServer server;
    try {
      Optional<Gateway> gateway = tree.gateway();
      if (gateway.isPresent()) {
        Gateway.Opened opened = gateway.get().open(PATH, handler);
        server = new AgentServer(tools, opened, gateway.get().baseUrl().resolve(PATH));
      } else {
        Listener own = Listener.open(handler);
        server = new AgentServer(tools, own, own.baseUrl().resolve(PATH));
      }
    } catch (RuntimeException e) {
      tools.close();
      throw e;
    }
    tree.servedAt(server.address());
    return server;
  }

  private static McpSyncServer tools(
      HttpServletStreamableServerTransportProvider transport, Tree tree, String version) {
    return McpServer.sync(transport)
        .serverInfo("regatta", version)
        .instructions(
            "Starts other agents of the same run and waits for them; all of them can leave notes"
                + " for each other.")
        .capabilities(McpSchema.ServerCapabilities.builder().tools(false).build())
        // On the request's own thread, a virtual one: the library's pool is bounded, and agents
        // that wait for agents that wait would fill it.
        .immediateExecution(true)
        .tools(new Tools(tree).all())
        .build();
  }

  private static HttpServletStreamableServerTransportProvider transport() {
    return HttpServletStreamableServerTransportProvider.builder()
        .mcpEndpoint(PATH)
        .contextExtractor(Caller::ofRequest)
        .maxRequestSize(LARGEST_REQUEST)
        // A page in a browser of this machine could reach us under a name of its own.
        .httpHeaderValidator(
            DefaultServerTransportSecurityValidator.builder()
                .allowedHosts(List.of("127.0.0.1:*"))
                .build())
        // Sessions end with the run: an agent may think for an hour between two calls.
        .sessionSweepInterval(null)
        .keepAliveInterval(null)
        .build();
  }

  /** Where it listens. */
  public URI address() {
    return address;
  }

  /** Stops at once; calls that still wait are broken off. */
  @Override
  public void close() {
    try (opened) {
      tools.close();
    }
  }
}
