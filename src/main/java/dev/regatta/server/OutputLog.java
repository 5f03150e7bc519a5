package dev.regatta.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * All notifications of one execution in order, for readers that come, fall behind and come back.
 * Whoever writes waits for one who reads only while that one is busy reading, and not for long: the
 * newest are in memory, bounded in bytes, what was pushed out of there and may still be asked for
 * is on disk.
 */
final class OutputLog implements AutoCloseable {
  /** What of an execution is in memory. */
  static final int MEMORY_BYTES = 256 * 1024;

  /**
   * A reader is busy that read something within that time. Without a wait for such a one a process
   * that prints faster than its output can be sent goes by way of the disk, which costs both more.
   */
  private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** All that is waited for a reader that reads from disk, until it has caught up. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final Entry GONE = new Entry(-1, 0, false, new byte[0]);

  private final boolean kept;
  private final Spill spill;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition taken = lock.newCondition();
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

  /**
   * Adds outputs; only one thread does.
   *
   * @param first the number of the first of them
   * @param messages in UTF-8
   * @param atOnce whether a single reader is to read them on this thread, if that makes it wait for
   *     nothing; then nothing waits until there is room, and there should be some
   */
  void outputs(long first, List<byte[]> messages, boolean atOnce) {
    lock.lock();
    try {
      for (int i = 0; i < messages.size() && !ended; i++) {
        sequence = first + i;
        add(true, messages.get(i));
        if (!atOnce) {
          makeRoom();
        }
      }
    } finally {
      lock.unlock();
    }
    readers.forEach(atOnce && readers.size() == 1 ? Reader::push : Reader::wake);
  }

  /** Whether a quarter of the memory is free, so that something may be added at once. */
  boolean hasRoom() {
    lock.lock();
    try {
      return memoryBytes <= MEMORY_BYTES * 3 / 4;
    } finally {
      lock.unlock();
    }
  }

  /** Adds another notification. */
  void notice(String json) {
    notice(false, json);
  }

  /** Adds one that is of the last output: who doesn't want that one doesn't get it. */
  void ofOutput(String json) {
    notice(true, json);
  }

  private void notice(boolean output, String json) {
    lock.lock();
    try {
      if (!ended) { // else a late pause of what is over
        add(output, json.getBytes(StandardCharsets.UTF_8));
        while (memoryBytes > MEMORY_BYTES) {
          pushOut();
        }
      }
    } finally {
      lock.unlock();
    }
    readers.forEach(Reader::wake);
  }

  /** Adds the last notification. */
  void end(String json) {
    lock.lock();
    try {
      notice(json);
      ended = true;
    } finally {
      lock.unlock();
    }
    readers.forEach(Reader::wake);
  }

  private void add(boolean output, byte[] json) {
    Entry entry = new Entry(next++, sequence, output, json);
    memory.add(entry);
    memoryBytes += entry.bytes();
  }

