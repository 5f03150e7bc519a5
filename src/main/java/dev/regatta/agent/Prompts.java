package dev.regatta.agent;

import java.nio.charset.StandardCharsets;

/** How a prompt gets to an agent's program. */
final class Prompts {
  // Linux takes 131,072 bytes in one argument (MAX_ARG_STRLEN).
  private static final int LONGEST_ARGUMENT = 100_000;

  private Prompts() {}

  /** Whether it goes through standard input: one with a hyphen would be taken for an option. */
  static boolean mustBeFed(String prompt) {
    return prompt.getBytes(StandardCharsets.UTF_8).length > LONGEST_ARGUMENT
        || prompt.startsWith("-");
  }
}
