package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveRunsTest {
  @TempDir Path home;

  @Test
  void aLivingRunIsNeitherDeadNorClaimedTwice() {
    LiveRuns runs = new LiveRuns(home);
    try (LiveRuns.Claim claim =
        runs.claim("r", home.resolve("f"), Optional.empty()).orElseThrow()) {
      assertThat(claim.file()).exists();
      assertThat(runs.claim("r", home.resolve("f"), Optional.empty())).isEmpty();
      assertThat(runs.dead()).isEmpty();
    }
    assertThat(runs.dead()).isEmpty();
  }

  @Test
  void aRunWhoseOrchestratorIsGoneIsFoundOnceWithItsFolderAndGroup() throws Exception {
    Files.createDirectories(home.resolve("live"));
    Files.writeString(home.resolve("live/r1"), "/the/folder\n/the/group\n");
    Files.writeString(home.resolve("live/r2"), "");
    LiveRuns runs = new LiveRuns(home);
    List<LiveRuns.Dead> dead =
        runs.dead().stream().sorted((a, b) -> a.run().compareTo(b.run())).toList();
    assertThat(dead).extracting(LiveRuns.Dead::run).containsExactly("r1", "r2");
    assertThat(dead.getFirst().folder()).isEqualTo(Path.of("/the/folder"));
    assertThat(dead.getFirst().cgroup()).contains(Path.of("/the/group"));
    assertThat(runs.dead()).as("claimed by us meanwhile").isEmpty();
    dead.forEach(run -> run.claim().close());
    assertThat(home.resolve("live")).isEmptyDirectory();
  }

  @Test
  void whereNothingWasEverRunNothingIsDead() {
    assertThat(new LiveRuns(home.resolve("absent")).dead()).isEmpty();
  }
}
