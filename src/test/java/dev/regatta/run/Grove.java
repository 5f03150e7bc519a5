package dev.regatta.run;

import dev.regatta.agent.Adapter;
import dev.regatta.agent.AgentTools;
import dev.regatta.agent.Assignment;
import dev.regatta.agent.ClaudeAdapter;
import dev.regatta.agent.CodexAdapter;
import dev.regatta.agent.GeminiAdapter;
import dev.regatta.agent.Launch;
import dev.regatta.agent.Permissions;
import dev.regatta.agent.Reading;
import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialPool;
import dev.regatta.journal.Event;
import dev.regatta.process.Limits;
import dev.regatta.provider.Provider;
import dev.regatta.secret.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A run whose agents may start others. Its agents are shells that do what their prompt says; {@code
 * answer} prints an agent's result.
 */
public final class Grove implements AutoCloseable {
  private static final String PRELUDE =
      """
      name=${REGATTA_ATTEMPT#*/}
      answer() {
        echo '{"type":"result","subtype":"success","is_error":false,"result":"'"$1"'",\
      "session_id":"s-'"$name"'","total_cost_usd":0.5,"usage":{"input_tokens":3,"output_tokens":4}}'
      }
      # Goes on when a line is written into the pipe of its name.
      wait_to_be_told() { mkfifo "$name.pipe" && read -r told < "$name.pipe"; }
      """;

  /** What the CLI's own output looks like is the real adapter's to know. */
  private final class Shell implements Adapter {
    private final Adapter real = new ClaudeAdapter(Path.of("/nowhere/claude"));

    @Override
    public Optional<Provider> provider() {
      return real.provider();
    }

    @Override
    public String name() {
      return "claude";
    }

    @Override
    public Launch launch(Assignment assignment) {
      Map<String, String> environment = new HashMap<>(assignment.mark());
      environment.put("PATH", System.getenv("PATH"));
      assignment
          .agentTools()
          .ifPresent(tools -> {
            assignments.put(assignment.attempt(), assignment);
            environment.put(AgentTools.ADDRESS_VARIABLE, tools.address().toString());
            environment.put(AgentTools.TOKEN_VARIABLE, tools.token().reveal());
          });
      if (assignment.prompt().equals(BROKEN)) {
        throw new IllegalStateException("the adapter is broken");
      }
      return new Launch(
          List.of("sh", "-c", PRELUDE + assignment.prompt()),
          environment,
          Optional.empty(),
          assignment.folder(),
          Optional.empty());
    }

    @Override
    public Reading reading() {
      return real.reading();
    }

    @Override
    public boolean readsLines() {
      return true;
    }

    @Override
    public Optional<Duration> stagger(int cores) {
      return Optional.empty();
    }
  }

  public static final TreeBudget AMPLE =
      new TreeBudget(10, 1_000, 1_000, Optional.empty(), Optional.empty());

  /** What the adapter can't make a command of. */
  static final String BROKEN = "broken";

  private final Path home;
  private final Cancellation cancellation = new Cancellation();
  private final Run run;
  private final Scheduler scheduler;
  private final Tree tree;
  private final List<Credential> credentials;
  private final CredentialPool pool;
  private final Map<String, Assignment> assignments = new ConcurrentHashMap<>();
  private final List<Consumer<Event>> watchers = new CopyOnWriteArrayList<>();
  private boolean ended;

  public Grove(Path home, int parallel, int credentials, TreeBudget budget) {
    this(home, parallel, credentials, budget, Limits.NONE);
  }

  Grove(Path home, int parallel, int credentials, TreeBudget budget, Limits limits) {
    this(home, parallel, credentials, budget, limits, 0);
  }

  Grove(Path home, int parallel, int credentials, TreeBudget budget, Limits limits, int retries) {
    this.home = home;
    this.run = TestRuns.open(home, cancellation);
    this.credentials =
        IntStream.range(0, credentials)
            .mapToObj(i -> new Credential("KEY_" + i, new Secret("sk-ant-api03-invented-" + i)))
            .toList();
    this.pool = new CredentialPool(this.credentials, InstantSource.system());
    RunSettings settings =
        new RunSettings(
            parallel,
            Map.of(
                "claude",
                new Shell(),
                CodexAdapter.NAME,
                new CodexAdapter(Path.of("/nowhere/codex")),
                GeminiAdapter.NAME,
                new GeminiAdapter(Path.of("/nowhere/gemini"))),
            "claude",
            limits,
            1,
            retries,
            Permissions.LEAST,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            false,
            home,
            home.resolve("config"),
            new RunSettings.Stagger.By(Duration.ZERO));
    this.scheduler =
        new Scheduler(run, settings, Optional.of(pool), InstantSource.system(), task -> 0);
    this.tree = Tree.grow(run, scheduler, budget);
    tree.servedAt(URI.create("http://127.0.0.1:1/mcp"));
    run.watch(event -> watchers.forEach(watcher -> watcher.accept(event)));
  }

  public Tree tree() {
    return tree;
  }

  public Cancellation cancellation() {
    return cancellation;
  }

  public void watch(Consumer<Event> watcher) {
    watchers.add(watcher);
  }

  /** What an attempt was given. */
  public Assignment given(String attempt) {
    return assignments.get(attempt);
  }

  /** The token of an attempt, also when it is over. */
  public String token(String attempt) {
    return assignments.get(attempt).agentTools().orElseThrow().token().reveal();
  }

  /** An attempt that runs. */
  public Member member(String attempt) {
    return tree.member(token(attempt)).orElseThrow();
  }

  List<Credential> credentials() {
    return credentials;
  }

  CredentialPool pool() {
    return pool;
  }

  /** Carries out tasks of the plan's own, on the caller's thread. */
  public Map<String, TaskResult> carryOut(Task... tasks) throws InterruptedException {
    Map<String, TaskResult> results = new ConcurrentHashMap<>();
    scheduler.carryOut(List.of(tasks).iterator(), each -> results.put(each.task().name(), each));
    return results;
  }

  /** The same on a thread of its own. */
  public Thread begin(Task... tasks) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            carryOut(tasks);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  public static Wish wish(String script) {
    return new Wish(script, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Writes the run's last line; what it wrote can be read from then on. */
  @Override
  public void close() {
    if (!ended) {
      ended = true;
      run.end("completed");
      run.close();
    }
  }

  public <E extends Event> List<E> events(Class<E> type) {
    return TestRuns.events(home, type);
  }
}
