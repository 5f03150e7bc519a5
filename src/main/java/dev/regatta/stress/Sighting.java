package dev.regatta.stress;

import java.util.OptionalInt;

/**
 * Whether a pattern was found.
 *
 * @param pattern for people
 * @param line the line of the output in which its first match begins, from 1; none if not found
 * @param detail what else is to be said, or empty: a number out of its bounds, a search given up
 */
public record Sighting(String pattern, OptionalInt line, String detail) {
  /** Whether it was found. */
  public boolean found() {
    return line.isPresent();
  }
}
