package dev.regatta.gateway;

import dev.regatta.credential.Credential;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.RunClock;
import dev.regatta.secret.Secret;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * A reverse proxy on 127.0.0.1 that lets the agents of one run through to one model API, puts the
 * real credentials in, and sees every exchange. Safe for many threads.
 */
public final class Gateway implements AutoCloseable {
  private static final int PLACEHOLDER_BYTES = 32;

  /** An agent may be gone before the last byte that it has read counts here as written. */
  private static final Duration GRACE = Duration.ofMillis(200);

  /**
   * Nothing waits on them but for the journal, so few are ever in use: what may wait for longer is
   * answered at a path of its own, on threads of its own.
   */
  private static final int MOST_THREADS = 64;

  /**
   * An agent's request of 75 kB goes on in two pieces instead of ten. As much as the library's pool
   * of buffers keeps.
   */
  private static final int INPUT_BYTES = 64 * 1024;

  static {
    // The library's padding of queues. Else it asks the JVM through JMX, which takes 60 ms to load.
    System.setProperty("org.eclipse.jetty.util.referencesPerCacheLine", "16");
  }

  private final Server server;
  private final ServerConnector connector;
  private final Annex annex;
  private final RunClock clock;
  private final SecureRandom random;
  private final Consumer<Sighting> sink;
  private volatile AtomicLong numbers = new AtomicLong();
  private final Map<String, Pass> passes = new ConcurrentHashMap<>();
  private final OpenExchanges open = new OpenExchanges();
  private volatile @Nullable CredentialLimits limits;
  private volatile @Nullable RecordedBodies bodies;
  private @Nullable WarmUp warmUp;

  private Gateway(Route route, RunClock clock, SecureRandom random, Consumer<Sighting> sink) {
    this.clock = clock;
    this.random = random;
    this.sink = sink;
    this.server = new Server(threads());
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setHeaderCacheSize(0); // 30 KiB a connection, to save a few strings
    http.setSendDateHeader(false); // the model API's own goes through
    // No thread of its own for accepting: it would be one more to wait for.
    this.connector = new ServerConnector(server, 0, 1, connections(http));
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    // A model may think for longer than any idle time-out; attempts have limits of their own.
    connector.setIdleTimeout(0);
    server.addConnector(connector);
    this.annex = new Annex(new WitnessHandler(this, route));
    server.setHandler(annex);
    server.setStopTimeout(0);
  }

  private static HttpConnectionFactory connections(HttpConfiguration http) {
    HttpConnectionFactory factory = new HttpConnectionFactory(http);
    factory.setInputBufferSize(INPUT_BYTES);
    return factory;
  }

