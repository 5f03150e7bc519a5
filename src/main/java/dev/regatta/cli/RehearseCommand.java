package dev.regatta.cli;

import dev.regatta.rehearsal.RehearsalServer;
import dev.regatta.rehearsal.Script;
import dev.regatta.run.Cancellation;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** {@code regatta rehearse}. */
@CommandDefinition(
    name = "rehearse",
    description = "Run the built-in model server on loopback, for use by hand, until Ctrl-C.",
    sortOptions = false)
public final class RehearseCommand extends CliCommand {
  @Option(name = "port", argument = "N", description = "the port (any free one)")
  @Nullable String port;

  @Option(
      name = "script",
      argument = "FILE",
      description = "what it answers, and with which faults (docs/rehearsal.md)")
  @Nullable String script;

  @Option(name = "seed", argument = "N", description = "makes its draws repeatable")
  @Nullable String seed;

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
    regatta rehearse --port 8080
    regatta rehearse --script examples/rehearsal.yaml --seed 7
    env CLAUDE_CONFIG_DIR="$(mktemp -d)" ANTHROPIC_API_KEY=sk-ant-invented \\
      ANTHROPIC_BASE_URL=http://127.0.0.1:8080 claude -p hello\
    """;
  }

  @Override
  int run(Context context) throws InterruptedException {
    Script answers =
        script == null ? Script.standard() : Script.read(context.folder().resolve(script));
    int chosen = Words.count("--port", port, 0, 65535, 0);
    long draws = seed == null ? new SecureRandom().nextLong() : seed();
    Optional<Duration> time = Words.seconds("--for", lifetime);
    Cancellation cancellation = new Cancellation();
    try (Interrupts interrupts = new Interrupts(cancellation, context.err());
        RehearsalServer server = RehearsalServer.start(answers, chosen, draws)) {
      context.out().println("REHEARSAL server on " + server.baseUrl() + ", seed " + draws);
      context.out().println("Point an agent at it with ANTHROPIC_BASE_URL=" + server.baseUrl());
      context.out().println("and any invented key in ANTHROPIC_API_KEY. Ctrl-C stops it.");
      cancellation.sleep(time.map(Duration::toNanos).orElse(Long.MAX_VALUE));
      context
          .out()
          .println("REHEARSAL server stopped after " + server.served().size() + " requests");
    }
    return ExitCode.OK;
  }

  private long seed() {
    try {
      return Long.parseLong(String.valueOf(seed));
    } catch (NumberFormatException e) {
      throw CliFailure.usage("--seed must be a whole number, not '" + seed + "'");
    }
  }
}
