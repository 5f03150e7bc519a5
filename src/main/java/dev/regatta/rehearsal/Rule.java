package dev.regatta.rehearsal;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * One rule of a script: which prompts it answers, how, and how fast.
 *
 * @param match searched in the prompt
 * @param latency seconds that the answers to one prompt take together, before any pacing
 * @param tokensPerSecond pace of the text; 0 is all at once
 * @param reply template of the text, {@code ${1}} standing for a group of {@code match}, {@code
 *     ${result}} for what the last tool said
 * @param tools what to ask for before the reply, one after another
 * @param fault what goes wrong in place of the answer
 * @param after how many matching requests the rule lets pass first
 * @param times how many requests it answers then
 */
record Rule(
    Pattern match,
    Range latency,
    double tokensPerSecond,
    String reply,
    List<Call> tools,
    Optional<Fault> fault,
    long after,
    long times) {

  /** Seconds between two bounds. */
  record Range(double least, double most) {
    static final Range NONE = new Range(0, 0);
    // Three seconds and more: so the start of a process on a small machine doesn't decide how
    // sequential and parallel compare.
    static final Range USUAL = new Range(3.2, 3.6);

    /** The point of the range that a fraction from 0 to 1 names. */
    double at(double fraction) {
      return least + (most - least) * fraction;
    }
  }

  /** A tool to ask for; texts of the input are templates. */
  record Call(String name, JsonNode input) {}
}
