package dev.regatta.cli;

import dev.regatta.run.Task;
import dev.regatta.run.TaskLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A task for each line of standard input, as the lines come. In the words of the command {@code {}}
 * stands for the line; without it the line is the last word. For an agent the words are its prompt.
 */
final class LineTasks implements Iterator<Task> {
  private static final String PLACE = "{}";
  private static final int LONGEST_LINE = 16 << 20;

  private final StandardInput input;
  private final List<String> words;
  private final boolean prompts;
  private final boolean placed;
  private @Nullable String next;
  private int line;
  private int number;

  LineTasks(StandardInput input, TaskLog.Template template) {
    this.input = input;
    this.words = template.words();
    this.prompts = template.prompts();
    this.placed = words.stream().anyMatch(word -> word.contains(PLACE));
  }

  @Override
  public boolean hasNext() {
    try {
      while (next == null) {
        next = read();
        if (next == null) {
          return false;
        }
        if (next.isBlank()) {
          next = null; // as xargs does
        }
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("standard input could not be read: " + Reasons.of(e), e);
    }
  }

  /** The next line without its end; null when there is none, or when it was given up within. */
  private @Nullable String read() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    int last = input.read();
    for (; last >= 0 && last != '\n'; last = input.read()) {
      bytes.write(last);
      if (bytes.size() > LONGEST_LINE) {
        throw refused(line + 1, "it is longer than 16 MB; give long inputs as files");
      }
    }
    if (last < 0 && (bytes.size() == 0 || !input.atEnd())) {
      return null;
    }
    line++;
    String text = decode(bytes.toByteArray());
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw refused(line, "it is not UTF-8 text; convert it first, for example with iconv");
    }
  }

  /** Whether all lines of the input have become tasks. */
  boolean complete() {
    return next == null && input.atEnd();
  }

  /** The number of the line that was read last, from 1. */
  int line() {
    return line;
  }

  @Override
  public Task next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    String text = String.valueOf(next);
    next = null;
    number++;
    return task(text);
  }

  private Task task(String text) {
    String name = Integer.toString(number);
    try {
      if (prompts) {
        String template = String.join(" ", words);
        String prompt =
            words.isEmpty() ? text : placed ? template.replace(PLACE, text) : template + " " + text;
        return Task.ofPrompt(name, prompt);
      }
      List<String> command =
          placed
              ? words.stream().map(word -> word.replace(PLACE, text)).toList()
              : Stream.concat(words.stream(), Stream.of(text)).toList();
      return Task.ofCommand(name, command);
    } catch (IllegalArgumentException e) {
      throw refused(line, String.valueOf(e.getMessage()));
    }
  }

  private static CliFailure refused(int line, String why) {
    return CliFailure.usage("standard input, line " + line + ": " + why);
  }
}
