package dev.regatta.process;

import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A running child. One thread reads its events; any thread may signal or nudge.
 *
 * <p>A reader that is slow costs only this child: what waits for it is bounded in bytes, and the
 * child's pipe fills up instead.
 */
public interface Child extends AutoCloseable {

  /** Process id; also the id of its process group where {@link #ownsGroup()}. */
  long pid();

  /** Whether it leads a session and a process group of its own. */
  boolean ownsGroup();

  /** Start time in clock ticks since boot: with the pid its identity. 0 where unknown. */
  long startTicks();

  /** Monotonic reading just before it was asked for. */
  long spawnNanos();

  /** Monotonic reading just after it was there. */
  long spawnedNanos();

  /**
   * The next event.
   *
   * @param timeoutNanos how long to wait for one; 0 or less does not wait
   * @return null when none came in time
   */
  @Nullable ChildEvent next(long timeoutNanos) throws InterruptedException;

  /**
   * Lets somebody have a first look at outputs, so that a line that is dealt with at once wakes no
   * thread. He is asked on the thread that reads the pipes of all children, so he must not wait,
   * and only while no earlier output is in the reader's hands; a reader that is to have it gets it
   * as an event. After {@link #close} he is asked no more. Where each pipe has a thread of its own
   * he is never asked.
   *
   * @param taker tells whether he has dealt with it
   */
  void offer(Predicate<ChildEvent.Output> taker);

  /** Puts a {@link ChildEvent.Nudged} before its reader, to make it look at its own orders. */
  void nudge();

  /**
   * Sends a signal to its group (to it alone where it owns none).
   *
   * @return whether anyone was there to get it
   */
  boolean signal(Signal signal);

  /**
   * Sends STOP to its group, and returns when all of it stands still, or after a tenth of a second:
   * a CONT that follows then reaches everyone.
   */
  void pause();

  /** Whether anyone is left in its process group. */
  boolean groupAlive();

  /**
   * The environment that the process was really given, read back from the operating system.
   *
   * @return empty where the system does not show it, or the process is gone
   */
  Optional<Map<String, String>> givenEnvironment();

  /** Gives up its pipes; does not stop it. */
  @Override
  void close();
}
