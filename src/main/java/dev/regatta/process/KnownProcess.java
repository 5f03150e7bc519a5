package dev.regatta.process;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A process by what no other can have: its id, and when it started.
 *
 * @param pid its id
 * @param startTicks its start, clock ticks since boot; where there is no {@code /proc}, as on
 *     macOS, milliseconds since 1970; 0 where the system tells neither
 */
public record KnownProcess(long pid, long startTicks) {
  private static final boolean TABLE = ProcessTable.present();

  /** This one. */
  public static KnownProcess self() {
    return of(ProcessHandle.current().pid());
  }

  /** The one that has that id now. */
  public static KnownProcess of(long pid) {
    return new KnownProcess(pid, start(pid).orElse(0L));
  }

  /** When the process that has that id now started; empty if none has, or it has ended. */
  private static Optional<Long> start(long pid) {
    return TABLE
        ? ProcessTable.read(pid).filter(row -> !row.zombie()).map(ProcessTable.Row::startTicks)
        : startMillis(pid);
  }

  /** The same where {@code /proc} is not. */
  static Optional<Long> startMillis(long pid) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .flatMap(handle -> handle.info().startInstant())
        .map(Instant::toEpochMilli);
  }

  /** Whether it is there, and is not another process that was given its id. */
  public boolean lives() {
    return startTicks > 0 && start(pid).filter(now -> now == startTicks).isPresent();
  }

  /**
   * Sends it a signal, to it alone; one that ended meanwhile gets none, nor does whoever has its id
   * now.
   *
   * @return whether it was there to get it, and was ours to send it to
   */
  public boolean signal(Signal signal) {
    return lives()
        && (PosixLauncher.available()
            ? Libc.kill((int) pid, signal.number()) >= 0
            : ProcessHandle.of(pid)
                .filter(handle -> PortableLauncher.kill(signal, List.of(handle)))
                .isPresent());
  }
}
