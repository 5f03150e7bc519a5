package dev.regatta.journal;

import java.nio.file.Path;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Appends to a journal until it is killed, and says each line that is written. */
final class JournalWriterProgram {
  private JournalWriterProgram() {}

  public static void main(String[] arguments) {
    Random random = new Random(Long.parseLong(arguments[1]));
    try (Journal journal =
        Journal.create(Path.of(arguments[0]), RunClock.system(), UnaryOperator.identity())) {
      for (int line = 1; ; line++) {
        int length = random.nextInt(10) == 0 ? 300_000 : random.nextInt(2_000);
        journal.append(new Event.Noted("info", line + " " + "x".repeat(length)));
        System.out.println(line);
        System.out.flush();
      }
    }
  }
}
