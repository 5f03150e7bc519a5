package dev.regatta.rehearsal;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A model server on 127.0.0.1 without a model: it speaks the models' APIs (Anthropic's Messages,
 * OpenAI's Responses and Chat Completions, Google's) and answers by a script. Every response
 * carries {@code x-regatta-rehearsal: true}.
 */
public final class RehearsalServer implements AutoCloseable {
  private final Server server;
  private final int port;
  private final MessagesHandler handler;
  private final CountDownLatch closing;

  private RehearsalServer(
      Server server, int port, MessagesHandler handler, CountDownLatch closing) {
    this.server = server;
    this.port = port;
    this.handler = handler;
    this.closing = closing;
  }

  /**
   * Starts a server that takes requests when this returns.
   *
   * @param script what it answers
   * @param port 1 to 65535, or 0 for any free one
   * @param seed of everything drawn: with the same one, the same prompts take the same time
   * @throws PortTaken if the port can't be had
   */
  public static RehearsalServer start(Script script, int port, long seed) {
    CountDownLatch closing = new CountDownLatch(1);
    MessagesHandler handler = new MessagesHandler(script, seed, closing);
    Server server = new Server(threads());
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    // A scripted answer may take longer than any idle time-out.
    connector.setIdleTimeout(0);
    server.addConnector(connector);
    server.setHandler(handler);
    server.setStopTimeout(0);
    try {
      server.start();
    } catch (Exception e) {
      stop(server);
      if (e instanceof IOException) {
        throw new PortTaken(port, e);
      }
      throw new IllegalStateException("the rehearsal server can't start: " + e.getMessage(), e);
    }
    return new RehearsalServer(server, connector.getLocalPort(), handler, closing);
  }

  /**
   * What answers may wait for seconds, so each answer has a virtual thread; what hears of requests
   * is on threads of the platform, which hear of them without a second selector.
   */
  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool();
    threads.setName("regatta-rehearsal");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
    return threads;
  }

  /** Where it listens, without a slash at the end. */
  public URI baseUrl() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Every message request that is finished, in the order they ended. */
  public List<Served> served() {
    return handler.served();
  }

  /**
   * The most message requests that were open at one moment, waiting ones included, requests that a
   * program makes for itself left out.
   */
  public int greatestOpen() {
    return handler.greatestOpen();
  }

  /** Stops at once; answers under way are broken off. */
  @Override
  public void close() {
    closing.countDown();
    stop(server);
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the rehearsal server can't stop: " + e.getMessage(), e);
    }
  }
}
