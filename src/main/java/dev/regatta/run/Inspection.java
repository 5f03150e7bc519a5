package dev.regatta.run;

import dev.regatta.journal.Event;
import dev.regatta.journal.RunClock;
import java.util.List;
import java.util.Optional;

/** Looks at what an attempt made, after it ended well by its own account. */
@FunctionalInterface
public interface Inspection {
  /** Takes the agent's word for it. */
  Inspection NONE = (answer, clock) -> new Finding(List.of(), Optional.empty());

  /** The same, knowing what there is right before the attempt starts, if that matters to it. */
  default Inspection ready() {
    return this;
  }

  /** What the answer has to hold, where that is known before the attempt starts. */
  default Optional<String> expected() {
    return Optional.empty();
  }

  /**
   * Looks.
   *
   * @param answer the text of the agent's answer, empty if there is none
   * @param clock gives the time of each look
   */
  Finding inspect(String answer, RunClock clock);

  /**
   * What was found.
   *
   * @param events for the journal
   * @param failure why the attempt did not do what it should, if so
   */
  record Finding(List<Event> events, Optional<String> failure) {}
}
