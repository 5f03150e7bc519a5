package dev.regatta.server;

import dev.regatta.process.Launcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/**
 * Serves commands over HTTP and WebSocket on one port. There must be only one that starts processes
 * in a JVM at a time: what a child leaves behind becomes a child of the whole process.
 */
public final class CommandServer implements AutoCloseable {
  /** For each who may follow something over WebSocket or HTTP, and for those who only ask. */
  private static final int SOCKETS_EACH = 3;

  private static final int OTHER_SOCKETS = 256;

  /**
   * Who connects waits there to be taken. Measured with 1,000 who came one right after another: 5.5
   * to 6.5 s with the usual 50, as those for whom there is no room try again a second later, and
   * 0.8 to 1.3 s with these.
   */
  private static final int WAITING_SOCKETS = 1_024;

  /** What of a connection's frames is written at once. */
  private static final int FRAMES_BYTES = 32 * 1024;

  /** Clients get that long to read the last of what there is. */
  private static final long LAST_WORDS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ServerSettings settings;
  private final Server server;
  private final ServerConnector connector;
  private final Launcher launcher;
  private final ServerFolder folder;
  private final List<Ended> cleared;
  private final Executions executions;
  private final ServerLog log;
  private final Optional<Runs> runs;
  private final Optional<RunStarts> starts;
  private final Optional<RunDesk> desk;
  private final ServerMetrics metrics;
  private final BrowserSessions browsers =
      new BrowserSessions(System::nanoTime, new SecureRandom());
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final long startedNanos = System.nanoTime();
  private volatile Admission admission;
  private volatile boolean stopping;
  private boolean closed;

  /**
   * A server that was killed in the same folder.
   *
   * @param id its id
   * @param stopped how many processes it had left, which were stopped
   */
  public record Ended(String id, int stopped) {}

  /**
   * What was there when it stopped.
   *
   * @param running commands that still ran
   * @param killed those of them that did not end on TERM in time
   * @param leftBehind processes that they had left, which were stopped
   * @param runs runs that it had started and that still ran, which were asked to stop
   * @param stillRunning the processes of those runs that had not ended when it waited no longer
   */
  public record Left(int running, int killed, int leftBehind, int runs, List<Long> stillRunning) {}

