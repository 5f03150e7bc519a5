package dev.regatta.stress;

import java.util.List;

/**
 * Whether a task has passed.
 *
 * @param passed whether it has
 * @param reason why, on one line
 * @param sightings of each pattern, in the order of the suite
 */
public record Judgement(boolean passed, String reason, List<Sighting> sightings) {
  /** Copies the list. */
  public Judgement {
    sightings = List.copyOf(sightings);
  }
}
