package dev.regatta.cli;

import dev.regatta.run.RunFolder;
import dev.regatta.run.TaskResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a task ended, as {@code run --json} prints it; docs/run.md describes each field.
 *
 * @param command its program and arguments, or null when it has a prompt
 * @param answer null where the agent gave none, and of a plain command, whose output may be long
 * @param output the file that keeps what its last attempt printed, or null when that was nothing
 * @param errorOutput the same of its standard error
 */
record ResultLine(
    String task,
    String title,
    @Nullable String prompt,
    @Nullable List<String> command,
    String outcome,
    String reason,
    @Nullable Integer exitCode,
    int attempts,
    double seconds,
    @Nullable String answer,
    @Nullable String output,
    @Nullable String errorOutput) {

  static ResultLine of(TaskResult result, RunFolder folder) {
    List<String> command = result.task().command();
    return new ResultLine(
        result.task().name(),
        result.task().title(),
        result.task().prompt().orElse(null),
        command.isEmpty() ? null : command,
        result.outcome().word(),
        result.reason(),
        result.exitCode(),
        result.attempts(),
        result.duration().toNanos() / 1e9,
        result.answer().orElse(null),
        result.attempt().map(folder::output).map(ResultLine::kept).orElse(null),
        result.attempt().map(folder::error).map(ResultLine::kept).orElse(null));
  }

  private static @Nullable String kept(Path file) {
    return Files.exists(file) ? file.toAbsolutePath().toString() : null;
  }
}
