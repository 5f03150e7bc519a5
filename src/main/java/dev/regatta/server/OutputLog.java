package dev.regatta.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * All notifications of one execution in order, for readers that come, fall behind and come back.
 * Whoever writes never waits for one who reads: the newest are in memory, bounded in bytes, what
 * was pushed out of there and may still be asked for is on disk.
 */
final class OutputLog implements AutoCloseable {
  /** What of an execution is in memory. */
  static final int MEMORY_BYTES = 256 * 1024;

  private static final Entry GONE = new Entry(-1, 0, false, new byte[0]);

  private final boolean kept;
  private final Spill spill;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Reader> readers = new CopyOnWriteArrayList<>();

  // The newest entries, from 'head' on: an array, so that a reader at its end finds its place.
  private final List<Entry> memory = new ArrayList<>();
  private int head;
  private int memoryBytes;
  private long next;
  private long sequence;
  private boolean ended;
  private boolean discarded;

  /**
   * A log in which nothing is.
   *
   * @param kept whether readers may ask for what others have read already
   * @param spill where it puts what does not fit in memory
   */
  OutputLog(boolean kept, Spill spill) {
    this.kept = kept;
    this.spill = spill;
  }

  /**
   * What a reader gets at once.
   *
   * @param entries in order
   * @param dropped how many before them are no longer held
   * @param more whether there may be more now; also where none of what was read was asked for
   * @param ended whether nothing will follow
   */
  record Batch(List<Entry> entries, long dropped, boolean more, boolean ended) {}

  /** Adds an output; only one thread does. */
  void output(long number, String json) {
    add(number, true, json);
  }

  /** Adds another notification. */
  void notice(String json) {
    add(-1, false, json);
  }

  /** Adds the last notification. */
  void end(String json) {
    lock.lock();
    try {
      add(-1, false, json);
      ended = true;
    } finally {
      lock.unlock();
    }
    readers.forEach(Reader::wake);
  }

  private void add(long number, boolean output, String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    lock.lock();
    try {
      if (ended) {
        return; // a late pause of what is over
      }
      sequence = output ? number : sequence;
      Entry entry = new Entry(next++, sequence, output, bytes);
      memory.add(entry);
      memoryBytes += entry.bytes();
      while (memoryBytes > MEMORY_BYTES) {
        pushOut();
      }
    } finally {
      lock.unlock();
    }
    readers.forEach(Reader::wake);
  }

  private void pushOut() {
    Entry oldest = memory.set(head, GONE);
    head++;
    memoryBytes -= oldest.bytes();
    if (kept || readers.stream().anyMatch(reader -> reader.next <= oldest.index())) {
      spill.write(oldest);
    }
    if (head > 1_000 && head > memory.size() / 2) {
      memory.subList(0, head).clear();
      head = 0;
    }
  }

  private long firstInMemory() {
    return head < memory.size() ? memory.get(head).index() : next;
  }

  /** The number of the last output. */
  long sequence() {
    lock.lock();
    try {
      return sequence;
    } finally {
      lock.unlock();
    }
  }

  /** The number of the first output that is still held, or of the one that will come next. */
  long firstSequence() {
    lock.lock();
    try {
      OptionalLong onDisk = spill.firstSequence();
      long first =
          onDisk.orElseGet(() -> head < memory.size() ? memory.get(head).sequence() : sequence + 1);
      return Math.max(1, first);
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that were given up because nobody read them in time. */
  long droppedBytes() {
    lock.lock();
    try {
      return spill.droppedBytes();
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that are held on disk. */
  long bytesOnDisk() {
    lock.lock();
    try {
      return spill.bytes();
    } finally {
      lock.unlock();
    }
  }

  /**
   * A reader of all from an output on, as far as it is held.
   *
   * @param from the number of the first output that it wants
   * @param wake is called when there may be more to read, by whoever wrote it: it must not wait
   */
  Reader reader(long from, Runnable wake) {
    lock.lock();
    try {
      boolean inMemory = head < memory.size() && memory.get(head).sequence() < from - 1;
      long start = inMemory ? firstInMemory() : spill.indexBefore(from).orElse(firstInMemory());
      Reader reader = new Reader(start, from, wake);
      readers.add(reader);
      return reader;
    } finally {
      lock.unlock();
    }
  }

  /** Gives up all that is held. */
  @Override
  public void close() {
    lock.lock();
    try {
      ended = true;
      discarded = true;
      memory.clear();
      head = 0;
      spill.close();
    } finally {
      lock.unlock();
    }
    readers.forEach(Reader::wake);
  }

  /** One that reads; for one thread. */
  final class Reader implements AutoCloseable {
    private final long from;
    private final Runnable wake;
    private final Spill.Cursor cursor = new Spill.Cursor();
    private volatile long next;

    private Reader(long start, long from, Runnable wake) {
      this.next = start;
      this.from = from;
      this.wake = wake;
    }

    private void wake() {
      wake.run();
    }

    /** What follows, up to so many bytes; nothing when there is nothing now. */
    Batch take(int most) {
      lock.lock();
      try {
        if (discarded) {
          return new Batch(List.of(), 0, false, true);
        }
        List<Entry> entries = next >= firstInMemory() ? fromMemory(most) : fromDisk(most);
        long first = entries.isEmpty() ? next : entries.getFirst().index();
        long dropped = first - next;
        if (!entries.isEmpty()) {
          next = entries.getLast().index() + 1;
        }
        if (!kept) {
          spill.forgetBefore(readers.stream().mapToLong(reader -> reader.next).min().orElse(next));
        }
        return new Batch(
            entries.stream().filter(entry -> !entry.before(from)).toList(),
            dropped,
            !entries.isEmpty(),
            ended && next == OutputLog.this.next);
      } finally {
        lock.unlock();
      }
    }

    private List<Entry> fromDisk(int most) {
      List<Entry> entries = spill.read(cursor, next, most);
      if (entries.isEmpty()) {
        return fromMemory(most); // what lay between is given up
      }
      return entries;
    }

    private List<Entry> fromMemory(int most) {
      List<Entry> entries = new ArrayList<>();
      int taken = 0;
      int first = head + (int) Math.max(0, next - firstInMemory());
      for (int i = first; i < memory.size() && taken < most; i++) {
        entries.add(memory.get(i));
        taken += memory.get(i).bytes();
      }
      return entries;
    }

    @Override
    public void close() {
      readers.remove(this);
    }
  }
}
