package dev.regatta.agent;

import dev.regatta.provider.Provider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The {@code gemini} CLI, as measured with 0.61.0. */
public final class GeminiAdapter implements Adapter {
  /** What it is called. */
  public static final String NAME = "gemini";

  // Measured on two cores: each start costs about 2 s of one of them.
  private static final Duration STAGGER = Duration.ofMillis(300);
  // It repeats each call for more than three minutes, and has no limit for the whole.
  private static final Duration USUAL_TIMEOUT = Duration.ofMinutes(30);
  private static final int ENOUGH_CORES = 8;

  private final Path executable;

  /**
   * The CLI in that file.
   *
   * @param executable the program, already found
   */
  public GeminiAdapter(Path executable) {
    this.executable = executable;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<Provider> provider() {
    return Optional.of(Provider.GOOGLE);
  }

  @Override
  public Optional<String> writeTool() {
    return Optional.of("write_file");
  }

  @Override
  public Optional<String> refusal(List<String> tools) {
    return GeminiTools.unknown(tools);
  }

  @Override
  public Optional<Duration> usualTimeout() {
    return Optional.of(USUAL_TIMEOUT);
  }

  /**
   * Writes the CLI's settings into the configuration folder too, where they are not yet.
   *
   * @throws java.io.UncheckedIOException if they can't be written
   * @throws IllegalArgumentException if it {@linkplain #refusal refuses} a tool
   */
  @Override
  public Launch launch(Assignment assignment) {
    GeminiHome.prepare(assignment.configFolder());
    return GeminiCommand.launch(executable, assignment);
  }

  @Override
  public Reading reading() {
    return new GeminiReading();
  }

  @Override
  public boolean readsLines() {
    return true;
  }

  @Override
  public Optional<Duration> stagger(int cores) {
    return cores < ENOUGH_CORES ? Optional.of(STAGGER) : Optional.empty();
  }
}
