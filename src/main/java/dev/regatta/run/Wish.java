package dev.regatta.run;

import java.util.Optional;

/**
 * What an agent wants another one to do. What is empty is as with the one that asks.
 *
 * @param prompt what it is asked
 * @param name what the asking agent calls it
 * @param agent the adapter
 * @param model the model
 * @param expect what must hold afterwards
 */
public record Wish(
    String prompt,
    Optional<String> name,
    Optional<String> agent,
    Optional<String> model,
    Optional<Expect> expect) {
  private static final int LONGEST_NAME = 100;

  /** Makes the name one that can be shown. */
  public Wish {
    name = name.map(given -> Visible.line(given, LONGEST_NAME)).filter(given -> !given.isEmpty());
  }
}
