package dev.regatta.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page about agents tells the times that the program keeps to. */
class AgentsDocumentTest {
  @Test
  void theGraceTimesOfStoppingAreThoseOfTheProgram() throws IOException {
    StopLadder.Graces graces = StopLadder.Graces.USUAL;
    assertThat(
            Files.readString(Path.of(System.getProperty("regatta.project"), "docs/agents.md"))
                .replace('\n', ' '))
        .contains(
            "INT to its process group, and %d s later TERM, and %d s after that KILL"
                .formatted(
                    graces.afterInterrupt().toSeconds(), graces.afterTerminate().toSeconds()),
            "gets TERM, and %d s later KILL".formatted(Leftovers.POLITE_NANOS / 1_000_000_000));
  }
}
