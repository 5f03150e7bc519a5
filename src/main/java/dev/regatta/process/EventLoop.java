package dev.regatta.process;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One platform thread that waits with {@code epoll} for all pipes and all ends of all children.
 *
 * <p>No virtual thread ever reads a pipe: two silent readers were seen to hold both carriers and
 * freeze every other virtual thread. Nobody waits for 'any child' either, which would steal the
 * ends of processes that others started: each child is waited for by its own id once its pidfd says
 * that it ended.
 */
final class EventLoop implements AutoCloseable {
  /** Kinds of descriptors, in the low bits of epoll's user data. */
  static final int OUTPUT = 0;

  static final int ERROR = 1;
  static final int END = 2;
  private static final long WAKE = -1;

  private static final int READ_BYTES = 64 * 1024;
  private static final int BATCH = 256;

  /** On x86-64 the kernel's epoll_event is packed; elsewhere the user data is aligned. */
  private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

  private static final long EVENT_BYTES = PACKED ? 12 : 16;
  private static final long DATA_OFFSET = PACKED ? 4 : 8;

  private final int epoll = Libc.epollCreate();
  private final int wake = Libc.eventDescriptor();
  private final ConcurrentMap<Long, PosixChild> children = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final AtomicInteger starting = new AtomicInteger();
  private final Thread thread;
  private volatile boolean closing;
  private volatile long turns;
  private volatile @Nullable Throwable failure;

  private EventLoop() {
    this.thread = Thread.ofPlatform().daemon().name("regatta-processes").unstarted(this::run);
  }

  static EventLoop start() {
    EventLoop loop = new EventLoop();
    loop.control(Libc.EPOLL_CTL_ADD, loop.wake, WAKE);
    loop.thread.start();
    return loop;
  }

  /** Must be called before a child is asked for, and {@link #started} when it is adopted or not. */
  void starting() {
    starting.incrementAndGet();
  }

  void started() {
    starting.decrementAndGet();
  }

  /** Takes over a fresh child: its pipes' reading ends and its end. */
  Child adopt(int pid, int output, int error, long asked, long there) throws SpawnFailed {
    int end = Libc.pidfdOpen(pid);
    if (end < 0) {
      Libc.kill(-pid, Signal.KILL.number());
      reap(pid);
      throw new SpawnFailed(
          "the process started but could not be watched (error "
              + -end
              + "), so it was stopped; run fewer at once, or raise `ulimit -n`");
    }
    long id = ids.getAndIncrement();
    PosixChild child = new PosixChild(this, id, pid, output, error, end, asked, there);
    children.put(id, child);
    Throwable broken = failure; // read after the child is in the table: one of the two tells it
    if (broken != null) {
      child.fail(broken);
    }
    watch(id, OUTPUT, output);
    watch(id, ERROR, error);
    watch(id, END, end);
    return child;
  }

  void watch(long id, int kind, int descriptor) {
    control(Libc.EPOLL_CTL_ADD, descriptor, id << 2 | kind);
  }

  void unwatch(int descriptor) {
    control(Libc.EPOLL_CTL_DEL, descriptor, 0);
  }

  /**
   * Unwatches and closes. Closing alone isn't enough: a process that is being started at this
   * moment holds a copy of the descriptor until it has become its program, and as long as any copy
   * is open epoll goes on reporting it (epoll(7), questions and answers). With two starts under way
   * at all times the thread was seen to turn 137,183 times for 5,000 children.
   */
  void unwatchAndClose(int descriptor) {
    unwatch(descriptor);
    Libc.close(descriptor);
  }

  /** Whether its thread still reads. */
  boolean turning() {
    return thread.isAlive();
  }

  /** How often the thread was woken so far. */
  long turns() {
    return turns;
  }

  /**
   * Whether the end of that process is waited for here. While any start is under way the answer is
   * yes for all: the new process may already be seen but not yet be in the table, and to reap it
   * then would steal its end.
   */
  boolean watches(long pid) {
    if (starting.get() > 0) {
      return true;
    }
    return children.values().stream().anyMatch(child -> child.pid() == pid && child.watched());
  }

  void forget(long id) {
    children.remove(id);
  }

