package dev.regatta.cli;

import dev.regatta.agent.Environments;
import dev.regatta.run.Cancellation;
import dev.regatta.server.CommandServer;
import dev.regatta.server.Entrance;
import dev.regatta.server.RunProgram;
import dev.regatta.server.RunsAccess;
import dev.regatta.server.ServerLimits;
import dev.regatta.server.ServerSettings;
import dev.regatta.server.ServerTimes;
import dev.regatta.server.ServerTls;
import dev.regatta.server.ServerToken;
import dev.regatta.store.RegattaHome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;
import org.jspecify.annotations.Nullable;

/** {@code regatta serve}. */
@CommandDefinition(
    name = "serve",
    description =
        "Start commands, agents and runs for other programs, until Ctrl-C: JSON-RPC on WebSocket at"
            + " /ws, HTTP at /api, MCP at /mcp, /metrics. Heeds WS_PORT, MAX_SESSIONS and more"
            + " (docs/server.md).",
    sortOptions = false)
public final class ServeCommand extends CliCommand {
  private static final int USUAL_PORT = 8004;

  @Option(name = "port", argument = "N", description = "the port (8004; 0 takes any free one)")
  @Nullable String port;

  @Option(name = "host", argument = "HOST", description = "the address to listen on (127.0.0.1)")
  @Nullable String host;

  @Option(
      name = "open",
      hasValue = false,
      description = "ask for no token: any local process can then run commands; loopback only")
  boolean open;

  @Option(
      name = "link",
      hasValue = false,
      description = "print a link for a browser also where output is no terminal; it is a secret")
  boolean link;

  @Option(
      name = "tls-cert",
      argument = "FILE",
      description = "serve https and wss with this certificate (PEM)")
  @Nullable String tlsCertificate;

  @Option(name = "tls-key", argument = "FILE", description = "the certificate's key (PEM)")
  @Nullable String tlsKey;

  @OptionList(
      name = "allow-command",
      valueSeparator = '\0',
      description =
          "start only lines that are one command and begin with this word, and agents of"
              + " this name (all)")
  @Nullable List<String> allowed;

  @Option(
      name = "rehearsal",
      hasValue = false,
      description = "lead agents and runs to the built-in model server; costs nothing")
  boolean rehearsal;

  @Option(
      name = "script",
      argument = "FILE",
      description = "what the rehearsal server answers (docs/rehearsal.md)")
  @Nullable String script;

  @Option(
      name = "base-url",
      argument = "URL",
      description = "send agents, and your tokens, to this address instead of the provider's")
  @Nullable String baseUrl;

  @Option(name = "for", argument = "S", description = "stop by itself after so many seconds")
  @Nullable String lifetime;

  @Mixin CommonOptions common = new CommonOptions();

  @Override
  CommonOptions common() {
    return common;
  }

  @Override
  String examples() {
    return """
    regatta serve
    regatta serve --port 8003 --open               for clients that know no token
    regatta serve --allow-command claude --allow-command python3
    regatta serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem
    regatta serve --rehearsal --script answers.yaml    agents answered without a model
    regatta serve --link | tee -a private.log      a link for a browser, once
    curl http://127.0.0.1:8004/health\
    """;
  }

  @Override
  int run(Context context) throws InterruptedException {
    String address = host == null ? "127.0.0.1" : host;
    Optional<Duration> time = Words.seconds("--for", lifetime);
    ServerSettings settings = settings(context, address);
    if (open && !CommandServer.isLoopback(address)) {
      throw CliFailure.usage(
          "--open would let everybody who reaches "
              + address
              + " run commands: it is for loopback only; leave it out");
    }
    Optional<ServerTls> tls = tls(context);
    try (Fleet fleet = fleet(context);
        Exporting.Agents telemetry = Exporting.agents(context)) {
      return serve(context, settings, tls, fleet, telemetry, time);
    }
  }

