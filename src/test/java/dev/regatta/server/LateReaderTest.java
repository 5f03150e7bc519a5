package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.process.Child;
import dev.regatta.process.ChildCommand;
import dev.regatta.process.LateLauncher;
import dev.regatta.process.Launcher;
import dev.regatta.process.Mark;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** A machine that is so busy that it hears of a process's end long after it. */
@Timeout(60)
class LateReaderTest {
  @TempDir Path folder;

  @Test
  void whatAProcessPrintedIsToldAlsoWhenItsEndWasHeardOfFirstAndLate() throws Exception {
    ObjectNode params = Notices.object().put("command", "only told");
    String script = "for i in 1 2 3 4 5; do echo $i; sleep 0.02; done; echo 6 >&2";
    Map<String, String> environment = Map.of("PATH", System.getenv("PATH"));
    Mark mark = Mark.of("late", "1", environment);
    try (Launcher launcher = new LateLauncher();
        OutputLog log = new OutputLog(true, new Spill(folder, "1", 1 << 20))) {
      Child child =
          launcher.start(
              new ChildCommand(
                  Path.of("/bin/sh"),
                  List.of("sh", "-c", script),
                  environment,
                  folder,
                  Optional.empty()));
      Execution execution =
          new Execution(
              ExecuteRequest.of(params),
              Optional.empty(),
              child,
              mark,
              log,
              new Sweeping(launcher.leftovers()),
              Duration.ofSeconds(1),
              over -> {});
      execution.begin(Optional.empty());
      execution.awaitOver();
      String told =
          log.reader(1, reader -> {}).take(1 << 20).entries().stream()
              .filter(Entry::output)
              .map(entry -> Notices.JSON.readTree(entry.json()).at("/params/data").asString())
              .collect(Collectors.joining());
      assertThat(told).isEqualTo("1\n2\n3\n4\n5\n6\n");
    }
  }
}
