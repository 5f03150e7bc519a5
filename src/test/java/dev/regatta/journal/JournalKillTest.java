package dev.regatta.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A writer that is killed loses at most the line it was writing. */
class JournalKillTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatWasWrittenBeforeAKillIsThereAndCanBeGoneOnWith(long seed) throws Exception {
    Path file = folder.resolve("journal.jsonl");
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.regatta.journal.JournalWriterProgram",
                file.toString(),
                Long.toString(seed))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int said = 0;
    try (BufferedReader output = writer.inputReader()) {
      int enough = 20 + new Random(seed).nextInt(200);
      while (said < enough) {
        said = Integer.parseInt(output.readLine());
      }
      writer.toHandle().destroyForcibly(); // the Process itself would close its output
      assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        said = line.isEmpty() ? said : Integer.parseInt(line);
      }
    }
    JournalReader.Contents contents = JournalReader.read(file);
    assertThat(contents.integrity()).isNotInstanceOf(JournalReader.Broken.class);
    assertThat(contents.entries().size()).as("lines it said it wrote").isGreaterThanOrEqualTo(said);
    for (int i = 0; i < contents.entries().size(); i++) {
      assertThat(((Event.Noted) contents.events().get(i)).text()).startsWith((i + 1) + " ");
    }
    Event after = new Event.Noted("info", "after the kill");
    try (Journal journal = Journal.reopen(file, RunClock.system(), UnaryOperator.identity())) {
      journal.append(after);
    }
    JournalReader.Contents whole = JournalReader.read(file);
    assertThat(whole.integrity()).isEqualTo(new JournalReader.Intact());
    List<Event> events = whole.events();
    assertThat(events).hasSize(contents.entries().size() + 1).endsWith(after);
  }
}
