package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Event;
import dev.regatta.run.Cancellation;
import dev.regatta.run.Run;
import dev.regatta.run.TestRuns;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetTest {
  @TempDir Path home;

  @Test
  void theJournalSaysThatABusyMachineGotLongerLimits() {
    try (Run run = TestRuns.open(home, new Cancellation())) {
      Fleet.noteLongerLimits(run, 1);
      Fleet.noteLongerLimits(run, 3);
    }
    assertThat(TestRuns.events(home, Event.Noted.class))
        .extracting(Event.Noted::text)
        .containsExactly("the machine was busy at the start, so time limits are 3 times as long");
  }
}
