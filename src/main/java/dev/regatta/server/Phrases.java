package dev.regatta.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Finds the first of many phrases in a line, small letters and capitals alike, with one step for
 * each byte however many phrases there are and whatever the line is (Aho and Corasick, 1975).
 */
final class Phrases {
  private static final int NONE = -1;

  private final List<String> phrases;
  private final int[] steps;
  private final int[] found;

  /**
   * Made once for all.
   *
   * @param phrases in small letters
   */
  Phrases(List<String> phrases) {
    this.phrases = List.copyOf(phrases);
    int states = 1;
    for (String phrase : phrases) {
      states += bytes(phrase).length;
    }
    this.steps = new int[states * 256];
    this.found = new int[states];
    Arrays.fill(steps, NONE);
    Arrays.fill(found, NONE);
    link(tree());
  }

  /**
   * Where a phrase was found.
   *
   * @param phrase which
   * @param end the place after it
   */
  record Place(String phrase, int end) {}

  private static byte[] bytes(String phrase) {
    return phrase.getBytes(StandardCharsets.UTF_8);
  }

  private int tree() {
    int states = 1;
    for (int i = 0; i < phrases.size(); i++) {
      int state = 0;
      for (byte each : bytes(phrases.get(i))) {
        int step = state * 256 + (each & 0xff);
        if (steps[step] == NONE) {
          steps[step] = states++;
        }
        state = steps[step];
      }
      found[state] = i;
    }
    return states;
  }

  /** Where a phrase breaks off it may be in the middle of another one. */
  private void link(int states) {
    int[] back = new int[states];
    Deque<Integer> todo = new ArrayDeque<>(List.of(0));
    while (!todo.isEmpty()) {
      int state = todo.remove();
      if (found[state] == NONE) {
        found[state] = found[back[state]];
      }
      for (int value = 0; value < 256; value++) {
        int step = state * 256 + value;
        int otherwise = state == 0 ? 0 : steps[back[state] * 256 + value];
        if (steps[step] == NONE) {
          steps[step] = otherwise;
        } else {
          back[steps[step]] = otherwise;
          todo.add(steps[step]);
        }
      }
    }
    for (int state = 0; state < states; state++) {
      for (int letter = 'A'; letter <= 'Z'; letter++) {
        steps[state * 256 + letter] = steps[state * 256 + letter + 'a' - 'A'];
      }
    }
  }

  /** All phrases in that part of the bytes, in the order of their ends; mostly none. */
  List<Place> in(byte[] bytes, int from, int to) {
    List<Place> places = List.of();
    int state = 0;
    for (int i = from; i < to; i++) {
      state = steps[state * 256 + (bytes[i] & 0xff)];
      if (found[state] != NONE) {
        places = places.isEmpty() ? new ArrayList<>() : places;
        places.add(new Place(phrases.get(found[state]), i + 1));
        state = 0;
      }
    }
    return places;
  }
}
