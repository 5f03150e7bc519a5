package dev.regatta.process;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A child started with {@code posix_spawn}, read by the {@link EventLoop}. */
final class PosixChild implements Child {
  private static final int CLOSED = -1;
  private static final int ENVIRONMENT_LOOKS = 200;
  private static final long ENVIRONMENT_PAUSE_NANOS = 500_000;
  private static final long STOPPING_NANOS = 100_000_000;
  private static final long STOPPING_PAUSE_NANOS = 500_000;

  private final EventLoop loop;
  private final long id;
  private final int pid;
  private final long spawnNanos;
  private final long spawnedNanos;
  private final EventQueue queue = new EventQueue();

  // Guards the descriptors: their numbers are reused the moment they are closed, so the loop must
  // never read one that the reader is closing.
  private final ReentrantLock descriptors = new ReentrantLock();
  private final int[] pipes;
  private final boolean[] held = new boolean[2];
  private int end;

  // Of the outputs that are events, those that the reader has not yet dealt with.
  private final AtomicInteger undealt = new AtomicInteger();
  private boolean dealing;
  private Predicate<ChildEvent.Output> taker = output -> false;

  PosixChild(
      EventLoop loop, long id, int pid, int output, int error, int end, long asked, long there) {
    this.loop = loop;
    this.id = id;
    this.pid = pid;
    this.pipes = new int[] {output, error};
    this.end = end;
    this.spawnNanos = asked;
    this.spawnedNanos = there;
  }

  @Override
  public long pid() {
    return pid;
  }

  @Override
  public boolean ownsGroup() {
    return true;
  }

  @Override
  public long startTicks() {
    return ProcessTable.read(pid).map(ProcessTable.Row::startTicks).orElse(0L);
  }

  @Override
  public long spawnNanos() {
    return spawnNanos;
  }

  @Override
  public long spawnedNanos() {
    return spawnedNanos;
  }

  @Override
  public @Nullable ChildEvent next(long timeoutNanos) throws InterruptedException {
    if (dealing) {
      undealt.decrementAndGet(); // who asks for the next has done with the last
    }
    ChildEvent event = queue.take(timeoutNanos);
    dealing = event instanceof ChildEvent.Output;
    if (dealing) {
      goOnReading();
    }
    return event;
  }

  @Override
  public void offer(Predicate<ChildEvent.Output> who) {
    descriptors.lock();
    try {
      taker = who;
    } finally {
      descriptors.unlock();
    }
  }

  @Override
  public void nudge() {
    queue.add(new ChildEvent.Nudged(System.nanoTime()));
  }

  @Override
  public boolean signal(Signal signal) {
    return Libc.kill(-pid, signal.number()) == 0;
  }

  /**
   * To send STOP is not enough. A process that is just being forked gets it when it is there, and a
   * CONT that came before that is lost: a shell's loop, paused and resumed at once, stood still for
   * ever after 40 to 70 rounds (Linux 6.18). Nobody forks once two looks show the same processes,
   * all of them still.
   */
  @Override
  public void pause() {
    signal(Signal.STOP);
    long deadline = System.nanoTime() + STOPPING_NANOS;
    List<Long> before = List.of();
    while (System.nanoTime() < deadline) {
      List<ProcessTable.Row> group =
          ProcessTable.all().stream().filter(row -> row.group() == pid).toList();
      boolean still = group.stream().allMatch(ProcessTable.Row::still);
      List<Long> now = still ? group.stream().map(ProcessTable.Row::pid).toList() : List.of();
      if (still && now.equals(before)) {
        return;
      }
      before = now;
      LockSupport.parkNanos(STOPPING_PAUSE_NANOS);
    }
  }

  @Override
  public boolean groupAlive() {
    int result = Libc.kill(-pid, 0);
    return result == 0 || result == -Libc.EPERM;
  }