  private void makeRoom() {
    while (memoryBytes > MEMORY_BYTES) {
      long left = momentLeft(memory.get(head).index());
      if (left <= 0) {
        pushOut();
        continue;
      }
      readers.forEach(Reader::wake);
      long start = System.nanoTime();
      try {
        taken.awaitNanos(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // who waits for the process hears of it
        pushOut();
      }
      long waited = System.nanoTime() - start;
      readers.forEach(reader -> reader.patience -= waited);
    }
  }

  /** How long it is worth waiting until all busy readers have that entry. */
  private long momentLeft(long index) {
    long left = 0;
    for (Reader reader : readers) {
      if (reader.next <= index) {
        long moment = MOMENT_NANOS - (System.nanoTime() - reader.lastTaken);
        left = Math.max(left, Math.min(moment, reader.patience));
      }
    }
    return left;
  }

  /**
   * What all have read goes out in large pieces, as a write for each line cost more than all else.
   */
  private void pushOut() {
    long unread = firstUnread();
    List<Entry> oldest = new ArrayList<>();
    do {
      Entry entry = memory.set(head, GONE);
      head++;
      memoryBytes -= entry.bytes();
      if (kept || entry.index() >= unread) {
        oldest.add(entry);
      }
    } while (memoryBytes > MEMORY_BYTES / 2
        && head < memory.size()
        && memory.get(head).index() < unread);
    spill.write(oldest);
    compact();
  }

  private long firstUnread() {
    long first = next;
    for (Reader reader : readers) {
      first = Math.min(first, reader.next);
    }
    return first;
  }

  /** What all have read and nobody will ask for again. */
  private void forget() {
    long first = firstUnread();
    spill.forgetBefore(first);
    while (head < memory.size() && memory.get(head).index() < first) {
      memoryBytes -= memory.set(head, GONE).bytes();
      head++;
    }
    compact();
  }

  private void compact() {
    if (head == memory.size()) {
      memory.clear();
      head = 0;
    } else if (head > 1_000 && head > memory.size() / 2) {
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
   * @param waiting is called when there may be more to read
   */
  Reader reader(long from, Waiting waiting) {
    lock.lock();
    try {
      boolean inMemory = head < memory.size() && memory.get(head).sequence() < from - 1;
      long start = inMemory ? firstInMemory() : spill.indexBefore(from).orElse(firstInMemory());
      Reader reader = new Reader(start, from, waiting);
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
      memoryBytes = 0;
      spill.close();
      taken.signalAll();
    } finally {
      lock.unlock();
    }
    readers.forEach(Reader::wake);
  }

  /** Who waits for more to read. Whoever wrote it calls these: they must not wait. */
  interface Waiting {
    /** There is more for that reader, which some other thread is to read. */
    void wake(Reader reader);

    /** There is more for that reader, and it may be read on this thread. */
    default void push(Reader reader) {
      wake(reader);
    }
  }

  /** One that reads; for one thread at a time. */
  final class Reader implements AutoCloseable {
    private final long from;
    private final Waiting waiting;
    private final Spill.Cursor cursor = new Spill.Cursor();
    private volatile long next;

    // Of whoever holds the lock.
    private long lastTaken = System.nanoTime();
    private long patience = PATIENCE_NANOS;

    private Reader(long start, long from, Waiting waiting) {
      this.next = start;
      this.from = from;
      this.waiting = waiting;
    }

    private void wake() {
      waiting.wake(this);
    }

    private void push() {
      waiting.push(this);
    }

    /** Whether it has all that there is, but for what is in memory. */
    boolean inMemory() {
      lock.lock();
      try {
        return next >= firstInMemory();
      } finally {
        lock.unlock();
      }
    }

    /** Whether it has all that there is. */
    boolean isDone() {
      lock.lock();
      try {
        return next == OutputLog.this.next;
      } finally {
        lock.unlock();
      }
    }

    /** What follows, up to so many bytes; nothing when there is nothing now. */
    Batch take(int most) {
      lock.lock();
      try {
        if (discarded) {
          return new Batch(List.of(), 0, false, true);
        }
        if (next >= firstInMemory()) {
          patience = PATIENCE_NANOS;
        }
        List<Entry> entries = next >= firstInMemory() ? fromMemory(most) : fromDisk(most);
        long first = entries.isEmpty() ? next : entries.getFirst().index();
        long dropped = first - next;
        if (!entries.isEmpty()) {
          next = entries.getLast().index() + 1;
          lastTaken = System.nanoTime();
          taken.signal();
        }
        if (!kept && !entries.isEmpty()) {
          forget();
        }
        return new Batch(
            wanted(entries), dropped, !entries.isEmpty(), ended && next == OutputLog.this.next);
      } finally {
        lock.unlock();
      }
    }

    private List<Entry> wanted(List<Entry> entries) {
      return entries.isEmpty() || !entries.getFirst().before(from)
          ? entries
          : entries.stream().filter(entry -> !entry.before(from)).toList();
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
      readers.remove(this); // who waits for it does so for a moment only
    }
  }
}