  private Fleet fleet(Context context) {
    AgentOptions agents = new AgentOptions();
    agents.rehearsal = rehearsal;
    agents.script = script;
    TokenOptions tokens = new TokenOptions();
    tokens.baseUrl = baseUrl;
    return new Fleet(context, agents, Optional.of(tokens));
  }

  private int serve(
      Context context,
      ServerSettings settings,
      Optional<ServerTls> tls,
      Fleet fleet,
      Exporting.Agents telemetry,
      Optional<Duration> time)
      throws InterruptedException {
    RegattaHome home = Homes.open(context, this);
    Path servers = home.path().resolve("server");
    Optional<ServerToken> token = open ? Optional.empty() : Optional.of(ServerToken.in(servers));
    token.ifPresent(known -> context.secrets().add(List.of(known.value())));
    Cancellation cancellation = new Cancellation();
    try (Interrupts interrupts = new Interrupts(cancellation, context.err());
        CommandServer server =
            CommandServer.start(
                settings,
                new Entrance(token, tls),
                servers,
                Optional.of(runs(context, home)),
                Optional.of(
                    new ServedAgents(context, fleet, home, telemetry.sending()).access()))) {
      server.cleared().forEach(ended -> say(context, ended));
      greet(context, server, token);
      boolean undisturbed = cancellation.sleep(time.map(Duration::toNanos).orElse(Long.MAX_VALUE));
      say(context, server.stop(cancellation::urgent));
      return undisturbed ? ExitCode.OK : ExitCode.INTERRUPTED;
    }
  }

  private RunsAccess runs(Context context, RegattaHome home) {
    return new RunsAccess(
        home.path(),
        () -> RunsCommand.latest(context, home, Integer.MAX_VALUE),
        ShowCommand::json,
        new RunProgram(OwnProgram::words, context.environment(), always(context)),
        text -> context.secrets().redactor().redact(text));
  }

  /** Nobody expects of a rehearsal that a run in it calls a real model. */
  private List<String> always(Context context) {
    if (!rehearsal) {
      return List.of();
    }
    return script == null
        ? List.of("--rehearsal")
        : List.of("--rehearsal", "--script=" + context.folder().resolve(script));
  }

  private Optional<ServerTls> tls(Context context) {
    if ((tlsCertificate == null) != (tlsKey == null)) {
      throw CliFailure.usage("--tls-cert and --tls-key belong together: give both or none");
    }
    if (tlsCertificate == null || tlsKey == null) {
      return Optional.empty();
    }
    ServerTls tls =
        ServerTls.of(
            context.folder().resolve(tlsCertificate),
            context.folder().resolve(tlsKey),
            Instant.now());
    tls.warning().ifPresent(words -> context.err().println("regatta: warning: " + words));
    return Optional.of(tls);
  }

  private ServerSettings settings(Context context, String address) {
    Map<String, String> variables = context.environment();
    int usual =
        Words.count(
            "WS_PORT",
            variables.get("WS_PORT"),
            0,
            65535,
            Words.count("DEFAULT_PORT", variables.get("DEFAULT_PORT"), 0, 65535, USUAL_PORT));
    ServerLimits limits =
        new ServerLimits(
            most(variables, "MAX_SESSIONS", ServerLimits.USUAL.sessions()),
            ServerLimits.USUAL.running(),
            most(variables, "WS_MAX_SIZE", ServerLimits.USUAL.messageBytes()),
            ServerLimits.USUAL.spillBytes());
    ServerTimes times =
        new ServerTimes(
            time(variables, "WS_PING_INTERVAL", ServerTimes.USUAL.ping()),
            ServerTimes.USUAL.heartbeat(),
            time(variables, "PROCESS_CLEANUP_TIMEOUT", ServerTimes.USUAL.grace()));
    return new ServerSettings(
        address,
        Words.count("--port", port, 0, 65535, usual),
        allowedCommands(variables),
        limits,
        times,
        inherited(variables),
        context.folder(),
        VersionCommand.VERSION);
  }

