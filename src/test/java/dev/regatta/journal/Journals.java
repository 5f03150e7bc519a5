package dev.regatta.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** Journals for tests, by a clock that goes on by a millisecond at each look. */
final class Journals {
  private Journals() {}

  static RunClock clock() {
    AtomicLong nanos = new AtomicLong(5_000_000_000L);
    return new RunClock(
        InstantSource.fixed(Instant.parse("2026-11-21T09:14:02.5Z")),
        () -> nanos.getAndAdd(1_000_000),
        ZoneId.of("Europe/Berlin"));
  }

  static void write(Path file, List<? extends Event> events) {
    try (Journal journal = Journal.create(file, clock(), UnaryOperator.identity())) {
      events.forEach(journal::append);
    }
  }

  /** A journal with so many plain lines. */
  static byte[] lines(Path file, int count) throws IOException {
    try (Journal journal = Journal.create(file, clock(), UnaryOperator.identity())) {
      for (int i = 1; i <= count; i++) {
        journal.append(new Event.Noted("info", "line " + i + " of ünïcode"));
      }
    }
    return Files.readAllBytes(file);
  }
}
