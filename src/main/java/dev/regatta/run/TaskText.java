package dev.regatta.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.dataformat.yaml.YAMLFactory;

/**
 * The text of a tasks file, or of a suite, and how to read it.
 *
 * @param label the file as people named it, safe to show
 * @param text its text
 * @param json whether it is JSON; else it is YAML
 * @param needs what a file that is empty lacks
 */
public record TaskText(String label, String text, boolean json, String needs) {
  /** The largest file that is read, in bytes. */
  static final int BOUND = 64 * 1024 * 1024;

  // YAML's own bound is 3 MB; its parser builds no tree, so the file's size is the only one needed.
  private static final LoadSettings YAML =
      LoadSettings.builder().setCodePointLimit(BOUND).setParseComments(false).build();

  private static final StreamReadConstraints CONSTRAINTS =
      StreamReadConstraints.builder().maxStringLength(BOUND).maxNumberLength(100).build();

  // In the parser's messages: a place in words about the parser's own settings.
  private static final Pattern PLACE =
      Pattern.compile(" *\\([^()]*\\[Source:[^\\]]*]\\)| *(at )?\\[Source:[^\\]]*]");

  private static final TokenStreamFactory YAML_FACTORY =
      YAMLFactory.builder()
          .loadSettings(YAML)
          .streamReadConstraints(CONSTRAINTS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final TokenStreamFactory JSON_FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(CONSTRAINTS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** Reads a tasks file, or says why it can't be read. */
  static TaskText of(Path file) {
    return of(file, file.toString(), "a list 'tasks:'");
  }

  /**
   * Reads the file, or says why it can't be read.
   *
   * @param name what messages call it
   * @param needs what it lacks if it is empty
   * @throws TaskFileProblem with that reason
   */
  public static TaskText of(Path file, String name, String needs) {
    String label = Visible.of(name);
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(BOUND + 1);
    } catch (NoSuchFileException e) {
      throw refused(label, "there is no such file");
    } catch (AccessDeniedException e) {
      throw refused(label, "it may not be read; check its permissions");
    } catch (IOException e) {
      throw refused(label, "it could not be read: " + Visible.line(reason(e), 200));
    }
    if (bytes.length > BOUND) {
      throw refused(label, "it is larger than 64 MB; split it into several files");
    }
    String text = decode(label, bytes);
    if (text.isBlank()) {
      throw refused(label, "it is empty; it needs " + needs);
    }
    return new TaskText(label, text, label.toLowerCase(Locale.ROOT).endsWith(".json"), needs);
  }

  /** A new parser at the start of the text. */
  JsonParser parser() {
    return (json ? JSON_FACTORY : YAML_FACTORY)
        .createParser(ObjectReadContext.empty(), new StringReader(text));
  }

  /** The problem of a text that is no YAML or JSON. */
  TaskFileProblem unreadable(JacksonException e) {
    TokenStreamLocation place = e.getLocation();
    String at =
        place == null || place.getLineNr() < 1
            ? ""
            : ":" + place.getLineNr() + ":" + Math.max(1, place.getColumnNr());
    String what = json ? "not JSON: " : "not YAML: ";
    return new TaskFileProblem(
        List.of(label + at + ": " + what + Visible.line(plain(e.getOriginalMessage()), 200)));
  }

  private static String plain(@Nullable String message) {
    return PLACE.matcher(String.valueOf(message)).replaceAll("");
  }

  private static String decode(String label, byte[] bytes) {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(rest).toString();
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      int line = 1;
      for (int at = 0; at < rest.position(); at++) {
        line += bytes[at] == '\n' ? 1 : 0;
      }
      throw new TaskFileProblem(
          List.of(label + ":" + line + ": it is not UTF-8 text; save it as UTF-8"));
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static TaskFileProblem refused(String label, String why) {
    return new TaskFileProblem(List.of(label + ": " + why));
  }
}
