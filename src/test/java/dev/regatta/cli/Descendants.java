package dev.regatta.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks again and again at all processes that carry an attempt's mark, for what they must not hold.
 */
final class Descendants implements AutoCloseable {
  /** Shorter than any process of an attempt lives; without it, this takes a core from them. */
  private static final long PAUSE_NANOS = 20_000_000;

  private final String token;
  private final Set<Long> looked = ConcurrentHashMap.newKeySet();
  private final Set<String> holders = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean over = new AtomicBoolean();
  private final Thread looking;

  Descendants(String token) {
    this.token = token;
    this.looking = Thread.ofPlatform().daemon().start(this::look);
  }

  private void look() {
    while (!over.get()) {
      ProcessHandle.allProcesses().forEach(this::look);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void look(ProcessHandle process) {
    String environment = read(process.pid(), "environ");
    if (environment.contains("REGATTA_ATTEMPT=")) {
      looked.add(process.pid());
      String all = environment + read(process.pid(), "cmdline");
      if (all.contains(token)) {
        holders.add(process.pid() + ": " + read(process.pid(), "cmdline"));
      }
    }
  }

  private static String read(long pid, String what) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/" + what), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // it ended
    }
  }

  Set<Long> looked() {
    return looked;
  }

  Set<String> holders() {
    return holders;
  }

  @Override
  public void close() throws InterruptedException {
    over.set(true);
    looking.join();
  }
}
