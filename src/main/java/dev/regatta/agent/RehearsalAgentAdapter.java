package dev.regatta.agent;

import dev.regatta.provider.Provider;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The built-in agent: a process of its own that takes the {@code claude} CLI's arguments and prints
 * its events. For machines without that CLI.
 */
public final class RehearsalAgentAdapter implements Adapter {
  // Named, not called: this room does not know that one.
  private static final String MAIN = "dev.regatta.rehearsal.RehearsalAgent";

  private final List<String> program;

  /**
   * The agent run by that Java.
   *
   * @param java the {@code java} program
   * @param classPath where the agent's classes are
   */
  public RehearsalAgentAdapter(Path java, List<Path> classPath) {
    this.program =
        List.of(
            java.toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
            MAIN);
  }

  @Override
  public String name() {
    return "rehearsal-agent";
  }

  @Override
  public Optional<Provider> provider() {
    return Optional.of(Provider.ANTHROPIC);
  }

  @Override
  public Optional<String> writeTool() {
    return Optional.of("Write");
  }

  @Override
  public Launch launch(Assignment assignment) {
    return ClaudeCommand.launch(
        program, List.of("--permission-mode", "bypassPermissions"), assignment);
  }

  @Override
  public Reading reading() {
    return new StreamReading();
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
