package dev.regatta.experiment;

import dev.regatta.agent.AgentTools;
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

  /**
   * The whole prompt. The rehearsal server knows its form, so it changes there too.
   *
   * @param tool the one with which the agent writes files, where it must be told
   */
  String prompt(String question, Path folder, Optional<String> tool) {
    return beginning(question, folder, tool)
        + "\nThen answer the question in one short line that ends with that same reordered marker.";
  }

  /**
   * The whole prompt of an agent that has to start others.
   *
   * @param tool the one with which the agent writes files, where it must be told
   * @param children what it has to hand to the tool that starts them, as JSON
   */
  String promptOfParent(String question, Path folder, Optional<String> tool, String children) {
    return beginning(question, folder, tool)
        + "\nThen call the tool "
        + AgentTools.SPAWN
        + " of the MCP server "
        + AgentTools.SERVER
        + " once, with the input "
        + children
        + ", and wait for what it gives."
        + "\nThen answer in one line: the answers that it gave, each as it stands with its own"
        + " marker, then your own short answer to the question, and at the end that same reordered"
        + " marker of yours.";
  }

  private String beginning(String question, Path folder, Optional<String> tool) {
    return question
        + "\nFirst write the file "
        + folder.resolve(FILE)
        + tool.map(name -> " with the " + name + " tool").orElse("")
        + ". Its only line is the marker "
        + marker
        + " with its three groups in reverse order, joined by hyphens.";
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
