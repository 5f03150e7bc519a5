package dev.regatta.run;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Outcome;
import java.util.Optional;

/**
 * An agent that another one asked for, as far as it has come.
 *
 * @param task its task's name in the run
 * @param name what the one that asked calls it
 * @param state where it is
 * @param attempts how many attempts of it have begun
 * @param claims what it says of itself, of the last attempt that ended
 * @param outcome how it ended, once it has
 * @param reason one line for people
 */
public record Descendant(
    String task,
    String name,
    State state,
    int attempts,
    Optional<Claims> claims,
    Optional<Outcome> outcome,
    String reason) {

  /** Where it is. */
  public enum State {
    /** For a slot, or for a credential. */
    WAITING,
    /** An attempt of it runs. */
    WORKING,
    /** It will not be tried again. */
    ENDED
  }

  static Descendant asked(String task, String name) {
    return new Descendant(
        task, name, State.WAITING, 0, Optional.empty(), Optional.empty(), "it has not begun");
  }

  Descendant began() {
    return new Descendant(task, name, State.WORKING, attempts + 1, claims, Optional.empty(), "");
  }

  /** An attempt of it ended; another one may follow. */
  Descendant told(Claims said) {
    return new Descendant(
        task, name, State.WAITING, attempts, Optional.of(said), Optional.empty(), reason);
  }

  Descendant ended(TaskResult result) {
    return new Descendant(
        task, name, State.ENDED, attempts, claims, Optional.of(result.outcome()), result.reason());
  }
}
