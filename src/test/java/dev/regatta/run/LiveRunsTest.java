package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
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
    Files.writeString(home.resolve("live/r2"), "/another/folder\n\n");
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

  @Test
  void lookingFindsTheDeadWithoutClaimingThem() throws Exception {
    LiveRuns runs = new LiveRuns(home);
    Files.createDirectories(home.resolve("live"));
    Files.writeString(home.resolve("live/r2"), "/the/folder");
    Files.writeString(home.resolve("live/r1"), "/another/folder");
    assertThat(runs.abandoned()).containsExactly("r1", "r2");
    assertThat(runs.abandoned()).as("still there").containsExactly("r1", "r2");
    assertThat(home.resolve("live/r2")).hasContent("/the/folder");
    List<LiveRuns.Dead> dead = runs.dead();
    assertThat(dead).as("and others can still clear up").hasSize(2);
    dead.forEach(run -> run.claim().close());
    assertThat(runs.abandoned()).isEmpty();
    assertThat(new LiveRuns(home.resolve("absent")).abandoned()).isEmpty();
  }

  @Test
  void aRunThatAnotherProcessOrchestratesIsNotAbandoned() throws Exception {
    Process other = another(Orchestrator.class);
    LiveRuns runs = new LiveRuns(home);
    try {
      assertThat(other.getInputStream().read()).as("it has claimed its run").isEqualTo('c');
      assertThat(runs.abandoned()).isEmpty();
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertThat(runs.abandoned()).containsExactly("r");
  }

  @Test
  void lookingAtALivingRunDoesNotEndItsClaimForOthers() throws Exception {
    LiveRuns runs = new LiveRuns(home);
    try (LiveRuns.Claim claim =
        runs.claim("r", home.resolve("f"), Optional.empty()).orElseThrow()) {
      assertThat(runs.dead()).isEmpty();
      assertThat(runs.abandoned()).isEmpty();
      assertThat(runs.claim("r", home.resolve("f"), Optional.empty())).isEmpty();
      assertThat(deadAsAnotherProcessSeesIt()).isEmpty();
      assertThat(claim.file()).exists();
    }
    assertThat(runs.claim("r", home.resolve("f"), Optional.empty()))
        .as("given up, it can be claimed again")
        .hasValueSatisfying(LiveRuns.Claim::close);
  }

  @Test
  void aDeadRunThatIsBeingClearedUpAfterIsNotTakenByAnotherProcess() throws Exception {
    Files.createDirectories(home.resolve("live"));
    Files.writeString(home.resolve("live/r"), "/the/folder\n\n");
    List<LiveRuns.Dead> dead = new LiveRuns(home).dead();
    assertThat(dead).hasSize(1);
    assertThat(deadAsAnotherProcessSeesIt()).as("it is ours since we found it").isEmpty();
    dead.getFirst().claim().close();
    assertThat(home.resolve("live")).isEmptyDirectory();
  }

  @Test
  void aFileWithNothingInItIsARunThatIsBeingClaimedAndNotDead() throws Exception {
    Files.createDirectories(home.resolve("live"));
    Files.createFile(home.resolve("live/r"));
    LiveRuns runs = new LiveRuns(home);
    assertThat(runs.dead()).isEmpty();
    assertThat(runs.abandoned()).isEmpty();
    assertThat(runs.claim("r", home.resolve("f"), Optional.empty()))
        .hasValueSatisfying(LiveRuns.Claim::close);
  }

  @Test
  void whoLooksWhileRunsBeginAndEndFindsNoneDeadAndKeepsNoneFromBeginning() throws Exception {
    Process looking = another(Watcher.class);
    LiveRuns runs = new LiveRuns(home);
    assertThat(looking.getInputStream().read()).as("it looks").isEqualTo('l');
    for (int run = 0; run < 3000; run++) {
      runs.claim("r" + run % 3, home.resolve("f"), Optional.empty()).orElseThrow().close();
    }
    looking.getOutputStream().close();
    assertThat(new String(looking.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEmpty();
    assertThat(looking.waitFor()).isZero();
    assertThat(home.resolve("live")).isEmptyDirectory();
  }

  private String deadAsAnotherProcessSeesIt() throws Exception {
    Process other = another(Onlooker.class);
    String seen = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(other.waitFor()).isZero();
    return seen;
  }

  private Process another(Class<?> program) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            program.getName(),
            home.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Looks for dead runs until nobody wants to know any more, and prints those it found. */
  static final class Watcher {
    public static void main(String[] arguments) throws Exception {
      LiveRuns runs = new LiveRuns(Path.of(arguments[0]));
      Thread until =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  System.in.read();
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      System.out.print('l');
      System.out.flush();
      while (until.isAlive()) {
        runs.abandoned().forEach(run -> System.out.println("abandoned " + run));
        for (LiveRuns.Dead dead : runs.dead()) {
          System.out.println("dead " + dead.run());
          dead.claim().close();
        }
      }
    }
  }

  /** Prints the runs that it takes for dead. */
  static final class Onlooker {
    public static void main(String[] arguments) {
      new LiveRuns(Path.of(arguments[0])).dead().forEach(dead -> System.out.println(dead.run()));
    }
  }

  /** Claims a run, says so, and lives until it is killed. */
  static final class Orchestrator {
    public static void main(String[] arguments) throws Exception {
      new LiveRuns(Path.of(arguments[0])).claim("r", Path.of("/f"), Optional.empty()).orElseThrow();
      System.out.print('c');
      System.out.flush();
      System.in.read();
    }
  }
}
