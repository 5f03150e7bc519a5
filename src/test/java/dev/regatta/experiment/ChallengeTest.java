package dev.regatta.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.journal.Event;
import dev.regatta.journal.RunClock;
import dev.regatta.run.Inspection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChallengeTest {
  private static final Challenge CHALLENGE = new Challenge("a3f9-07bc-e21d");
  private static final String TRANSFORMED = "e21d-07bc-a3f9";

  @TempDir Path folder;

  @Test
  void theGroupsMustComeBackInReverseOrder() {
    assertThat(CHALLENGE.expected()).isEqualTo(TRANSFORMED);
  }

  @Test
  void thePromptHoldsTheMarkerButNotItsAnswer() {
    String prompt =
        CHALLENGE.prompt("What is the capital of Norway?", folder, Optional.of("Write"));
    assertThat(prompt)
        .startsWith("What is the capital of Norway?\n")
        .contains("a3f9-07bc-e21d")
        .contains(folder.resolve("answer.txt").toString())
        .doesNotContain(TRANSFORMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Oslo e21d-07bc-a3f9",
        "e21d-07bc-a3f9",
        "Oslo **e21d-07bc-a3f9**.",
        "`e21d-07bc-a3f9`\n",
        "You gave a3f9-07bc-e21d; Oslo, e21d-07bc-a3f9"
      })
  void anAnswerThatCarriesTheTransformedMarkerPasses(String answer) throws IOException {
    Files.writeString(folder.resolve("answer.txt"), TRANSFORMED + "\n");
    Inspection.Finding finding = inspect(answer);
    assertThat(finding.failure()).isEmpty();
    assertThat(finding.events())
        .hasSize(2)
        .contains(new Event.ChallengeChecked("r1-parallel-2", "a3f9-07bc-e21d", TRANSFORMED, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Oslo",
        "Oslo a3f9-07bc-e21d", // not transformed
        "Oslo 5b11-90cd-77aa", // a replay of another attempt's
        "Oslo e21d-07bc-a3f8",
        "Oslo e21d-a3f9-07bc",
        "Oslo e21d07bca3f9",
        "Oslo e21d-07bc-a3f9-0000", // within a longer one
        "Oslo 0e21d-07bc-a3f9",
        "Oslo e21d - 07bc - a3f9",
        "Oslo E21D-07BC-A3F9"
      })
  void anAnswerWithoutItFailsHoweverNear(String answer) throws IOException {
    Files.writeString(folder.resolve("answer.txt"), TRANSFORMED);
    Inspection.Finding finding = inspect(answer);
    assertThat(finding.failure()).contains("the answer does not carry the reordered marker");
    assertThat(finding.events())
        .contains(
            new Event.ChallengeChecked("r1-parallel-2", "a3f9-07bc-e21d", TRANSFORMED, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a3f9-07bc-e21d",
        "e21d-07bc-a3f9 and more",
        "e21d-07bc-a3f9\ne21d-07bc-a3f9",
        "",
        "e21d-07bc-a3f8"
      })
  void aFileThatHoldsAnythingElseFails(String content) throws IOException {
    Files.writeString(folder.resolve("answer.txt"), content);
    assertThat(inspect("Oslo " + TRANSFORMED).failure())
        .contains("answer.txt does not hold the reordered marker alone");
  }

  @Test
  void whatComesAfterALongBlankCountsToo() throws IOException {
    Files.writeString(
        folder.resolve("answer.txt"), TRANSFORMED + " ".repeat(5000) + "and something else");
    assertThat(inspect(TRANSFORMED).failure()).isPresent();
  }

  @Test
  void aMissingFileAFolderOrALinkFails() throws IOException {
    assertThat(inspect(TRANSFORMED).failure()).contains("answer.txt is missing");
    Path file = folder.resolve("answer.txt");
    Files.createDirectory(file);
    assertThat(inspect(TRANSFORMED).failure()).contains("answer.txt is no plain file");
    Files.delete(file);
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), TRANSFORMED);
    Files.createSymbolicLink(file, elsewhere);
    assertThat(inspect(TRANSFORMED).failure()).contains("answer.txt is no plain file");
  }

  @Test
  void theLookAtTheFileIsWrittenDownWithItsTime() throws IOException {
    Files.writeString(folder.resolve("answer.txt"), TRANSFORMED);
    RunClock clock = RunClock.system();
    long before = clock.nanos();
    Inspection.Finding finding =
        CHALLENGE.inspection("r1-parallel-2", folder).inspect(TRANSFORMED, clock);
    assertThat(finding.events().getFirst())
        .isInstanceOfSatisfying(
            Event.ArtifactVerified.class,
            look -> {
              assertThat(look.passed()).isTrue();
              assertThat(look.path()).isEqualTo("answer.txt");
              assertThat(look.verifiedNanos()).isBetween(before, clock.nanos());
            });
  }

  @Test
  void bothFailuresAreTold() throws IOException {
    assertThat(inspect("Oslo").failure())
        .contains("answer.txt is missing; the answer does not carry the reordered marker");
  }

  @Test
  void noMarkerIsItsOwnAnswer() {
    Iterator<Integer> drawn = List.of(7, 7, 9, 9, 1, 2, 3).iterator();
    RandomGenerator twins =
        new RandomGenerator() {
          @Override
          public long nextLong() {
            throw new AssertionError("only whole groups are drawn");
          }

          @Override
          public int nextInt(int bound) {
            return drawn.next();
          }
        };
    Challenge challenge = Challenge.fresh(twins);
    assertThat(challenge.expected()).isNotEqualTo(challenge.marker());
  }

  @Test
  void markersHaveTheirFormAndDiffer() {
    Random random = new Random(9);
    assertThat(java.util.stream.Stream.generate(() -> Challenge.fresh(random)).limit(1000))
        .doesNotHaveDuplicates()
        .allMatch(challenge -> challenge.marker().matches("[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}"))
        .noneMatch(challenge -> challenge.marker().equals(challenge.expected()));
  }

  private Inspection.Finding inspect(String answer) {
    return CHALLENGE.inspection("r1-parallel-2", folder).inspect(answer, RunClock.system());
  }

  @Test
  void whoHasToStartOthersIsToldWithWhichToolAndWithWhatExactly() {
    Challenge challenge = new Challenge("a1b2-c3d4-e5f6");
    String prompt =
        challenge.promptOfParent("Why?", Path.of("/w"), Optional.of("Write"), "{\"tasks\":[]}");
    assertThat(prompt)
        .startsWith("Why?\nFirst write the file /w/answer.txt")
        .contains(
            "\nThen call the tool spawn_agents of the MCP server regatta once, with the input"
                + " {\"tasks\":[]}, and wait for what it gives.\n")
        .endsWith("at the end that same reordered marker of yours.");
    assertThat(prompt).doesNotContain(challenge.expected());
  }
}
