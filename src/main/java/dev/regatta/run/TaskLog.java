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
 * The tasks of a run as they came in, a line each, so that what is left can be done later. Before
 * them stands what a line of input becomes, if they come from standard input; a last line says that
 * all had come in.
 */
public final class TaskLog implements AutoCloseable {
  /** Its name in a run's folder. */
  public static final String NAME = "tasks.jsonl";

  private static final String END = "{\"end\":true}";
  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();
  private static final ObjectWriter TASKS = MAPPER.writerFor(Task.class);
  private static final ObjectReader TASK = MAPPER.readerFor(Task.class);
  private static final ObjectWriter TEMPLATES = MAPPER.writerFor(Template.class);
  private static final ObjectReader TEMPLATE = MAPPER.readerFor(Template.class);
  private static final String TEMPLATE_HEAD = "{\"words\":";

  private final Path file;
  private final FileChannel channel;
  private final UnaryOperator<String> redact;

  /**
   * What a line of standard input becomes.
   *
   * @param words those of the command, or of the prompt
   * @param prompts whether they are a prompt
   */
  public record Template(List<String> words, boolean prompts) {}

  private TaskLog(Path file, FileChannel channel, UnaryOperator<String> redact) {
    this.file = file;
    this.channel = channel;
    this.redact = redact;
  }

  /**
   * A new log.
   *
   * @param redact takes every secret of the run out of a text
   */
  public static TaskLog create(RunFolder folder, UnaryOperator<String> redact) {
    try {
      Path file = folder.path().resolve(NAME);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      RunFolder.ownerOnly(file);
      return new TaskLog(file, channel, redact);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Goes on with the log of an earlier run, after its last whole line. */
  public static TaskLog reopen(RunFolder folder, UnaryOperator<String> redact) {
    try {
      Path file = folder.path().resolve(NAME);
      byte[] bytes = Files.readAllBytes(file);
      int whole = bytes.length;
      while (whole > 0 && bytes[whole - 1] != '\n') {
        whole--;
      }
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      channel.truncate(whole).position(whole);
      return new TaskLog(file, channel, redact);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Notes what a line of standard input becomes, before any task. */
  public void template(Template template) {
    write(redact.apply(TEMPLATES.writeValueAsString(template)));
  }

  /** A task as a log has it: without the secrets of the run. */
  public static Task kept(Task task, UnaryOperator<String> redact) {
    return TASK.readValue(redact.apply(TASKS.writeValueAsString(task)));
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
      throw Unwritable.of(file, e);
    }
  }

  /**
   * What a log holds.
   *
   * @param tasks in order
   * @param complete whether all had come in
   * @param template what a line of standard input becomes, if they came from there
   */
  public record Contents(List<Task> tasks, boolean complete, Optional<Template> template) {}

  /** Reads the log of a run; empty when it kept none. A line that was cut short is left out. */
  public static Optional<Contents> read(RunFolder folder) {
    Path file = folder.path().resolve(NAME);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    List<Task> tasks = new ArrayList<>();
    Optional<Template> template = Optional.empty();
    boolean complete = false;
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.equals(END)) {
          complete = true;
        } else if (line.startsWith(TEMPLATE_HEAD)) {
          template = Optional.of(TEMPLATE.readValue(line));
        } else {
          tasks.add(TASK.readValue(line));
        }
      }
    } catch (JacksonException e) {
      // The line that was being written when the run was killed.
      return Optional.of(new Contents(List.copyOf(tasks), false, template));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Optional.of(new Contents(List.copyOf(tasks), complete, template));
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
