package dev.regatta.journal;

import dev.regatta.secret.Sha256;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * The one writer of a run's journal. Each event is one line and one {@code write}, done before
 * {@link #append} returns: a kill of this process loses at most the line that is being written. It
 * is forced to the disk when the journal is closed.
 */
public final class Journal implements AutoCloseable {
  private final Path file;
  private final RunClock clock;
  private final UnaryOperator<String> redact;

  // Not a channel: one of those is closed for all when a thread that was interrupted writes to it.
  private final FileOutputStream out;

  private final MessageDigest digest = Sha256.begin();
  private final LineBuffer line = new LineBuffer();
  private final Stamp stamp;
  private long sequence;
  private String hash;
  private @Nullable JournalBroken broken;
  private boolean closed;

  Journal(
      Path file,
      RunClock clock,
      UnaryOperator<String> redact,
      FileOutputStream out,
      long sequence,
      String hash) {
    this.file = file;
    this.clock = clock;
    this.redact = redact;
    this.out = out;
    this.sequence = sequence;
    this.hash = hash;
    this.stamp = new Stamp(clock);
  }

  /**
   * A new journal, readable by its owner only.
   *
   * @param redact takes every secret of the run out of a text
   * @throws JournalBroken if the file exists or cannot be made
   */
  public static Journal create(Path file, RunClock clock, UnaryOperator<String> redact) {
    try {
      Files.createFile(file, ownerOnly(file));
      return new Journal(
          file, clock, redact, new FileOutputStream(file.toFile(), true), 0, Lines.ORIGIN);
    } catch (FileAlreadyExistsException e) {
      throw new JournalBroken(file + " is there already; a run has a journal of its own", e);
    } catch (IOException e) {
      throw new JournalBroken(file, "made", e);
    }
  }

  /**
   * Goes on with a journal whose writer is gone. A last line that was cut short is removed.
   *
   * @throws JournalBroken if its chain is broken before that, or it cannot be written
   */
  public static Journal reopen(Path file, RunClock clock, UnaryOperator<String> redact) {
    JournalReader.Contents contents = JournalReader.read(file);
    if (contents.integrity() instanceof JournalReader.Broken fault) {
      throw new JournalBroken(
          file + ":" + fault.line() + ": " + fault.why() + "; it is not gone on with");
    }
    try {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(contents.wholeBytes());
      }
      int lines = contents.entries().size();
      String last = lines == 0 ? Lines.ORIGIN : contents.entries().getLast().hash();
      return new Journal(
          file, clock, redact, new FileOutputStream(file.toFile(), true), lines, last);
    } catch (IOException e) {
      throw new JournalBroken(file, "opened", e);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /**
   * Writes an event.
   *
   * @throws JournalBroken if it could not be written whole; every later call says the same, because
   *     a line after a torn one could not be read
   */
  public void append(Event event) {
    byte[] encoded = encode(event); // the costly part, and no other writer has to wait for it
    synchronized (this) {
      if (broken != null) {
        // A new one each time: whoever closes after the first one must not make it suppress itself.
        throw new JournalBroken(String.valueOf(broken.getMessage()), broken);
      }
      if (closed) {
        throw new JournalBroken("the journal " + file + " is closed: nothing can follow");
      }
      long nanos = clock.nanos();
      String head =
          "{\"seq\":"
              + (sequence + 1)
              + ",\"at\":\""
              + stamp.at(nanos)
              + "\",\"nanos\":"
              + nanos
              + ",\"event\":";
      line.clear();
      line.put(head.getBytes(StandardCharsets.ISO_8859_1)).put(encoded).put((byte) '}');
      String next = Lines.chain(digest, hash, line);
      line.undo(1).put(Lines.ending(next));
      write();
      sequence++;
      hash = next;
    }
  }

  private void write() {
    try {
      line.writeTo(out);
    } catch (IOException e) {
      broken = new JournalBroken(file, "written", e);
      throw broken;
    }
  }

  /**
   * Encodes and redacts. The text is searched as a whole, which is quick; only where something is
   * found is it taken apart, so that a replacement cannot break an escape sequence.
   */
  private byte[] encode(Event event) {
    byte[] bytes = Lines.EVENTS.writeValueAsBytes(event);
    String json = new String(bytes, StandardCharsets.UTF_8);
    if (redact.apply(json).equals(json)) {
      return bytes;
    }
    return Lines.bytes(redacted(Lines.tree(json)));
  }

  private JsonNode redacted(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode clean = object.objectNode();
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        clean.set(redact.apply(member.getKey()), redacted(member.getValue()));
      }
      return clean;
    }
    if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, redacted(array.get(i)));
      }
      return array;
    }
    return node.isString() ? StringNode.valueOf(redact.apply(node.asString())) : node;
  }

  /** Forces what was written to the disk and lets go of the file. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (out) {
      out.getFD().sync();
    } catch (IOException e) {
      throw new JournalBroken(file, "forced to the disk", e);
    }
  }
}
