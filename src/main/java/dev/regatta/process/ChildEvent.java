package dev.regatta.process;

import org.jspecify.annotations.Nullable;

/**
 * What a child does, in the order in which it was seen. All times are raw readings of the monotonic
 * clock ({@link System#nanoTime()}).
 */
public sealed interface ChildEvent {

  /** When it was seen. */
  long nanos();

  /**
   * It printed something.
   *
   * @param channel where
   * @param bytes what; the receiver owns the array
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Output(Channel channel, byte[] bytes, long nanos) implements ChildEvent {}

  /** Nobody can print on that channel any more: every process that held it open is gone. */
  record Closed(Channel channel, long nanos) implements ChildEvent {}

  /**
   * The process itself is gone, and reaped. Children of it may still live and print.
   *
   * @param exitCode its exit code, or null if a signal ended it
   * @param signal the number of that signal, or null
   * @param cpuSeconds user and system time of it and the children it waited for, or null where the
   *     platform does not tell
   * @param peakMemoryBytes the largest resident set of any of them, or null likewise
   */
  record Exited(
      @Nullable Integer exitCode,
      @Nullable Integer signal,
      @Nullable Double cpuSeconds,
      @Nullable Long peakMemoryBytes,
      long nanos)
      implements ChildEvent {}

  /** Somebody asked the reader to look up: see {@link Child#nudge()}. */
  record Nudged(long nanos) implements ChildEvent {}
}
