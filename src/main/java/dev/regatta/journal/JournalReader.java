package dev.regatta.journal;

import dev.regatta.secret.Sha256;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads journals back, and says how far each can be trusted. Whatever the file holds, it reads. */
public final class JournalReader {
  private static final String NO_LINE =
      "it is no journal line: seq, at or event is missing or wrong";

  private JournalReader() {}

  /** How far the chain holds. */
  public sealed interface Integrity {}

  /** To the end. */
  public record Intact() implements Integrity {}

  /**
   * To the end, but for a last line that was cut short: its writer was killed.
   *
   * @param line its number
   */
  public record Torn(long line) implements Integrity {}

  /**
   * Only to before a line that was changed, removed or put in.
   *
   * @param line its number
   * @param why what is wrong with it
   */
  public record Broken(long line, String why) implements Integrity {}

  /**
   * What a journal holds.
   *
   * @param entries the lines before the first fault
   * @param integrity how far that is
   * @param wholeBytes where the last of them ends in the file
   */
  public record Contents(List<Entry> entries, Integrity integrity, long wholeBytes) {
    /** What happened, in order. */
    public List<Event> events() {
      return entries.stream().map(Entry::event).toList();
    }
  }

  /**
   * Reads a journal.
   *
   * @throws JournalBroken if the file cannot be read at all
   */
  public static Contents read(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new JournalBroken(file + " is not a plain file, so it is no journal");
    }
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return read(stream);
    } catch (IOException e) {
      throw new JournalBroken(file, "read", e);
    }
  }

  /**
   * Reads a journal that is no file.
   *
   * @throws IOException if the stream cannot be read
   */
  public static Contents read(InputStream stream) throws IOException {
    List<Entry> entries = new ArrayList<>();
    MessageDigest digest = Sha256.begin();
    String previous = Lines.ORIGIN;
    long whole = 0;
    while (true) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
      boolean ended = line(stream, bytes);
      if (!ended) {
        return new Contents(
            List.copyOf(entries),
            bytes.size() == 0 ? new Intact() : new Torn(entries.size() + 1L),
            whole);
      }
      Object read = entry(bytes.toByteArray(), entries.size() + 1L, previous, digest);
      if (!(read instanceof Entry entry)) {
        return new Contents(
            List.copyOf(entries), new Broken(entries.size() + 1L, (String) read), whole);
      }
      entries.add(entry);
      previous = entry.hash();
      whole += bytes.size() + 1L;
    }
  }

  /** Reads to the next line end; false when the file ends before one. */
  private static boolean line(InputStream stream, ByteArrayOutputStream bytes) throws IOException {
    for (int next = stream.read(); next >= 0; next = stream.read()) {
      if (next == '\n') {
        return true;
      }
      bytes.write(next);
    }
    return false;
  }

  /** The entry of a line, or the text of what is wrong with it. */
  private static Object entry(byte[] line, long number, String previous, MessageDigest digest) {
    int body = Lines.bodyLength(line);
    if (body < 0) {
      return "it is no journal line: it does not end with a hash";
    }
    String hash = Lines.chain(digest, previous, line, body);
    if (!hash.equals(Lines.hash(line))) {
      return "its hash does not follow from it and the line before: one of them was changed";
    }
    Object parsed = parsed(line);
    return parsed instanceof Entry entry && entry.sequence() != number ? NO_LINE : parsed;
  }

  /** The same, whatever its hash says and whatever line it is. */
  static Object parsed(byte[] line) {
    if (Lines.bodyLength(line) < 0) {
      return "it is no journal line: it does not end with a hash";
    }
    try {
      JsonNode tree = Lines.tree(new String(line, StandardCharsets.UTF_8));
      OffsetDateTime at = time(tree);
      long number = tree.path("seq").asLong(0);
      if (number < 1 || at == null || !tree.path("event").isObject()) {
        return NO_LINE;
      }
      return new Entry(
          number,
          at,
          tree.path("nanos").asLong(0),
          Lines.event(tree.path("event")),
          Lines.hash(line));
    } catch (JacksonException e) {
      return "it is not JSON: " + e.getOriginalMessage();
    }
  }

  private static @Nullable OffsetDateTime time(JsonNode tree) {
    try {
      return OffsetDateTime.parse(tree.path("at").asString(""));
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