  private CommandServer(
      ServerSettings settings,
      boolean loopback,
      Entrance entrance,
      Launcher launcher,
      ServerFolder folder,
      List<Ended> cleared,
      ServerLog log,
      Path home,
      Optional<RunsAccess> access,
      Optional<AgentsAccess> agents) {
    this.settings = settings;
    this.metrics = new ServerMetrics(this, home);
    this.launcher = launcher;
    this.folder = folder;
    this.cleared = cleared;
    this.log = log;
    this.executions = new Executions(settings, launcher, folder, log, agents, metrics::agentEnded);
    this.runs = access.map(Runs::new);
    this.starts = runs.map(known -> new RunStarts(settings, launcher, folder.path(), known));
    this.desk = starts.map(known -> new RunDesk(this, runs.orElseThrow(), known));
    this.server = new Server(threads());
    this.connector = new ServerConnector(server, 1, 1, protocols(entrance.tls()));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setAcceptQueueSize(WAITING_SOCKETS);
    connector.setIdleTimeout(settings.times().idle().toMillis());
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(sockets(settings.limits()), connector));
    ServerWebSocketContainer sockets = ServerWebSocketContainer.ensure(server);
    sockets.setMaxTextMessageSize(settings.limits().messageBytes());
    sockets.setMaxBinaryMessageSize(settings.limits().messageBytes());
    sockets.setMaxFrameSize(settings.limits().messageBytes());
    sockets.setOutputBufferSize(FRAMES_BYTES);
    // A command may be silent for hours; pings keep what lies between from giving up.
    sockets.setIdleTimeout(Duration.ZERO);
    Optional<ToolDoor> tools = desk.map(known -> new ToolDoor(this, server, known));
    server.setHandler(new FrontDoor(this, sockets, tools, routes()));
    server.setErrorHandler(FrontDoor::malformed);
    server.setStopTimeout(0);
    this.admission = new Admission(settings.host(), loopback, settings.port(), entrance);
  }

  /** How many are open at a time; who comes then waits until one is closed. */
  static int sockets(ServerLimits limits) {
    long most = (long) SOCKETS_EACH * limits.sessions() + OTHER_SOCKETS;
    return (int) Math.min(Integer.MAX_VALUE, most);
  }

  private static ConnectionFactory[] protocols(Optional<ServerTls> tls) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    if (tls.isPresent()) {
      // Whose name was called is looked at with each request, as without TLS.
      http.addCustomizer(new SecureRequestCustomizer(false));
      return AbstractConnectionFactory.getFactories(
          tls.get().context(), new HttpConnectionFactory(http));
    }
    return new ConnectionFactory[] {new HttpConnectionFactory(http)};
  }

  /** All that is answered over HTTP, beside the upgrade to WebSocket. */
  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.addAll(new Health(this).routes());
    routes.addAll(new Pages(this).routes());
    routes.addAll(new ApiDocument(settings.version()).routes());
    routes.addAll(new ExecutionRoutes(this).routes());
    if (desk.isPresent()) {
      routes.addAll(new RunRoutes(this, desk.get()).routes());
      routes.addAll(new CredentialRoutes(desk.get().runs().access()).routes());
    }
    routes.addAll(metrics.routes());
    return routes;
  }

  /** Handlers wait for disks and clients, so they are virtual; what selects is not. */
  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool();
    threads.setName("regatta-server");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
    return threads;
  }

  /** Whether only this machine reaches that address. */
  public static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new ServerProblem("no address is known for the host '" + host + "'", e);
    }
  }

  /** Starts one without TLS that serves commands alone; see the last. */
  public static CommandServer start(
      ServerSettings settings, Optional<ServerToken> token, Path servers) {
    return start(settings, Entrance.plain(token), servers, Optional.empty());
  }

  /** Starts one that starts no agents but in runs; see the other. */
  public static CommandServer start(
      ServerSettings settings, Entrance entrance, Path servers, Optional<RunsAccess> access) {
    return start(settings, entrance, servers, access, Optional.empty());
  }

  /**
   * Starts a server that takes connections when this returns.
   *
   * @param servers the folder in which it keeps what it needs, in the {@code .regatta} folder whose
   *     runs it counts; made if it is missing
   * @param access to the runs that it serves besides; none when empty
   * @param agents what starts agents that clients ask for; none can be asked for when empty
   * @throws ServerProblem if it can't listen
   */
  public static CommandServer start(
      ServerSettings settings,
      Entrance entrance,
      Path servers,
      Optional<RunsAccess> access,
      Optional<AgentsAccess> agents) {
    boolean loopback = isLoopback(settings.host());
    if (entrance.token().isEmpty() && !loopback) {
      throw new ServerProblem(
          "without a token only this machine may reach the server, and "
              + settings.host()
              + " is not loopback");
    }
    CommandServer server = prepared(settings, loopback, entrance, servers, access, agents);
    try {
      server.server.start();
      server.metrics.start();
    } catch (Exception e) {
      server.close();
      throw new ServerProblem(
          settings.host() + ":" + settings.port() + " can't be listened on: " + reason(settings, e),
          e);
    }
    server.admission =
        new Admission(settings.host(), loopback, server.connector.getLocalPort(), entrance);
    server.log.info(
        "listens on "
            + server.baseUrl()
            + (entrance.token().isPresent() ? "" : ", and asks for no token"));
    return server;
  }

  private static String reason(ServerSettings settings, Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage()
        + (isOurs(settings.host())
            ? "; --port N takes another"
            : "; it is no address of this machine: --host takes one that is, or 0.0.0.0 for all");
  }

  private static boolean isOurs(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      return address.isAnyLocalAddress()
          || address.isLoopbackAddress()
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (IOException e) {
      return true; // what is not known is not said
    }
  }

  private static CommandServer prepared(
      ServerSettings settings,
      boolean loopback,
      Entrance entrance,
      Path servers,
      Optional<RunsAccess> access,
      Optional<AgentsAccess> agents) {
    try {
      List<Ended> cleared =
          ServerFolder.clearUp(servers).stream()
              .map(dead -> new Ended(dead.id(), dead.stopped().size()))
              .toList();
      ServerFolder folder = ServerFolder.make(servers);
      ServerLog log =
          access
              .map(given -> ServerLog.in(given.home().resolve("logs/server.log"), given.redact()))
              .orElseGet(ServerLog::none);
      Path home = Objects.requireNonNull(servers.toAbsolutePath().getParent(), "no home");
      Launcher launcher = Launcher.open();
      try {
        return new CommandServer(
            settings, loopback, entrance, launcher, folder, cleared, log, home, access, agents);
      } catch (RuntimeException e) {
        // Else the folder stays locked as long as this process lives, as if a server had it.
        try (folder;
            log;
            launcher) {
          throw e;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens, without a slash at the end. */
  public URI baseUrl() {
    String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
    return URI.create(admission.scheme() + "://" + host + ":" + connector.getLocalPort());
  }

  /** Servers that were killed in the same folder; what they left was cleared up at the start. */
  public List<Ended> cleared() {
    return cleared;
  }

  /** A new link by which a browser comes in: a secret, which works once and for five minutes. */
  public URI loginLink() {
    return URI.create(baseUrl() + "/login?once=" + browsers.link());
  }

  BrowserSessions browsers() {
    return browsers;
  }

  ServerSettings settings() {
    return settings;
  }

  Admission admission() {
    return admission;
  }

  Executions executions() {
    return executions;
  }

  ServerMetrics metrics() {
    return metrics;
  }

  ServerLog log() {
    return log;
  }

  /** Takes out of a text what must not be shown. */
  UnaryOperator<String> redact() {
    return runs.map(known -> known.access().redact()).orElse(UnaryOperator.identity());
  }

  Launcher launcher() {
    return launcher;
  }

  /** Why it can take no work; nothing when it can. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (stopping) {
      problems.add("the server is stopping");
    }
    if (!launcher.works()) {
      problems.add("processes can't be started any more");
    }
    if (!Files.isWritable(folder.path())) {
      problems.add("the server's folder can't be written");
    }
    runs.flatMap(Runs::problem).ifPresent(problems::add);
    return problems;
  }

  boolean isStopping() {
    return stopping;
  }

  int sessions() {
    return connections.size();
  }

  /** Network connections that are open now. */
  int sockets() {
    return connector.getConnectedEndPoints().size();
  }

  Duration uptime() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  /** A connection asks to come in; gives why it may not. */
  synchronized Optional<ProtocolError> enter(Connection connection) {
    if (connections.size() >= settings.limits().sessions()) {
      return Optional.of(
          new ProtocolError(
              ProtocolError.Code.SESSION_LIMIT,
              "Session limit exceeded: "
                  + settings.limits().sessions()
                  + " connections are open; close one"));
    }
    connections.add(connection);
    log.info("connection " + connection.id() + " opened");
    return Optional.empty();
  }

  void left(Connection connection) {
    if (connections.remove(connection)) {
      log.info("connection " + connection.id() + " closed");
    }
  }

  /**
   * Takes no more work, and stops what runs: TERM, and KILL after the grace. Returns when no
   * command runs any more and clients have been told, and runs have ended or had time enough to.
   *
   * @param hurry whether somebody wants it to happen at once; asked again and again
   */
  public Left stop(BooleanSupplier hurry) throws InterruptedException {
    stopping = true;
    connector.close();
    int asked = starts.map(RunStarts::stop).orElse(0);
    List<Execution> stopped = executions.stopAll();
    while (!executions.awaitNone(TimeUnit.MILLISECONDS.toNanos(50))) {
      if (hurry.getAsBoolean()) {
        stopped.forEach(Execution::hurry);
      }
    }
    List<Long> stillRunning = starts.isPresent() ? starts.get().awaitNone(hurry) : List.of();
    long deadline = System.nanoTime() + LAST_WORDS_NANOS;
    while (System.nanoTime() < deadline
        && !hurry.getAsBoolean()
        && !connections.stream().allMatch(Connection::isIdle)) {
      Thread.sleep(5);
    }
    connections.forEach(Connection::shut);
    return new Left(
        stopped.size(),
        (int) stopped.stream().filter(Execution::killed).count(),
        stopped.stream().mapToInt(Execution::leftBehind).sum(),
        asked,
        stillRunning);
  }

  /** Stops at once: what runs is killed. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stopping = true;
    try {
      List<Execution> stopped = executions.stopAll();
      stopped.forEach(Execution::hurry);
      for (Execution execution : stopped) {
        execution.awaitOver();
      }
      if (starts.isPresent()) {
        starts.get().stop();
        starts.get().awaitNone(() -> true);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closing goes on: nothing may be left
    }
    try (folder;
        launcher;
        metrics) {
      server.stop();
      executions.close();
      log.info("stopped");
      log.close();
      launcher.leftovers().stopAdopted();
    } catch (Exception e) {
      throw new IllegalStateException("the server can't stop: " + e.getMessage(), e);
    }
  }
}