  /**
   * Threads of the platform: what selects on a virtual one hears of each event through a second
   * selector, which was measured as 0.07 ms an event.
   */
  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 4);
    threads.setName("regatta-gateway");
    threads.setDaemon(true);
    return threads;
  }

  /**
   * Starts a gateway that takes requests when this returns.
   *
   * @param route how requests get to the model API
   * @param clock the run's clock
   * @param random makes the placeholders
   * @param sink gets what is seen, from several threads, each exchange when it is over
   * @throws GatewayProblem if it can't
   */
  public static Gateway start(
      Route route, RunClock clock, SecureRandom random, Consumer<Sighting> sink) {
    Gateway gateway = new Gateway(route, clock, random, sink);
    try {
      gateway.server.start();
      WarmUp.of(gateway, gateway.connector.getLocalPort());
      gateway.warmUp = WarmUp.more(gateway, gateway.connector.getLocalPort());
    } catch (Exception e) {
      gateway.close();
      throw new GatewayProblem(
          "the gateway can't start: " + e.getMessage() + "; --no-witness does without it", e);
    }
    return gateway;
  }

  /** Where it listens, without a slash at the end. */
  public URI baseUrl() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  /**
   * Lets somebody else of this run answer what is asked for at a path, and below it. Who comes
   * there is that one's to say: a pass of this gateway is not asked for. The handler may wait: each
   * request has a virtual thread of its own.
   *
   * @param path for example {@code /mcp}
   * @return closes it again
   * @throws GatewayProblem if the handler can't start
   */
  public Opened open(String path, Handler handler) {
    try {
      annex.open(path, handler);
      return this::shut;
    } catch (Exception e) {
      throw new GatewayProblem(path + " can't be served: " + e.getMessage(), e);
    }
  }

  /** A path at which somebody else answers, until it is closed. */
  public interface Opened extends AutoCloseable {
    @Override
    void close();
  }

  private void shut() {
    try {
      annex.shut();
    } catch (Exception e) {
      throw new IllegalStateException("a part of the gateway can't stop: " + e.getMessage(), e);
    }
  }

  /**
   * Makes a pass for an attempt.
   *
   * @param attempt the attempt's name
   * @param credential what its requests will carry beyond this gateway
   */
  public Pass admit(String attempt, Credential credential) {
    return admit(attempt, credential, Optional.empty());
  }

  /**
   * Makes a pass for an attempt with a challenge.
   *
   * @param expected what a response has to hold in its text; only whether it did is kept
   */
  public Pass admit(String attempt, Credential credential, Optional<String> expected) {
    byte[] bytes = new byte[PLACEHOLDER_BYTES];
    random.nextBytes(bytes);
    String value =
        prefix(credential.kind()) + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Pass pass =
        new Pass(
            this,
            attempt,
            credential,
            new Credential(credential.name(), new Secret(value), credential.kind()),
            expected);
    passes.put(value, pass);
    return pass;
  }

  /** So that the agent takes it for what the credential is, and people see that it is none. */
  private static String prefix(Credential.Kind kind) {
    return switch (kind) {
      case OAUTH_TOKEN -> "sk-ant-oat01-regatta-placeholder-";
      case API_KEY -> "sk-ant-api03-regatta-placeholder-";
      case OPENAI_KEY -> "sk-proj-regatta-placeholder-";
      case GEMINI_KEY -> "AIza-regatta-placeholder-";
    };
  }

  /** Counts its exchanges with these numbers, before the first of them. */
  public void countWith(AtomicLong shared) {
    numbers = shared;
  }

  /** From now on somebody heeds what is seen of the limits of credentials. */
  public void heed(CredentialLimits by) {
    limits = by;
  }

  /** From now on the bodies of exchanges that begin are kept. */
  public void record(RecordedBodies into) {
    bodies = into;
  }

  /** Whether a request may have to be asked again, so that its body must be kept. */
  boolean failsOver() {
    CredentialLimits heeding = limits;
    return heeding != null && heeding.failsOver();
  }

  /** The head of a response came. */
  void answers(ExchangeWitness witness, Response head) {
    CredentialLimits heeding = limits;
    if (heeding != null && !WarmUp.isFor(witness.pass())) {
      heeding.answered(witness.credential(), head.getStatus(), witness.told(head));
    }
  }

  /**
   * What to ask with in the place of those that refused: what its attempt carries by now, or else
   * another one.
   */
  Optional<Credential> instead(Pass pass, Set<Credential> refused) {
    CredentialLimits heeding = limits;
    if (heeding == null || !heeding.failsOver()) {
      return Optional.empty();
    }
    Credential carried = pass.credential();
    return refused.contains(carried) ? heeding.instead(refused) : Optional.of(carried);
  }

  /** Begins the exchange that follows on a refused one; empty if its attempt ended meanwhile. */
  Optional<ExchangeWitness> again(ExchangeWitness refused, Credential credential) {
    Pass pass = refused.pass();
    carry(pass, refused.number(), refused.credential(), credential);
    return began(pass, refused.method(), refused.path());
  }

  /** Asks with another from the start where it is known that the one it carries is refused. */
  void spare(Pass pass) {
    if (WarmUp.isFor(pass)) {
      return; // its credential is in nobody's pool
    }
    CredentialLimits heeding = limits;
    Credential carried = pass.credential();
    if (heeding != null && heeding.failsOver() && heeding.refused(carried)) {
      heeding.instead(Set.of(carried)).ifPresent(other -> carry(pass, null, carried, other));
    }
  }

  private void carry(Pass pass, @Nullable Long exchange, Credential refused, Credential other) {
    pass.carry(other);
    sink.accept(new Sighting.AskedAgain(pass.attempt(), exchange, refused, other, clock.nanos()));
  }

  void revoke(Pass pass) {
    passes.remove(pass.placeholder().value().reveal());
    open.endAll(pass, GRACE);
  }

  Optional<Pass> pass(HttpFields headers, @Nullable String query) {
    return Credentials.given(headers, query)
        .flatMap(value -> Optional.ofNullable(passes.get(value)).stream())
        .findFirst();
  }

  /** Empty if the pass was closed meanwhile: whoever closes it looks after those it finds here. */
  Optional<ExchangeWitness> began(Pass pass, String method, String path) {
    ExchangeWitness witness =
        new ExchangeWitness(
            WarmUp.isFor(pass) ? 0 : numbers.incrementAndGet(),
            pass,
            method,
            path,
            clock,
            WarmUp.isFor(pass) ? Optional.empty() : Optional.ofNullable(bodies),
            exchange -> {
              if (!WarmUp.isFor(pass)) {
                sink.accept(new Sighting.Passed(exchange));
              }
            });
    open.began(witness);
    if (passes.get(pass.placeholder().value().reveal()) != pass) {
      open.over(witness);
      return Optional.empty();
    }
    return Optional.of(witness);
  }

  /** Whether it may be sent: not if its attempt ended meanwhile. */
  boolean sending(ExchangeWitness witness, Request onward) {
    return open.sending(witness, onward);
  }

  void over(ExchangeWitness witness, Exchange.Ending ending, String reason) {
    try {
      witness.ended(ending, reason);
    } finally {
      open.over(witness); // also where the journal takes no more lines
    }
  }

  void refused(Optional<Pass> pass, String method, String path, int status) {
    String attempt = pass.map(Pass::attempt).orElse("");
    String shown = path.length() <= 200 ? path : path.substring(0, 200);
    sink.accept(new Sighting.Refused(attempt, method, shown, status, clock.nanos()));
  }

  /** Stops at once; what is open is broken off. */
  @Override
  public void close() {
    if (warmUp != null) {
      warmUp.close();
    }
    try {
      passes.values().forEach(this::revoke);
    } finally {
      stop();
    }
  }

  private void stop() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the gateway can't stop: " + e.getMessage(), e);
    }
  }
}
