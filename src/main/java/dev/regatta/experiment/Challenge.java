package dev.regatta.experiment;

import dev.regatta.journal.Event;
import dev.regatta.journal.RunClock;
import dev.regatta.run.Inspection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * A question that only a model that read it now can answer: a random marker, made for one attempt,
 * must come back transformed, in a file and in the answer. A replayed answer cannot hold it.
 *
 * @param marker three groups of four hexadecimal digits
 */
record Challenge(String marker) {
  /** Name of the file the agent has to write in its folder. */
  static final String FILE = "answer.txt";

  private static final int MOST_BYTES = 4096;

  /** A fresh one. Its outer groups differ: else the marker itself would be the answer. */
  static Challenge fresh(RandomGenerator random) {
    while (true) {
      int first = random.nextInt(0x10000);
      int last = random.nextInt(0x10000);
      if (first != last) {
        return new Challenge(
            String.format(Locale.ROOT, "%04x-%04x-%04x", first, random.nextInt(0x10000), last));
      }
    }
  }

  /** What must come back: the groups in reverse order. */
  String expected() {
    String[] groups = marker.split("-");
    return groups[2] + "-" + groups[1] + "-" + groups[0];
  }

  /** The whole prompt. The rehearsal server knows its form, so it changes there too. */
  String prompt(String question, Path folder) {
    return question
        + "\nFirst write the file "
        + folder.resolve(FILE)
        + " with the Write tool. Its only line is the marker "
        + marker
        + " with its three groups in reverse order, joined by hyphens."
        + "\nThen answer the question in one short line that ends with that same reordered marker.";
  }

  /** Looks whether the file and the answer hold it. */
  Inspection inspection(String attempt, Path folder) {
    return new Inspection() {
      @Override
      public Optional<String> expected() {
        return Optional.of(Challenge.this.expected());
      }

      @Override
      public Finding inspect(String answer, RunClock clock) {
        return look(attempt, folder, answer, clock);
      }
    };
  }

  private Inspection.Finding look(String attempt, Path folder, String answer, RunClock clock) {
    String found = fileFault(folder.resolve(FILE));
    Event.ArtifactVerified file =
        new Event.ArtifactVerified(
            attempt,
            FILE,
            found.isEmpty(),
            found.isEmpty() ? "holds the reordered marker" : found,
            clock.nanos());
    boolean answered = holds(answer);
    List<String> failures = new ArrayList<>();
    if (!found.isEmpty()) {
      failures.add(FILE + " " + found);
    }
    if (!answered) {
      failures.add("the answer does not carry the reordered marker");
    }
    return new Inspection.Finding(
        List.of(file, new Event.ChallengeChecked(attempt, marker, expected(), answered)),
        failures.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", failures)));
  }

  /** Whether it stands there whole: within a longer chain of digits it is another marker. */
  private boolean holds(String answer) {
    return Pattern.compile("(?<![0-9A-Za-z-])" + expected() + "(?![0-9A-Za-z-])")
        .matcher(answer)
        .find();
  }

  /** What is wrong with the file; empty if nothing. A link is not followed: it leads elsewhere. */
  private String fileFault(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? "is no plain file" : "is missing";
    }
    try (var stream = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] content = stream.readNBytes(MOST_BYTES + 1);
      boolean alone =
          content.length <= MOST_BYTES
              && new String(content, StandardCharsets.UTF_8).strip().equals(expected());
      return alone ? "" : "does not hold the reordered marker alone";
    } catch (IOException e) {
      return "cannot be read: " + e.getMessage();
    }
  }
}
