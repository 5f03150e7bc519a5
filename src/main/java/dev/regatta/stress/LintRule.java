package dev.regatta.stress;

import java.util.Locale;

/** What experience says against a task. Each is a warning: the task is run as it stands. */
public enum LintRule {
  /** Was seen to hang. */
  STEPS(
      "orders with several steps: such prompts were seen to hang",
      "ask for the result with one question: \"What is …?\""),
  /** Nobody answers. */
  INTERACTIVE(
      "the request wants answers from somebody, and standard input is closed",
      "put all that is needed into the request: \"What is a good …, given …?\""),
  /** The request would not be sent. */
  REQUEST_UNUSED(
      "the template has no ${REQUEST}, so the request is never sent",
      "put \"${REQUEST}\" into the template"),
  /** It would wait for a person. */
  NOT_PRINTING(
      "the agent waits for a terminal without the flag that makes it print and end",
      "claude -p, gemini -p, codex exec"),
  /** It exits with 1. */
  VERBOSE_MISSING("claude refuses --output-format stream-json without --verbose", "add --verbose"),
  /** Its silence says nothing. */
  SILENT_FORMAT(
      "claude prints nothing before its answer is whole, so stall_timeout is a second time limit",
      "--output-format stream-json --verbose, or no stall_timeout"),
  /** It can't have answered by then. */
  SHORT_TIMEOUT(
      "the time limit is shorter than agents need to start and answer: 120 s for simple tasks, 180"
          + " s for medium ones, 240 s for all others",
      "the time that is named there, or more"),
  /** It is never reached. */
  STALL_UNREACHED(
      "stall_timeout is not shorter than the time limit, so it is never reached",
      "a stall_timeout of a third of the time limit or less"),
  /** It can't do what it should. */
  CANNOT_FAIL(
      "the task must fail, and cat ends with 0 at once where standard input is closed",
      "a command that fails, or no expect_non_zero_exit"),
  /** Older clients expect what the suite doesn't say. */
  FAILURE_UNSAID(
      "older clients expect a task to fail whose id begins with failure_; here only"
          + " expect_non_zero_exit says so",
      "expect_non_zero_exit: true, or another id"),
  /** Linux refuses it. */
  TOO_LONG(
      "the command line has more than 131071 bytes, which Linux gives to no program",
      "a shorter request, or one that is read from a file"),
  /** A typing error, most likely. */
  UNKNOWN_FIELD(
      "a field that is not known: it is kept and has no effect", "one of the known fields");

  private final String when;
  private final String better;

  LintRule(String when, String better) {
    this.when = when;
    this.better = better;
  }

  /** What it is called, such as {@code short-timeout}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What is wrong where it warns. */
  public String when() {
    return when;
  }

  /** The better form. */
  public String better() {
    return better;
  }
}
