package dev.regatta.server;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What of an execution's output does not fit in memory, in files of bounded size. When all of them
 * together are larger than the cap the oldest is deleted, and what was in it counted. Not safe for
 * several threads: its {@link OutputLog} sees to that.
 */
final class Spill implements AutoCloseable {
  private static final long LARGEST_SEGMENT = 16 << 20;
  private static final int HEAD_BYTES = 8 + 8 + 1 + 4;

  private final Path folder;
  private final String name;
  private final long cap;
  private final Deque<Segment> segments = new ArrayDeque<>();
  private long bytes;
  private long made;
  private long droppedBytes;

  /**
   * Keeps in that folder, which is there.
   *
   * @param name of the execution among others, fit for a file
   * @param cap bytes of all files together
   */
  Spill(Path folder, String name, long cap) {
    this.folder = folder;
    this.name = name;
    this.cap = cap;
  }

  /** One file. */
  private static final class Segment {
    final Path file;
    final FileChannel channel;
    final long firstIndex;
    final long firstSequence;
    long lastIndex;
    long entries;
    long bytes;

    Segment(Path file, FileChannel channel, Entry first) {
      this.file = file;
      this.channel = channel;
      this.firstIndex = first.index();
      this.firstSequence = first.sequence();
    }

    void delete() throws IOException {
      try (channel) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Where a reader is. */
  static final class Cursor {
    private @Nullable Segment segment;
    private long position;
  }

  /** Keeps entries, or counts them as dropped where the disk takes no more. */
  void write(List<Entry> entries) {
    int at = 0;
    while (at < entries.size()) {
      int end = at;
      try {
        Segment segment = segmentFor(entries.get(at));
        long length = 0;
        while (end < entries.size() && (end == at || segment.bytes + length < segmentBytes())) {
          length += HEAD_BYTES + entries.get(end).json().length;
          end++;
        }
        write(segment, entries.subList(at, end), Math.toIntExact(length));
        while (bytes > cap && segments.size() > 1) {
          drop();
        }
      } catch (IOException e) {
        // A full disk: the process goes on printing, and its readers are told of the gap.
        end = Math.max(end, at + 1);
        entries.subList(at, end).forEach(entry -> droppedBytes += entry.json().length);
      }
      at = end;
    }
  }

  private void write(Segment segment, List<Entry> entries, int length) throws IOException {
    ByteBuffer records = ByteBuffer.allocate(length);
    for (Entry entry : entries) {
      records.putLong(entry.index()).putLong(entry.sequence());
      records.put((byte) (entry.output() ? 1 : 0)).putInt(entry.json().length).put(entry.json());
    }
    records.flip();
    long at = segment.bytes;
    while (records.hasRemaining()) {
      at += segment.channel.write(records, at);
    }
    segment.bytes += length;
    segment.entries += entries.size();
    segment.lastIndex = entries.getLast().index();
    bytes += length;
  }

  private long segmentBytes() {
    return Math.min(LARGEST_SEGMENT, cap / 4);
  }

  private Segment segmentFor(Entry entry) throws IOException {
    Segment last = segments.peekLast();
    if (last != null && last.bytes < segmentBytes()) {
      return last;
    }
    Path file = folder.resolve(name + "-" + made++);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    Segment fresh = new Segment(file, channel, entry);
    segments.add(fresh);
    return fresh;
  }

  private void drop() throws IOException {
    Segment oldest = segments.remove();
    bytes -= oldest.bytes;
    droppedBytes += oldest.bytes - oldest.entries * HEAD_BYTES;
    oldest.delete();
  }

  /** Bytes that are held. */
  long bytes() {
    return bytes;
  }

  /** Bytes of them. */
  long droppedBytes() {
    return droppedBytes;
  }

  /** The index of the first entry that is held. */
  OptionalLong firstIndex() {
    return segments.stream()
        .filter(segment -> segment.entries > 0)
        .mapToLong(segment -> segment.firstIndex)
        .findFirst();
  }

  /** The sequence of the first entry that is held. */
  OptionalLong firstSequence() {
    return segments.stream()
        .filter(segment -> segment.entries > 0)
        .mapToLong(segment -> segment.firstSequence)
        .findFirst();
  }

  /** An index from which on no output from that one on is missed, and little is read in vain. */
  OptionalLong indexBefore(long sequence) {
    OptionalLong index = firstIndex();
    for (Segment segment : segments) {
      if (segment.entries > 0 && segment.firstSequence < sequence - 1) {
        index = OptionalLong.of(segment.firstIndex);
      }
    }
    return index;
  }

  /** Nobody will ask for what lies before that index: whole files of it are deleted. */
  void forgetBefore(long index) {
    try {
      while (!segments.isEmpty() && segments.peek().lastIndex < index) {
        Segment oldest = segments.remove();
        bytes -= oldest.bytes;
        oldest.delete();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The entries from that index on that lie together here, at least one and no more than so many
   * bytes; none when nothing from there on is here.
   */
  List<Entry> read(Cursor cursor, long index, int most) {
    List<Entry> entries = new ArrayList<>();
    int taken = 0;
    try {
      while (taken < most) {
        Optional<Entry> next = next(cursor, index);
        if (next.isEmpty()) {
          break;
        }
        entries.add(next.get());
        taken += next.get().bytes();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entries;
  }

  private Optional<Entry> next(Cursor cursor, long index) throws IOException {
    while (true) {
      Segment segment = cursor.segment;
      if (segment == null || !segment.channel.isOpen() || cursor.position >= segment.bytes) {
        Optional<Segment> following = following(segment, index);
        if (following.isEmpty()) {
          return Optional.empty();
        }
        segment = following.get();
        cursor.segment = segment;
        cursor.position = 0;
      }
      Entry entry = entry(segment, cursor);
      if (entry.index() >= index) {
        return Optional.of(entry);
      }
    }
  }

  /** The file after that one, or the first that has something from that index on. */
  private Optional<Segment> following(@Nullable Segment read, long index) {
    return segments.stream()
        .filter(segment -> segment.entries > 0 && segment.lastIndex >= index)
        .filter(segment -> read == null || segment.firstIndex > read.lastIndex)
        .findFirst();
  }

  private static Entry entry(Segment segment, Cursor cursor) throws IOException {
    ByteBuffer head = fill(segment, ByteBuffer.allocate(HEAD_BYTES), cursor.position);
    long index = head.getLong();
    long sequence = head.getLong();
    boolean output = head.get() == 1;
    byte[] json = new byte[head.getInt()];
    fill(segment, ByteBuffer.wrap(json), cursor.position + HEAD_BYTES);
    cursor.position += HEAD_BYTES + json.length;
    return new Entry(index, sequence, output, json);
  }

  private static ByteBuffer fill(Segment segment, ByteBuffer into, long position)
      throws IOException {
    long at = position;
    while (into.hasRemaining()) {
      int read = segment.channel.read(into, at);
      if (read < 0) {
        throw new EOFException(segment.file + " ends before its last entry");
      }
      at += read;
    }
    return into.flip();
  }

  /** Deletes all of it. */
  @Override
  public void close() {
    UncheckedIOException first = null;
    for (Segment segment : segments) {
      try {
        segment.delete();
      } catch (IOException e) {
        if (first == null) {
          first = new UncheckedIOException(e);
        } else {
          first.addSuppressed(e);
        }
      }
    }
    segments.clear();
    if (first != null) {
      throw first;
    }
  }
}
