package dev.regatta.cli;

import dev.regatta.run.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A task for each line of a stream, as the lines come. In the words of the command {@code {}}
 * stands for the line; without it the line is the last word. For an agent the words are its prompt.
 */
final class LineTasks implements Iterator<Task> {
  private static final String PLACE = "{}";

  private final BufferedReader lines;
  private final List<String> words;
  private final boolean prompts;
  private final boolean placed;
  private @Nullable String next;
  private int number;

  LineTasks(InputStream stream, List<String> words, boolean prompts) {
    this.lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    this.words = words;
    this.prompts = prompts;
    this.placed = words.stream().anyMatch(word -> word.contains(PLACE));
  }

  @Override
  public boolean hasNext() {
    try {
      while (next == null) {
        next = lines.readLine();
        if (next == null) {
          return false;
        }
        if (next.isBlank()) {
          next = null; // as xargs does
        }
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("standard input could not be read: " + e.getMessage(), e);
    }
  }

  @Override
  public Task next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    String line = String.valueOf(next);
    next = null;
    number++;
    return task(line);
  }

  private Task task(String line) {
    String name = Integer.toString(number);
    try {
      if (prompts) {
        String template = String.join(" ", words);
        String prompt =
            words.isEmpty() ? line : placed ? template.replace(PLACE, line) : template + " " + line;
        return Task.ofPrompt(name, prompt);
      }
      List<String> command =
          placed
              ? words.stream().map(word -> word.replace(PLACE, line)).toList()
              : java.util.stream.Stream.concat(words.stream(), java.util.stream.Stream.of(line))
                  .toList();
      return Task.ofCommand(name, command);
    } catch (IllegalArgumentException e) {
      throw CliFailure.usage("standard input, line " + number + ": " + e.getMessage());
    }
  }
}
