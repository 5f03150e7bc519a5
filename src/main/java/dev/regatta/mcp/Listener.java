package dev.regatta.mcp;

import dev.regatta.gateway.Gateway;
import java.net.URI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/** Listens on 127.0.0.1 in a run that has no gateway. */
final class Listener implements Gateway.Opened {
  private final Server server = new Server(new VirtualThreadPool());
  private final ServerConnector connector;

  private Listener(Handler handler) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    this.connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    connector.setIdleTimeout(0); // a call lasts as long as the agents that it started
    server.addConnector(connector);
    server.setHandler(handler);
    server.setStopTimeout(0);
  }

  static Listener open(Handler handler) {
    Listener listener = new Listener(handler);
    try {
      listener.server.start();
    } catch (Exception e) {
      listener.close();
      throw new ServingProblem("the tools for agents can't be served: " + e.getMessage(), e);
    }
    return listener;
  }

  URI baseUrl() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new ServingProblem("the tools for agents can't be closed: " + e.getMessage(), e);
    }
  }
}