  /**
   * What commands inherit in a rehearsal, in which none of them shall reach a model with a real
   * credential. Else they inherit all: clients of older servers send lines that start agents, and
   * know no other way to give these a key.
   */
  private Map<String, String> inherited(Map<String, String> variables) {
    return rehearsal ? Environments.withoutCredentials(variables, Set.of()) : variables;
  }

  private static int most(Map<String, String> variables, String name, int otherwise) {
    return Words.count(name, variables.get(name), 1, Integer.MAX_VALUE, otherwise);
  }

  private static Duration time(Map<String, String> variables, String name, Duration otherwise) {
    return Words.seconds(name, variables.get(name)).orElse(otherwise);
  }

  /** What is given by option and what by variable are both allowed. */
  private Optional<Set<String>> allowedCommands(Map<String, String> variables) {
    Set<String> names = new LinkedHashSet<>(allowed == null ? List.of() : allowed);
    Arrays.stream(variables.getOrDefault("ALLOWED_COMMANDS", "").split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .forEach(names::add);
    for (String name : names) {
      if (name.isBlank() || name.matches(".*\\s.*")) {
        throw CliFailure.usage(
            "--allow-command takes the first word of a line, not '" + name + "'");
      }
    }
    return names.isEmpty() ? Optional.empty() : Optional.of(names);
  }

  private void greet(Context context, CommandServer server, Optional<ServerToken> token) {
    context
        .out()
        .println(
            "Serving commands on "
                + server.baseUrl()
                + ", WebSocket at /ws, MCP at /mcp. Ctrl-C stops it.");
    if (rehearsal) {
      context
          .out()
          .println(
              "REHEARSAL: agents are answered by a built-in model server on loopback, not by a"
                  + " model");
    }
    if (token.isPresent()) {
      context
          .out()
          .println(
              "Clients send the token in "
                  + token.get().file()
                  + " as Authorization: Bearer TOKEN");
      if (link || context.outTerminal()) {
        context
            .out()
            .println("A browser comes in once, within five minutes, by " + server.loginLink());
      }
    } else {
      context
          .err()
          .println(
              "regatta: warning: with --open any process on this machine can run commands as you,"
                  + " without a token");
    }
  }

  private static void say(Context context, CommandServer.Ended ended) {
    context
        .err()
        .println(
            "regatta: the server "
                + ended.id()
                + " was killed; "
                + (ended.stopped() == 0
                    ? "it left no process"
                    : "stopped " + processes(ended.stopped()) + " that it left"));
  }

  private static void say(Context context, CommandServer.Left left) {
    String line =
        left.running() == 0
            ? "Stopped; no command was running"
            : "Stopped; "
                + (left.running() == 1 ? "1 command was" : left.running() + " commands were")
                + " running: "
                + (left.running() - left.killed())
                + " ended when asked, "
                + left.killed()
                + " had to be killed";
    if (left.runs() > 0) {
      context
          .out()
          .println(
              (left.runs() == 1 ? "1 run was" : left.runs() + " runs were")
                  + " asked to stop; regatta runs lists what became of "
                  + (left.runs() == 1 ? "it" : "them"));
    }
    if (!left.stillRunning().isEmpty()) {
      context.err().println(stillRunning(left.stillRunning()));
    }
    context
        .out()
        .println(
            line
                + (left.leftBehind() == 0
                    ? ""
                    : "; " + processes(left.leftBehind()) + " that they left stopped"));
  }

  private static String stillRunning(List<Long> pids) {
    boolean one = pids.size() == 1;
    String numbers = pids.stream().map(String::valueOf).collect(Collectors.joining(" "));
    return "regatta: "
        + (one ? "1 run has" : pids.size() + " runs have")
        + " not stopped and "
        + (one ? "goes" : "go")
        + " on without the server; if "
        + (one ? "it hangs" : "they hang")
        + ", kill -9 "
        + numbers
        + " and regatta runs clears up";
  }

  private static String processes(int count) {
    return count == 1 ? "1 process" : count + " processes";
  }
}
