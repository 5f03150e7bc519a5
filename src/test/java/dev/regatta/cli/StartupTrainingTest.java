package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartupTrainingTest {
  @TempDir Path folder;

  @Test
  void everyCommandOfTheTrainingDoesItsWork() throws Exception {
    for (String training : new String[] {"pages", "work"}) {
      StartupTraining.main(new String[] {training, folder.toString()}); // throws when one does not
    }

    try (var runs = Files.list(folder.resolve(".regatta/runs"))) {
      assertThat(runs).hasSize(2);
    }
  }
}
