package dev.regatta.doctor;

import dev.regatta.agent.ClaudeAdapter;
import dev.regatta.process.MachineLoad;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The JDK, cores, memory and load, with what they mean. */
record MachineCheck(MachineLoad load) implements Check {
  /** From here on times that are measured are longer than they need to be. */
  private static final double HIGH = 5;

  private static final long SHORT_BYTES = 1L << 30;
  private static final long AGENT_BYTES = 280_000_000;
  private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+(\\d{1,15}) kB$");

  @Override
  public String id() {
    return "machine";
  }

  @Override
  public List<Finding> findings() {
    return List.of(java(), cores(Runtime.getRuntime().availableProcessors()), memory(), busy());
  }

  private static Finding java() {
    return Diagnosis.JAVA.says(
        Runtime.version()
            + " ("
            + System.getProperty("java.vendor")
            + "), "
            + System.getProperty("java.home"));
  }

  static Finding cores(int cores) {
    Optional<Duration> gap = new ClaudeAdapter(Path.of("claude")).stagger(cores);
    String starts =
        gap.map(pause ->
                String.format(
                    Locale.ROOT,
                    "; regatta run spaces starts of claude by %.1f s",
                    pause.toMillis() / 1000.0))
            .orElse("");
    return Diagnosis.CORES.says(cores + (cores == 1 ? " core" : " cores") + starts);
  }

  private static Finding memory() {
    long total =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize() // knows the limit of a container too
            : 0;
    return memory(total, available(Path.of("/proc/meminfo")));
  }

  static OptionalLong available(Path meminfo) {
    try {
      Matcher line = AVAILABLE.matcher(Files.readString(meminfo));
      return line.find()
          ? OptionalLong.of(Long.parseLong(line.group(1)) * 1024)
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty(); // not a Linux
    }
  }

  static Finding memory(long total, OptionalLong available) {
    if (available.isEmpty()) {
      return Diagnosis.MEMORY_UNKNOWN.says(
          Bytes.words(total) + " in all, unknown how much is free");
    }
    long usable = total > 0 ? Math.min(available.getAsLong(), total) : available.getAsLong();
    String found =
        Bytes.words(usable)
            + " of "
            + Bytes.words(total)
            + " available, enough for about "
            + usable / AGENT_BYTES
            + " agents at once";
    return (usable < SHORT_BYTES ? Diagnosis.MEMORY_SHORT : Diagnosis.MEMORY).says(found);
  }

  private Finding busy() {
    if (load.average() < 0) {
      return Diagnosis.LOAD_UNKNOWN.says("the system does not say its load");
    }
    if (load.limitFactor() > 1) {
      return Diagnosis.LOAD_BUSY.says(
          load.describe()
              + ": the machine is busy, so time limits are "
              + load.limitFactor()
              + " times as long");
    }
    return load.average() >= HIGH
        ? Diagnosis.LOAD_HIGH.says(
            load.describe() + ": times will be longer; time limits are the usual ones")
        : Diagnosis.LOAD.says(load.describe() + ": time limits are the usual ones");
  }
}
