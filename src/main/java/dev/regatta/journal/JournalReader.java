package dev.regatta.journal;

import dev.regatta.secret.Sha256;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
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
   * @param wholeBytes where the last of them ends in the file, whatever was read before them
   */
  public record Contents(List<Entry> entries, Integrity integrity, long wholeBytes) {
    /** What happened, in order. */
    public List<Event> events() {
      return entries.stream().map(Entry::event).toList();
    }
  }

  /**
   * A place between two lines of a journal.
   *
   * @param lines how many are before it
   * @param bytes where it is in the file
   * @param hash of the line before it
   */
  public record Place(long lines, long bytes, String hash) {
    /** Before the first line. */
    public static final Place BEGINNING = new Place(0, 0, Lines.ORIGIN);

    /** The place at which what was read from here ends. */
    public Place after(Contents read) {
      return read.entries().isEmpty()
          ? this
          : new Place(
              lines + read.entries().size(), read.wholeBytes(), read.entries().getLast().hash());
    }
  }

  /**
   * Reads a journal.
   *
   * @throws JournalBroken if the file cannot be read at all
   */
  public static Contents read(Path file) {
    return read(file, Place.BEGINNING);
  }

  /**
   * Reads what follows a place that was read up to before. That nothing before it was changed since
   * is not looked at; what follows must still fit to it.
   *
   * @throws JournalBroken if the file cannot be read at all
   */
  public static Contents read(Path file, Place from) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new JournalBroken(file + " is not a plain file, so it is no journal");
    }
    try (SeekableByteChannel channel = Files.newByteChannel(file);
        InputStream stream =
            new BufferedInputStream(
                Channels.newInputStream(channel.position(from.bytes())), 1 << 16)) {
      return read(stream, from);
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
    return read(stream, Place.BEGINNING);
  }

  private static Contents read(InputStream stream, Place from) throws IOException {
    List<Entry> entries = new ArrayList<>();
    MessageDigest digest = Sha256.begin();
    String previous = from.hash();
    long whole = from.bytes();
    while (true) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
      boolean ended = line(stream, bytes);
      long number = from.lines() + entries.size() + 1;
      if (!ended) {
        return new Contents(
            List.copyOf(entries), bytes.size() == 0 ? new Intact() : new Torn(number), whole);
      }
      Object read = entry(bytes.toByteArray(), number, previous, digest);
      if (!(read instanceof Entry entry)) {
        return new Contents(List.copyOf(entries), new Broken(number, (String) read), whole);
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