  @Override
  public Optional<Map<String, String>> givenEnvironment() {
    // The kernel lets go of us before it has laid out the new program's environment: for a moment
    // there is none to read.
    for (int look = 0; look < ENVIRONMENT_LOOKS; look++) {
      Optional<Map<String, String>> environment = ProcessTable.environment(pid);
      if (environment.isPresent()
          || ProcessTable.read(pid).filter(row -> !row.zombie()).isEmpty()) {
        return environment;
      }
      LockSupport.parkNanos(ENVIRONMENT_PAUSE_NANOS);
    }
    return Optional.empty();
  }

  /** On the loop's thread: one read, so that a talkative child does not starve the others. */
  void readable(Channel channel, EventLoop.Scratch scratch, long now) {
    int which = channel.ordinal();
    descriptors.lock();
    try {
      int descriptor = pipes[which];
      if (descriptor == CLOSED || held[which]) {
        return;
      }
      byte[] bytes = scratch.read(descriptor);
      if (bytes == null) {
        return;
      }
      if (bytes.length == 0) {
        loop.unwatchAndClose(descriptor);
        pipes[which] = CLOSED;
        forgetWhenDone();
        queue.add(new ChildEvent.Closed(channel, now));
      } else if (printed(new ChildEvent.Output(channel, bytes, now))) {
        // Taken out and not only silenced: epoll reports a hang-up even to who asked for nothing.
        loop.unwatch(descriptor);
        held[which] = true;
      }
    } finally {
      descriptors.unlock();
    }
  }

  /** Gives whether too much waits for the reader now. */
  private boolean printed(ChildEvent.Output output) {
    try {
      if (undealt.get() == 0 && taker.test(output)) {
        return false;
      }
    } catch (RuntimeException e) {
      taker = any -> false; // the other children's outputs must go on
      queue.fail(e);
    }
    undealt.incrementAndGet();
    return queue.add(output);
  }

  /** On the loop's thread: the pidfd says that the process ended. */
  void ended(EventLoop.Scratch scratch, long now) {
    ChildEvent.Exited exited = scratch.end(pid, now);
    if (exited == null) {
      return;
    }
    descriptors.lock();
    try {
      loop.unwatchAndClose(end);
      end = CLOSED;
      forgetWhenDone();
    } finally {
      descriptors.unlock();
    }
    queue.add(exited);
  }

  boolean watched() {
    descriptors.lock();
    try {
      return end != CLOSED;
    } finally {
      descriptors.unlock();
    }
  }

  private void forgetWhenDone() {
    if (end == CLOSED && pipes[0] == CLOSED && pipes[1] == CLOSED) {
      loop.forget(id);
    }
  }

  private void goOnReading() {
    // Under the lock even to look: the loop marks a channel as held after it has added the event
    // that filled the queue, and a mark missed here would leave the channel unread for ever.
    descriptors.lock();
    try {
      if (!(held[0] || held[1]) || !queue.roomy()) {
        return;
      }
      for (int which = 0; which < 2; which++) {
        if (held[which] && pipes[which] != CLOSED) {
          held[which] = false;
          loop.watch(id, which, pipes[which]);
        }
      }
    } finally {
      descriptors.unlock();
    }
  }

  /** The loop broke: whoever reads this child is told. */
  void fail(Throwable cause) {
    queue.fail(cause);
  }

  /** When the loop itself ends: nobody will see this child's end. */
  void abandon() {
    close();
    descriptors.lock();
    try {
      if (end != CLOSED) {
        Libc.close(end);
        end = CLOSED;
      }
    } finally {
      descriptors.unlock();
    }
  }

  /** Closes the pipes; the end of a process that still runs stays watched, so that it is reaped. */
  @Override
  public void close() {
    descriptors.lock();
    try {
      for (int which = 0; which < 2; which++) {
        if (pipes[which] == CLOSED) {
          continue;
        }
        if (held[which]) {
          Libc.close(pipes[which]);
        } else {
          loop.unwatchAndClose(pipes[which]);
        }
        pipes[which] = CLOSED;
      }
      forgetWhenDone();
    } finally {
      descriptors.unlock();
    }
  }
}
