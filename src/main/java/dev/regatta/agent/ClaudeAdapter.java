package dev.regatta.agent;

import dev.regatta.journal.Transcript;
import dev.regatta.provider.Provider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The {@code claude} CLI, as measured with 2.1.197 and 2.1.329. */
public final class ClaudeAdapter implements Adapter {
  // Measured on two cores: 20 at once took 8 to 10 s to the first request, spaced by 0.3 s 0.6 s.
  private static final Duration STAGGER = Duration.ofMillis(300);
  private static final int ENOUGH_CORES = 8;

  private final Path executable;

  /**
   * The CLI in that file.
   *
   * @param executable the program, already found
   */
  public ClaudeAdapter(Path executable) {
    this.executable = executable;
  }

  @Override
  public String name() {
    return "claude";
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
    // As root the CLI refuses this; that is its decision, and it is not worked around.
    return ClaudeCommand.launch(
        List.of(executable.toString()), List.of("--dangerously-skip-permissions"), assignment);
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
    return cores < ENOUGH_CORES ? Optional.of(STAGGER) : Optional.empty();
  }

  @Override
  public Optional<Transcript> transcript(Assignment assignment, String session) {
    return ClaudeTranscripts.read(assignment.configFolder(), session);
  }
}
