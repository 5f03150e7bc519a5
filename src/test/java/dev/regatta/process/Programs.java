package dev.regatta.process;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Small real programs for tests, and what they did. */
final class Programs {
  static final Map<String, String> ENVIRONMENT = Map.of("PATH", System.getenv("PATH"));

  private Programs() {}

  static ChildCommand shell(Path folder, String script) {
    return new ChildCommand(
        Path.of("/bin/sh"), List.of("sh", "-c", script), ENVIRONMENT, folder, Optional.empty());
  }

  static ChildCommand shell(Path folder, String script, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(ENVIRONMENT);
    environment.putAll(more);
    return new ChildCommand(
        Path.of("/bin/sh"), List.of("sh", "-c", script), environment, folder, Optional.empty());
  }

  /** Everything a child did until it was gone and its channels closed. */
  record Story(String output, String error, ChildEvent.Exited exit, List<ChildEvent> events) {}

  static Story read(Child child) throws InterruptedException {
    List<ChildEvent> events = new ArrayList<>();
    StringBuilder output = new StringBuilder();
    StringBuilder error = new StringBuilder();
    ChildEvent.Exited exit = null;
    int closed = 0;
    while (exit == null || closed < 2) {
      ChildEvent event = next(child);
      events.add(event);
      switch (event) {
        case ChildEvent.Output printed ->
            (printed.channel() == Channel.OUTPUT ? output : error)
                .append(new String(printed.bytes(), StandardCharsets.UTF_8));
        case ChildEvent.Closed ignored -> closed++;
        case ChildEvent.Exited exited -> exit = exited;
        case ChildEvent.Nudged ignored -> {}
      }
    }
    return new Story(output.toString(), error.toString(), exit, events);
  }

  static ChildEvent next(Child child) throws InterruptedException {
    ChildEvent event = child.next(Duration.ofSeconds(30).toNanos());
    if (event == null) {
      throw new AssertionError("the child did nothing for 30 seconds");
    }
    return event;
  }

  /** Reads until the child has printed a whole line, and gives all it printed till then. */
  static String firstLine(Child child) throws InterruptedException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\n") < 0) {
      if (next(child) instanceof ChildEvent.Output printed) {
        text.append(new String(printed.bytes(), StandardCharsets.UTF_8));
      }
    }
    return text.toString();
  }

  static ChildEvent.Exited exit(Child child) throws InterruptedException {
    while (true) {
      if (next(child) instanceof ChildEvent.Exited exited) {
        return exited;
      }
    }
  }
}
