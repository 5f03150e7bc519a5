package dev.regatta.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What agents of one run leave for each other. Bounded, because any of them may be hostile; what
 * they write is made fit to be shown. Safe for many threads.
 */
public final class Notes {
  /** The longest note, in characters. */
  public static final int LONGEST = 4_000;

  /** How many one attempt may leave. */
  public static final int MOST_OF_ONE = 50;

  /** How many a run keeps. */
  public static final int MOST = 1_000;

  private final List<Note> all = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();

  /**
   * A note.
   *
   * @param number from 1, in the order they came
   * @param author the attempt whose agent wrote it
   */
  public record Note(int number, String author, String text) {}

  /** A note that is not taken; the message is for the agent to read. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String reason) {
      super(reason);
    }
  }

  synchronized Note post(String author, String text) throws Refused {
    if (text.isBlank()) {
      throw new Refused("a note must not be empty");
    }
    if (text.length() > LONGEST) {
      throw new Refused(
          "a note has at most " + LONGEST + " characters, and this one has " + text.length());
    }
    if (counts.getOrDefault(author, 0) >= MOST_OF_ONE) {
      throw new Refused("an agent may leave " + MOST_OF_ONE + " notes, and you have");
    }
    if (all.size() >= MOST) {
      throw new Refused("a run keeps " + MOST + " notes, and there are as many");
    }
    Note note = new Note(all.size() + 1, author, shown(text));
    all.add(note);
    counts.merge(author, 1, Integer::sum);
    return note;
  }

  private static String shown(String text) {
    return text.lines().map(Visible::of).collect(Collectors.joining("\n"));
  }

  /** Those after the one of that number, at most so many. */
  public synchronized List<Note> after(int number, int most) {
    int from = Math.clamp(number, 0, all.size());
    return List.copyOf(all.subList(from, Math.min(all.size(), from + most)));
  }
}
