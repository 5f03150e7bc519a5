package dev.regatta.run;

import dev.regatta.agent.Adapter;
import dev.regatta.agent.CommandAdapter;
import dev.regatta.agent.Permissions;
import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.RunClock;
import dev.regatta.process.Limits;
import dev.regatta.secret.Redactor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Real runs in a test's folder. */
public final class TestRuns {
  private TestRuns() {}

  public static Run open(Path home, Cancellation cancellation) {
    return opening(home, cancellation).open("test", RunFolder.prepare(home.resolve("runs/test")));
  }

  static RunOpening opening(Path home, Cancellation cancellation) {
    return new RunOpening(
        home,
        "run",
        "test",
        RunClock.system(),
        new Redactor(List.of()),
        cancellation,
        Map.of("PATH", System.getenv("PATH")),
        Optional.empty(),
        false,
        Map.of(),
        Map.of());
  }

  static RunSettings settings(Path home, int parallel, int retries, Limits limits) {
    return settings(home, parallel, retries, limits, new CommandAdapter());
  }

  static RunSettings settings(
      Path home, int parallel, int retries, Limits limits, Adapter adapter) {
    return new RunSettings(
        parallel,
        Map.of("command", adapter),
        "command",
        limits,
        1,
        retries,
        Permissions.LEAST,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        false,
        home,
        home.resolve("config"),
        new RunSettings.Stagger.By(Duration.ZERO));
  }

  static Task shell(String name, String script) {
    return Task.ofCommand(name, List.of("sh", "-c", script));
  }

  static List<Event> events(Path home) {
    return JournalReader.read(home.resolve("runs/test/journal.jsonl")).events();
  }

  public static <E extends Event> List<E> events(Path home, Class<E> type) {
    return events(home).stream().filter(type::isInstance).map(type::cast).toList();
  }

  static Limits timeout(Duration whole) {
    return new Limits(Optional.of(whole), Optional.empty(), Optional.empty());
  }
}
