package dev.regatta.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tasks of a run as they came in, a line each, so that what is left can be done later. A last
 * line says that all had come in.
 */
public final class TaskLog implements AutoCloseable {
  /** Its name in a run's folder. */
  public static final String NAME = "tasks.jsonl";

  private static final String END = "{\"end\":true}";
  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();
  private static final ObjectWriter TASKS = MAPPER.writerFor(Task.class);
  private static final ObjectReader TASK = MAPPER.readerFor(Task.class);

  private final FileChannel channel;
  private final UnaryOperator<String> redact;

  /**
   * A new log.
   *
   * @param redact takes every secret of the run out of a text
   */
  public TaskLog(RunFolder folder, UnaryOperator<String> redact) {
    this.redact = redact;
    try {
      Path file = folder.path().resolve(NAME);
      this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      RunFolder.ownerOnly(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Notes a task, before it is begun. */
  public void add(Task task) {
    write(redact.apply(TASKS.writeValueAsString(task)));
  }

  /** Notes that there are no more. */
  public void end() {
    write(END);
  }

  private synchronized void write(String line) {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What a log holds.
   *
   * @param tasks in order
   * @param complete whether all had come in
   */
  public record Contents(List<Task> tasks, boolean complete) {}

  /** Reads the log of a run; empty when it kept none. A line that was cut short is left out. */
  public static Optional<Contents> read(RunFolder folder) {
    Path file = folder.path().resolve(NAME);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    List<Task> tasks = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.equals(END)) {
          return Optional.of(new Contents(List.copyOf(tasks), true));
        }
        tasks.add(TASK.readValue(line));
      }
    } catch (JacksonException e) {
      // The line that was being written when the run was killed.
      return Optional.of(new Contents(List.copyOf(tasks), false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Optional.of(new Contents(List.copyOf(tasks), false));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
