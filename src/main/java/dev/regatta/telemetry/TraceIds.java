package dev.regatta.telemetry;

import dev.regatta.secret.Sha256;
import java.nio.charset.StandardCharsets;

/**
 * The ids of a run's trace and spans, worked out from names: whoever goes on with a run, and an
 * agent that is handed one, joins the same trace, and nothing has to be kept for that.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
 */
public record TraceIds(String run) {
  /** The variable that names the span to which what a process does belongs. */
  public static final String VARIABLE = "TRACEPARENT";

  /** The id of the trace, 32 hexadecimal digits. */
  public String trace() {
    return digits("run", run, 32);
  }

  /**
   * The id of the span of the run, or of a part of it: the 0th is the first, until it was gone on
   * with.
   */
  String part(int number) {
    return span("part", Integer.toString(number));
  }

  /** The id of an attempt's span, 16 hexadecimal digits. */
  public String attempt(String name) {
    return span("attempt", name);
  }

  /** The id of an exchange's span. */
  String exchange(long number) {
    return span("exchange", Long.toString(number));
  }

  /** The id of a tool call's span. */
  String tool(String attempt, String call) {
    return span("tool", attempt + "\n" + call);
  }

  /** What an attempt's process is handed. */
  public String traceparent(String attempt) {
    return "00-" + trace() + "-" + attempt(attempt) + "-01";
  }

  private String span(String kind, String name) {
    return digits(run + "\n" + kind, name, 16);
  }

  private static String digits(String kind, String name, int length) {
    String hash = Sha256.of((kind + "\n" + name).getBytes(StandardCharsets.UTF_8));
    String digits = hash.substring(0, length);
    // All zeros would mean none.
    return digits.chars().allMatch(digit -> digit == '0') ? "1" + digits.substring(1) : digits;
  }
}
