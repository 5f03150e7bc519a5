package dev.regatta.cli;

import static org.awaitility.Awaitility.await;

import dev.regatta.run.Cancellation;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import sun.misc.Signal;

class InterruptsTest {
  @Test
  void ctrlCStopsTheRunThoughNobodyReadsStandardError() throws IOException {
    Cancellation cancellation = new Cancellation();
    // Closing the pipe's end lets go of the handler that waits for room in it.
    try (PipedInputStream unread = new PipedInputStream(1024);
        PrintStream err =
            new PrintStream(new PipedOutputStream(unread), true, StandardCharsets.UTF_8);
        Interrupts interrupts = new Interrupts(cancellation, err)) {
      err.print("x".repeat(1024));
      Signal.raise(new Signal("INT"));
      await().until(cancellation::requested);
      unread.close();
    }
  }
}
