package dev.regatta.process;

/**
 * A process by what no other can have: its id, and when it started.
 *
 * @param pid its id
 * @param startTicks its start, clock ticks since boot; 0 where the system doesn't tell
 */
public record KnownProcess(long pid, long startTicks) {

  /** This one. */
  public static KnownProcess self() {
    long pid = ProcessHandle.current().pid();
    return new KnownProcess(
        pid, ProcessTable.read(pid).map(ProcessTable.Row::startTicks).orElse(0L));
  }

  /** Whether it is there, and is not another process that was given its id. */
  public boolean lives() {
    return startTicks > 0
        && ProcessTable.read(pid)
            .filter(now -> now.startTicks() == startTicks && !now.zombie())
            .isPresent();
  }

  /**
   * Sends it a signal, to it alone; one that ended meanwhile gets none, nor does whoever has its id
   * now.
   *
   * @return whether it was there to get it, and was ours to send it to
   */
  public boolean signal(Signal signal) {
    return lives() && Libc.kill((int) pid, signal.number()) >= 0;
  }
}
