package dev.regatta.mcp;

import dev.regatta.run.Tree;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.DefaultServerTransportSecurityValidator;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.util.List;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/**
 * Serves the tools to the agents of one run, on 127.0.0.1: streamable HTTP, as MCP has it. Each
 * call has a virtual thread of its own, so one that waits for other agents is in nobody's way.
 */
public final class AgentServer implements AutoCloseable {
  private static final String PATH = "/mcp";
  private static final int LARGEST_REQUEST = 4 << 20;

  private final Server server;
  private final ServerConnector connector;
  private final McpSyncServer tools;

  private AgentServer(Tree tree, String version) {
    HttpServletStreamableServerTransportProvider transport = transport();
    this.tools =
        McpServer.sync(transport)
            .serverInfo("regatta", version)
            .instructions(
                "Starts other agents of the same run and waits for them; all of them can leave"
                    + " notes for each other.")
            .capabilities(McpSchema.ServerCapabilities.builder().tools(false).build())
            // On the request's own thread: the library's pool is bounded, and agents that wait for
            // agents that wait would fill it.
            .immediateExecution(true)
            .tools(new Tools(tree).all())
            .build();
    this.server = new Server(new VirtualThreadPool());
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    this.connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    connector.setIdleTimeout(0); // a call lasts as long as the agents that it started
    server.addConnector(connector);
    ServletContextHandler servlets = new ServletContextHandler("/");
    ServletHolder holder = new ServletHolder(transport);
    holder.setAsyncSupported(true);
    servlets.addServlet(holder, PATH);
    server.setHandler(new Doorkeeper(tree, servlets));
    server.setStopTimeout(0);
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

  /**
   * Opens one for the agents of a run, and tells the run where it is.
   *
   * @param version this program's version
   * @throws ServingProblem if it can't listen
   */
  public static AgentServer open(Tree tree, String version) {
    AgentServer opened = new AgentServer(tree, version);
    try {
      opened.server.start();
    } catch (Exception e) {
      opened.close();
      throw new ServingProblem("the tools for agents can't be served: " + e.getMessage(), e);
    }
    tree.servedAt(opened.address());
    return opened;
  }

  /** Where it listens. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort() + PATH);
  }

  /** Stops at once; calls that still wait are broken off. */
  @Override
  public void close() {
    tools.close();
    try {
      server.stop();
    } catch (Exception e) {
      throw new ServingProblem("the tools for agents can't be closed: " + e.getMessage(), e);
    }
  }
}
