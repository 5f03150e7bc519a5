package dev.regatta.cli;

import dev.regatta.agent.Adapter;
import dev.regatta.agent.ClaudeAdapter;
import dev.regatta.agent.CodexAdapter;
import dev.regatta.agent.CommandAdapter;
import dev.regatta.agent.Executables;
import dev.regatta.agent.GeminiAdapter;
import dev.regatta.agent.Permissions;
import dev.regatta.agent.RehearsalAgentAdapter;
import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialSources;
import dev.regatta.gateway.Route;
import dev.regatta.journal.Event;
import dev.regatta.process.Limits;
import dev.regatta.process.MachineLoad;
import dev.regatta.provider.Provider;
import dev.regatta.rehearsal.RehearsalServer;
import dev.regatta.rehearsal.Script;
import dev.regatta.run.Run;
import dev.regatta.run.Task;
import dev.regatta.secret.Secret;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the options about agents come to: which agent, which credentials, which address. */
final class Fleet implements AutoCloseable {
  private static final int CREDENTIALS = 3;

  /** What {@code --agent} takes. */
  static final List<String> AGENTS =
      List.of("claude", "codex", "command", "gemini", "rehearsal-agent");

  // As in a tasks file: it becomes an argument, and must not pass for an option.
  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@\\[\\]-]{0,199}");

  private final Context context;
  private final AgentOptions options;
  private final TokenOptions tokens;
  private final boolean invented;
  private final boolean rehearsed;
  private final MachineLoad load = MachineLoad.now();
  private final Optional<RehearsalServer> server;
  private final Optional<URI> given;

  /**
   * A fleet.
   *
   * @param tokens what was asked for about the user's own; empty for a demonstration, which is a
   *     rehearsal with invented credentials whatever is set
   */
  Fleet(Context context, AgentOptions options, Optional<TokenOptions> tokens) {
    this.context = context;
    this.options = options;
    this.tokens = tokens.orElseGet(TokenOptions::new);
    this.invented = tokens.isEmpty();
    this.rehearsed = invented || options.rehearsal;
    this.given = address();
    refuseContradictions();
    learnSecrets();
    this.server = rehearsed ? Optional.of(startServer()) : Optional.empty();
  }

  private void refuseContradictions() {
    if (rehearsed && given.isPresent()) {
      throw CliFailure.usage(
          "--base-url and a rehearsal exclude each other: a rehearsal has an address of its own");
    }
    if (!rehearsed && options.script != null) {
      throw CliFailure.usage("--script is for rehearsals: add --rehearsal");
    }
  }

  /** Also for plain commands, which get no credential: what they are given may hold one. */
  private void learnSecrets() {
    Stream<String> named = tokens.names == null ? Stream.of() : tokens.names.stream();
    context
        .secrets()
        .add(
            named
                .map(name -> context.environment().getOrDefault(name, "").strip())
                .filter(value -> !value.isEmpty())
                .map(Secret::new)
                .toList());
  }

  private Optional<URI> address() {
    if (tokens.baseUrl == null) {
      for (Provider provider : Provider.values()) {
        String variable = provider.addressVariable();
        if (!context.environment().getOrDefault(variable, "").isEmpty() && !rehearsed) {
          context
              .err()
              .println(
                  "regatta: "
                      + variable
                      + " is set but not used: --base-url URL sends tokens to another address");
        }
      }
      return Optional.empty();
    }
    return Words.address("--base-url", tokens.baseUrl);
  }

  private RehearsalServer startServer() {
    Script script =
        options.script == null
            ? Script.standard()
            : Script.read(context.folder().resolve(options.script));
    return RehearsalServer.start(script, 0, new SecureRandom().nextLong());
  }

  /**
   * The credentials for those providers' APIs.
   *
   * @param providers whose models the agents call; none for plain commands
   */
  List<Credential> credentials(Set<Provider> providers, int wanted) {
    List<Credential> given = providers.isEmpty() || invented ? List.of() : given(providers);
    List<Credential> credentials = new ArrayList<>(given);
    for (Provider provider : providers) {
      if (given.stream().noneMatch(each -> each.provider() == provider)) {
        credentials.addAll(usual(provider, wanted));
      }
    }
    CredentialSources.requireDistinct(credentials);
    context.secrets().add(credentials.stream().map(Credential::value).toList());
    return List.copyOf(credentials);
  }

  /** Where none was named: those of the usual variables, or invented ones. */
  private List<Credential> usual(Provider provider, int wanted) {
    List<Credential> found =
        invented ? List.of() : new CredentialSources(context.environment()).defaults(provider);
    if (found.isEmpty() && rehearsed) {
      return CredentialSources.invented(
          provider, Math.max(CREDENTIALS, wanted), new SecureRandom());
    }
    if (found.isEmpty()) {
      List<String> names = provider.variables();
      throw CliFailure.environment(
          "no credential is set: set "
              + names.get(0)
              + ", "
              + names.get(1)
              + ", … or name yours with --token; --rehearsal needs none");
    }
    return found;
  }

  /** Says so when attempts that run at once have to share a credential. */
  void sayIfShared(List<Credential> credentials, int atOnce) {
    if (!credentials.isEmpty() && credentials.size() < atOnce) {
      context
          .err()
          .println(
              "regatta: there are fewer credentials ("
                  + credentials.size()
                  + ") than tasks at once ("
                  + atOnce
                  + "), so some are used by several; the report marks it");
    }
  }

  /** Those that were named, each for the API that it opens. */
  private List<Credential> given(Set<Provider> providers) {
    CredentialSources sources = new CredentialSources(context.environment());
    List<Credential> credentials = new ArrayList<>();
    List<String> names = tokens.names == null ? List.of() : tokens.names;
    credentials.addAll(sources.named(names));
    if (tokens.file != null) {
      credentials.addAll(CredentialSources.file(context.folder().resolve(tokens.file)));
    }
    if (tokens.command != null) {
      credentials.add(sources.command("TOKEN_COMMAND", tokens.command));
    }
    return credentials.stream().map(each -> each.at(opened(each.name(), providers))).toList();
  }

  /** With agents of several providers only a credential's name says whose it is. */
  private static Provider opened(String name, Set<Provider> providers) {
    if (providers.size() == 1) {
      return providers.iterator().next();
    }
    return Provider.ofVariable(name)
        .filter(providers::contains)
        .orElseThrow(() ->
            CliFailure.usage(
                "the agents are of several providers, and the name "
                    + name
                    + " does not say whose credential it is: name it as "
                    + providers.stream()
                        .map(each -> each.variables().get(1))
                        .sorted()
                        .collect(Collectors.joining(" or "))));
  }

  /** The name of the agent that was asked for, or the best there is. */
  String agent(String otherwise) {
    String name = options.agent == null ? otherwise : options.agent;
    if (!name.isEmpty()) {
      return known(name);
    }
    return claude() instanceof Executables.Found || !rehearsed ? "claude" : "rehearsal-agent";
  }

  private static String known(String name) {
    if (!AGENTS.contains(name)) {
      throw CliFailure.usage(
          "there is no agent '" + name + "'; there are " + String.join(", ", AGENTS));
    }
    return name;
  }

  /** The adapter of that name. */
  Adapter adapter(String name) {
    return switch (known(name)) {
      case "claude" -> claudeAdapter();
      case CodexAdapter.NAME -> codexAdapter();
      case "command" -> new CommandAdapter(secretNames());
      case GeminiAdapter.NAME -> geminiAdapter();
      case "rehearsal-agent" -> rehearsalAgent();
      default -> throw new IllegalStateException("no adapter for the agent " + name);
    };
  }

  private Adapter claudeAdapter() {
    return switch (claude()) {
      case Executables.Found found -> new ClaudeAdapter(found.path());
      case Executables.Missing ignored ->
          throw CliFailure.environment(
              "the claude CLI is not on the PATH: npm install -g @anthropic-ai/claude-code, or use"
                  + " the built-in agent with "
                  + (rehearsed ? "" : "--rehearsal ")
                  + "--agent rehearsal-agent");
      case Executables.NotRunnable refused -> throw CliFailure.environment(refused.reason());
    };
  }

  private Adapter codexAdapter() {
    return switch (Executables.find(CodexAdapter.NAME, context.environment(), context.folder())) {
      case Executables.Found found -> new CodexAdapter(found.path());
      case Executables.Missing ignored ->
          throw CliFailure.environment(
              "the codex CLI is not on the PATH: npm install -g @openai/codex");
      case Executables.NotRunnable refused -> throw CliFailure.environment(refused.reason());
    };
  }

  private Adapter geminiAdapter() {
    return switch (Executables.find("gemini", context.environment(), context.folder())) {
      case Executables.Found found -> new GeminiAdapter(found.path());
      case Executables.Missing ignored ->
          throw CliFailure.environment(
              "the gemini CLI is not on the PATH: npm install -g @google/gemini-cli");
      case Executables.NotRunnable refused -> throw CliFailure.environment(refused.reason());
    };
  }

  /**
   * Refuses tools that an agent can't be allowed, before anything starts.
   *
   * @param tasks those that may name an agent, and tools, of their own
   */
  void refuseTools(Map<String, Adapter> adapters, String agent, List<Task> tasks) {
    refuse(adapters.get(agent), tools(), "");
    for (Task task : tasks) {
      List<String> tools = task.tools().isEmpty() ? tools() : task.tools();
      refuse(adapters.get(task.agent().orElse(agent)), tools, "task " + task.name() + ": ");
    }
  }

  private static void refuse(@Nullable Adapter adapter, List<String> tools, String where) {
    if (adapter != null) {
      adapter
          .refusal(tools)
          .ifPresent(why -> {
            throw CliFailure.usage(where + why);
          });
    }
  }

  private Executables.Located claude() {
    return Executables.find("claude", context.environment(), context.folder());
  }

  private Adapter rehearsalAgent() {
    if (!rehearsed && given.isEmpty()) {
      throw CliFailure.usage("the agent rehearsal-agent works in rehearsals only: add --rehearsal");
    }
    List<Path> classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath())
            .toList();
    return new RehearsalAgentAdapter(
        Path.of(System.getProperty("java.home"), "bin", "java"), classPath);
  }

  private Set<String> secretNames() {
    return tokens.names == null ? Set.of() : new HashSet<>(tokens.names);
  }

  /** The address agents are sent to, if not the provider's default. */
  Optional<URI> endpoint() {
    return server.map(RehearsalServer::baseUrl).or(() -> given);
  }

  /** How a gateway gets to the model API of each provider that these credentials open. */
  Map<Provider, Route> routes(List<Credential> credentials) {
    Map<Provider, Route> routes = new EnumMap<>(Provider.class);
    credentials.stream()
        .map(Credential::provider)
        .forEach(provider ->
            routes.computeIfAbsent(
                provider, each -> Route.of(endpoint().orElse(each.url()), context.environment())));
    return routes;
  }

  boolean rehearsal() {
    return rehearsed;
  }

  Permissions permissions() {
    return options.bypass ? Permissions.BYPASS : Permissions.LEAST;
  }

  List<String> tools() {
    return options.tools == null ? List.of() : options.tools;
  }

  /** The model that was asked for. */
  Optional<String> model() {
    if (options.model != null && !MODEL.matcher(options.model).matches()) {
      throw CliFailure.usage("--model must be a model's name, not '" + options.model + "'");
    }
    return Optional.ofNullable(options.model);
  }

  /** The limits that were asked for. */
  Limits limits(Optional<java.time.Duration> usualTimeout) {
    return new Limits(
        Words.seconds("--timeout", options.timeout).or(() -> usualTimeout),
        Words.seconds("--first-output", options.firstOutput),
        Words.seconds("--stall", options.stall));
  }

  MachineLoad load() {
    return load;
  }

  /** Says in the journal, and so in the report, that a busy machine got longer limits. */
  static void noteLongerLimits(Run run, int factor) {
    if (factor > 1) {
      run.record(
          new Event.Noted(
              "warning",
              "the machine was busy at the start, so time limits are "
                  + factor
                  + " times as long"));
    }
  }

  /** What a reader of a report must know of the machine. */
  Map<String, String> facts() {
    Map<String, String> facts = new TreeMap<>();
    facts.put("regatta", VersionCommand.VERSION);
    facts.put("java", Runtime.version().toString());
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("load", load.describe());
    return facts;
  }

  @Override
  public void close() {
    server.ifPresent(RehearsalServer::close);
  }
}
