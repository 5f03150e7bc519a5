package dev.regatta.rehearsal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** What the rehearsal server answers: rules tried in order, and how many requests at once. */
public final class Script {
  private static final String STANDARD = "standard.yaml";

  private final List<Rule> rules;
  private final int concurrency;

  Script(List<Rule> rules, int concurrency) {
    this.rules = List.copyOf(rules);
    this.concurrency = concurrency;
  }

  /** The script of a run without one: knows the three demo questions and answers every prompt. */
  public static Script standard() {
    try (InputStream text = Script.class.getResourceAsStream(STANDARD)) {
      if (text == null) {
        throw new IllegalStateException("the program was built without " + STANDARD);
      }
      return new ScriptReader(STANDARD)
          .read(new String(text.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a script; docs/rehearsal.md lists its fields.
   *
   * @param file YAML or JSON in UTF-8
   * @throws ScriptProblem if it can't be read, or a field breaks a rule
   */
  public static Script read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new ScriptProblem(file.toString(), "", "can't be read: " + reason(file, e), e);
    }
    return new ScriptReader(file.toString()).read(text);
  }

  private static String reason(Path file, IOException e) {
    return switch (e) {
      case NoSuchFileException ignored -> "there is no such file";
      case AccessDeniedException ignored -> "permission denied";
      case CharacterCodingException ignored -> "it is not UTF-8 text";
      default -> Files.isDirectory(file) ? "it is a folder" : String.valueOf(e.getMessage());
    };
  }

  List<Rule> rules() {
    return rules;
  }

  /** How many requests are answered at once; the others wait in the order they came. */
  int concurrency() {
    return concurrency;
  }
}
