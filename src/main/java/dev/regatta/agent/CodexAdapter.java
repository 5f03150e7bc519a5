package dev.regatta.agent;

import dev.regatta.journal.Transcript;
import dev.regatta.provider.Provider;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The {@code codex} CLI, as measured with 0.169.0. */
public final class CodexAdapter implements Adapter {
  /** What it is called. */
  public static final String NAME = "codex";

  private final Path executable;

  /**
   * The CLI in that file.
   *
   * @param executable the program, already found
   */
  public CodexAdapter(Path executable) {
    this.executable = executable;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<Provider> provider() {
    return Optional.of(Provider.OPENAI);
  }

  /** It would use others all the same. */
  @Override
  public Optional<String> refusal(List<String> tools) {
    return tools.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "codex takes no list of tools: leave it out; codex reads, in a sandbox, and"
                + " --bypass-permissions lets it do anything");
  }

  @Override
  public Launch launch(Assignment assignment) {
    return CodexCommand.launch(executable, assignment);
  }

  @Override
  public Reading reading() {
    return new CodexReading(Clock.systemDefaultZone());
  }

  @Override
  public boolean readsLines() {
    return true;
  }

  /** Alone it asks 0.4 s after its start, and eight at once on two cores soon after 4 s. */
  @Override
  public Optional<Duration> stagger(int cores) {
    return Optional.empty();
  }

  @Override
  public Optional<Transcript> transcript(Assignment assignment, String session) {
    return CodexTranscripts.read(assignment.configFolder(), session);
  }
}
