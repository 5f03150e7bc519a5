package dev.regatta.evidence;

/**
 * Two witnesses that say different things about one attempt.
 *
 * @param about what it is about, for example {@code output tokens}
 * @param one who says the first
 * @param oneSays what
 * @param other who says the other
 * @param otherSays what
 */
public record Disagreement(
    String about, Witness one, String oneSays, Witness other, String otherSays) {

  /** In one line. */
  public String told() {
    return about + ": " + one.word() + " " + oneSays + ", " + other.word() + " " + otherSays;
  }
}