  private void control(int operation, int descriptor, long data) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(EVENT_BYTES, 8);
      event.set(JAVA_INT, 0, Libc.EPOLLIN);
      event.set(JAVA_LONG_UNALIGNED, DATA_OFFSET, data);
      int result = Libc.epollCtl(epoll, operation, descriptor, event);
      if (result < 0 && !closing) {
        throw new IllegalStateException("epoll_ctl failed with error " + -result);
      }
    }
  }

  private void run() {
    try {
      watchAll();
    } catch (Throwable e) {
      // Memory that ran out, for example. Without this every reader would wait for ever.
      failure = e;
      children.values().forEach(child -> child.fail(e));
    }
  }

  private void watchAll() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment events = arena.allocate(EVENT_BYTES * BATCH, 8);
      Scratch scratch = new Scratch(arena);
      while (!closing) {
        int ready = Libc.epollWait(epoll, events, BATCH, -1);
        if (ready < 0 && ready != -Libc.EINTR) {
          throw new IllegalStateException("epoll_wait failed with error " + -ready);
        }
        long now = System.nanoTime();
        countTurn();
        for (int i = 0; i < ready; i++) {
          long data = events.get(JAVA_LONG_UNALIGNED, i * EVENT_BYTES + DATA_OFFSET);
          dispatch(data, scratch, now);
        }
      }
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only this thread writes it
  private void countTurn() {
    turns++;
  }

  private void dispatch(long data, Scratch scratch, long now) {
    if (data == WAKE) {
      return; // only close() wakes; the loop looks at 'closing' by itself
    }
    PosixChild child = children.get(data >> 2);
    if (child == null) {
      return; // closed by its reader after this event was fetched
    }
    switch ((int) (data & 3)) {
      case OUTPUT -> child.readable(Channel.OUTPUT, scratch, now);
      case ERROR -> child.readable(Channel.ERROR, scratch, now);
      default -> child.ended(scratch, now);
    }
  }

  private static void reap(int pid) {
    try (Arena arena = Arena.ofConfined()) {
      Libc.wait4(pid, arena.allocate(JAVA_INT), 0, arena.allocate(256, 8));
    }
  }

  @Override
  public void close() {
    closing = true;
    Libc.wake(wake);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // the descriptors below must not be closed under the thread
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    children.values().forEach(PosixChild::abandon);
    Libc.close(epoll);
    Libc.close(wake);
  }

  /** The loop thread's own buffers, reused for every call. */
  static final class Scratch {
    private final MemorySegment buffer;
    private final MemorySegment status;
    private final MemorySegment usage;

    Scratch(Arena arena) {
      this.buffer = arena.allocate(READ_BYTES);
      this.status = arena.allocate(JAVA_INT);
      this.usage = arena.allocate(256, 8);
    }

    /** Bytes read, empty at the end of the stream, null when there is nothing now. */
    byte @Nullable [] read(int descriptor) {
      long read = Libc.read(descriptor, buffer, READ_BYTES);
      if (read == -Libc.EAGAIN || read == -Libc.EINTR) {
        return null;
      }
      return read <= 0 ? new byte[0] : buffer.asSlice(0, read).toArray(JAVA_BYTE);
    }

    /**
     * How a process ended, or null when it has not (wait4(2)). The layout of the usage: two
     * timevals, then the largest resident set in KiB (getrusage(2)).
     */
    ChildEvent.@Nullable Exited end(int pid, long now) {
      if (Libc.wait4(pid, status, Libc.WNOHANG, usage) != pid) {
        return null;
      }
      int word = status.get(JAVA_INT_UNALIGNED, 0);
      double cpu =
          usage.get(JAVA_LONG, 0)
              + usage.get(JAVA_LONG, 16)
              + (usage.get(JAVA_LONG, 8) + usage.get(JAVA_LONG, 24)) / 1e6;
      long peak = usage.get(JAVA_LONG, 32) * 1024;
      int signal = word & 0x7f;
      return signal == 0
          ? new ChildEvent.Exited(word >> 8 & 0xff, null, cpu, peak, now)
          : new ChildEvent.Exited(null, signal, cpu, peak, now);
    }
  }
}
