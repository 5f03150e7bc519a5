package dev.regatta.process;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * How busy the machine is.
 *
 * @param average the load average of the last minute; below zero where the system does not tell
 */
public record MachineLoad(double average) {
  /** From this load on a limit that is usually long enough is not. */
  public static final double BUSY = 14;

  private static final int BUSY_FACTOR = 3;

  /** The load now. */
  public static MachineLoad now() {
    return new MachineLoad(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  /** By how much time limits are multiplied: 3 on a busy machine, else 1. */
  public int limitFactor() {
    return average >= BUSY ? BUSY_FACTOR : 1;
  }

  /** The load in words. */
  public String describe() {
    return average < 0 ? "unknown" : String.format(Locale.ROOT, "%.2f", average);
  }
}
