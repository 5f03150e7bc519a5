package dev.regatta.cli;

import dev.regatta.run.Cancellation;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Turns Ctrl-C, a TERM and a closed terminal into the order to stop a run, for as long as it is
 * open. The first stops politely, the second at once.
 */
final class Interrupts implements AutoCloseable {
  private final Map<Signal, SignalHandler> before = new LinkedHashMap<>();

  Interrupts(Cancellation cancellation, PrintStream err) {
    for (String name : new String[] {"INT", "TERM", "HUP"}) {
      SignalHandler handler =
          signal -> {
            boolean again = cancellation.requested();
            cancellation.request(); // first: a standard error that nobody reads blocks what follows
            err.println(
                again
                    ? "regatta: stopping at once"
                    : "regatta: stopping what runs; once more stops it at once");
          };
      try {
        Signal signal = new Signal(name);
        before.put(signal, Signal.handle(signal, handler));
      } catch (IllegalArgumentException e) {
        // This system has no such signal, or the JVM was told to keep it (-Xrs): then the signal
        // does what it always does.
      }
    }
  }

  @Override
  public void close() {
    before.forEach(Signal::handle);
  }
}
