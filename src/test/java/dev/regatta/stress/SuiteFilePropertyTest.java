package dev.regatta.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No text does worse than be refused, and what is read can be listed and linted. */
class SuiteFilePropertyTest {
  private static final List<String> PIECES =
      List.of(
          "a",
          "9",
          "-1",
          " ",
          "\n",
          ":",
          "- ",
          "'",
          "\"",
          "{}",
          "[]",
          "[",
          "null",
          "true",
          "1e9",
          "${REQUEST}",
          "$(",
          "`",
          "(",
          "é",
          "id",
          "tests",
          "\u0001",
          "{a: 1}",
          "\\");

  private static final String SAMPLE =
      """
      categories:
        simple:
          timeout: 5
          tasks:
            - {id: a, command: 'echo "${REQUEST}"', natural_language_request: q, timeout: 3}
            - id: b
              command_template: "cat ${MARKER}"
              temperature_range: [0.1, 1]
              verification:
                expected_patterns: [x, {regex: 'a(b)'}, {number: '(1)', at_least: 1}, {json: '$.a[0]', equals: 2}]
                files: [{path: a/b, contains: [x]}]
      execution_config: {retry_delays: [1, 2], max_concurrent: 3}
      """;

  @TempDir Path folder;

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void noTextDoesWorseThanBeRefused() {
    int read = 0;
    for (long seed = 1; seed <= 1500; seed++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      String text = mutated(random);
      try {
        SuiteFile file = Suites.read(folder, "suite.yaml", text);
        assertThat(file.suite().tasks()).isNotEmpty();
        file.suite().tasks().forEach(task -> TaskCommand.of(task, Instant.EPOCH));
        Lint.of(file);
        read++;
      } catch (SuiteProblem e) {
        assertThat(e.faults()).isNotEmpty().allMatch(fault -> fault.startsWith("suite.yaml"));
        assertThat(e.getMessage().replace("\n", "")).doesNotContainPattern("\\p{Cntrl}");
      } catch (RuntimeException e) {
        fail("seed " + seed + ": " + text, e);
      }
    }
    assertThat(read).as("some are still suites").isPositive();
  }

  private static String mutated(RandomGenerator random) {
    StringBuilder text = new StringBuilder(SAMPLE);
    for (int change = random.nextInt(1, 4); change > 0; change--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 1 -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(1, 8)));
        default ->
            text.replace(
                at,
                Math.min(text.length(), at + random.nextInt(1, 4)),
                PIECES.get(random.nextInt(PIECES.size())));
      }
    }
    return text.toString();
  }
}
