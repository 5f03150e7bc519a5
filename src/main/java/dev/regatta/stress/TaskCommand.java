package dev.regatta.stress;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/**
 * The line of the shell that carries out a task.
 *
 * @param line for {@code sh -c}
 * @param marker what names the task's output
 * @param markerInPrompt whether the line holds the marker, so that the output must give it back
 */
public record TaskCommand(String line, String marker, boolean markerInPrompt) {
  /** What a task without a template is. */
  static final String USUAL =
      "claude -p \"[marker:${MARKER}] ${METATAGS} ${REQUEST}\""
          + " --dangerously-skip-permissions --allowedTools none";

  /**
   * The longest argument that Linux gives to a program, in bytes; the shell gets the line as one.
   */
  static final int LONGEST = 131_071;

  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * Makes it.
   *
   * @param task the task; its number makes its marker its own
   * @param now when the suite is run
   */
  public static TaskCommand of(SuiteTask task, Instant now) {
    String timestamp = "%s_%03d".formatted(TIMESTAMP.format(now), task.number());
    String marker =
        task.verification()
            .marker()
            .orElse(task.id().toUpperCase(Locale.ROOT) + "_${TIMESTAMP}")
            .replace("${TIMESTAMP}", timestamp);
    String line =
        ShellTemplate.of(task.template().orElse(USUAL))
            .with(
                Map.of(
                    "METATAGS",
                    task.metatags(),
                    "REQUEST",
                    task.request().orElse(""),
                    "TIMESTAMP",
                    timestamp,
                    "MARKER",
                    marker));
    return new TaskCommand(line, marker, line.contains(marker));
  }

  /** Whether Linux would refuse to start a shell with it. */
  boolean tooLong() {
    return line.getBytes(StandardCharsets.UTF_8).length > LONGEST;
  }
}
