package dev.regatta.run;

import dev.regatta.journal.Event;
import dev.regatta.journal.RunClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks whether an attempt did what its task expects. Plain runs and proofs share it, so that the
 * same tasks file means the same in both.
 */
public final class TaskInspection implements Inspection {
  /** An expectation looks at no more of a command's output than this. */
  private static final int ANSWER_BYTES = 4 << 20;

  private final Expect expect;
  private final boolean isCommand;
  private final String attempt;
  private final Path folder;
  private final Path output;
  private final boolean ownFiles;
  private final Map<CreatedFile, FileState> before;

  private TaskInspection(
      Expect expect,
      boolean isCommand,
      String attempt,
      Path folder,
      Path output,
      boolean ownFiles,
      Map<CreatedFile, FileState> before) {
    this.expect = expect;
    this.isCommand = isCommand;
    this.attempt = attempt;
    this.folder = folder;
    this.output = output;
    this.ownFiles = ownFiles;
    this.before = before;
  }

  /**
   * The inspection of one attempt of a task.
   *
   * @param folder where the attempt works
   * @param output where its standard output is kept: a command's answer
   */
  public static Inspection of(Task task, String attempt, Path folder, Path output) {
    return of(task, attempt, folder, output, false);
  }

  /**
   * The same, where a file counts only if this attempt made or changed it: a proof tries each task
   * several times, and what one attempt left says nothing of the next.
   */
  public static Inspection ofOwnFiles(Task task, String attempt, Path folder, Path output) {
    return of(task, attempt, folder, output, true);
  }

  private static Inspection of(
      Task task, String attempt, Path folder, Path output, boolean ownFiles) {
    return task.expect()
        .map(expect ->
            (Inspection)
                new TaskInspection(
                    expect, !task.command().isEmpty(), attempt, folder, output, ownFiles, Map.of()))
        .orElse(Inspection.NONE);
  }

  @Override
  public Inspection ready() {
    if (!ownFiles) {
      return this;
    }
    Map<CreatedFile, FileState> now = new HashMap<>();
    for (CreatedFile file : expect.files()) {
      FileState.of(folder.resolve(file.path())).ifPresent(state -> now.put(file, state));
    }
    return new TaskInspection(expect, isCommand, attempt, folder, output, true, now);
  }

  @Override
  public Finding inspect(String answer, RunClock clock) {
    List<String> failures = new ArrayList<>(expect.answerFailures(isCommand ? printed() : answer));
    List<Event> events = new ArrayList<>();
    for (CreatedFile file : expect.files()) {
      List<String> faults = faults(file);
      events.add(
          new Event.ArtifactVerified(
              attempt,
              file.path(),
              faults.isEmpty(),
              faults.isEmpty() ? "is as expected" : String.join("; ", faults),
              clock.nanos()));
      failures.addAll(faults);
    }
    return new Finding(
        List.copyOf(events),
        failures.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", failures)));
  }

  private List<String> faults(CreatedFile file) {
    List<String> faults = FileCheck.failures(file, folder);
    boolean untouched =
        before.containsKey(file)
            && FileState.of(folder.resolve(file.path())).equals(Optional.of(before.get(file)));
    if (!faults.isEmpty() || !untouched) {
      return faults;
    }
    return List.of(
        "file '"
            + Visible.line(file.path(), 200)
            + "' was there before the attempt began, and has not changed since");
  }

  private String printed() {
    if (!Files.exists(output)) {
      return "";
    }
    try (var stream = Files.newInputStream(output)) {
      return new String(stream.readNBytes(ANSWER_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
