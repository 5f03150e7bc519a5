package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regatta.journal.Event;
import dev.regatta.journal.JournalBroken;
import dev.regatta.journal.JournalReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeTest {
  @TempDir Path home;
  private final Cancellation cancellation = new Cancellation();

  @Test
  void goingOnWithARunThatIsAliveLeavesItsJournalAlone() throws Exception {
    RunFolder folder = RunFolder.prepare(home.resolve("runs/test"));
    RunOpening opening = TestRuns.opening(home, cancellation);
    try (Run run = opening.open("test", folder)) {
      // As in the middle of the living writer's write: the line has no end yet.
      byte[] whole = Files.readAllBytes(folder.journal());
      Files.write(folder.journal(), "{\"seq\":2".getBytes("UTF-8"), StandardOpenOption.APPEND);
      assertThatThrownBy(() -> opening.resume("test", folder)).isInstanceOf(RunBusy.class);
      assertThat(Files.size(folder.journal())).isEqualTo(whole.length + 8L);
      Files.write(folder.journal(), whole);
      run.record(new Event.Noted("info", "still writing"));
    }
    assertThat(JournalReader.read(folder.journal()).integrity())
        .isEqualTo(new JournalReader.Intact());
  }

  @Test
  void aJournalThatCannotBeGoneOnWithLeavesTheRunUnclaimed() throws Exception {
    RunFolder folder = RunFolder.prepare(home.resolve("runs/test"));
    Files.writeString(folder.journal(), "not a journal\n");
    RunOpening opening = TestRuns.opening(home, cancellation);
    for (int time = 0; time < 2; time++) {
      assertThatThrownBy(() -> opening.resume("test", folder))
          .as("not as if it were running")
          .isInstanceOf(JournalBroken.class)
          .hasMessageContaining("it is no journal line");
    }
    assertThat(new LiveRuns(home).dead()).isEmpty();
  }
}
