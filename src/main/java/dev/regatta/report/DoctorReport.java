package dev.regatta.report;

import dev.regatta.doctor.Finding;
import dev.regatta.doctor.Status;
import java.util.List;

/**
 * What the doctor found, as text and in the form of {@code docs/schema/doctor-1.schema.json}.
 *
 * @param schema the form's name and version
 * @param findings in a fixed order
 */
public record DoctorReport(String schema, List<Finding> findings) {
  /** The form's name and version. */
  public static final String SCHEMA = "regatta.doctor/1";

  /** The report of these findings. */
  public static DoctorReport of(List<Finding> findings) {
    return new DoctorReport(SCHEMA, List.copyOf(findings));
  }

  /** Whether something will fail. */
  public boolean failed() {
    return count(Status.FAIL) > 0;
  }

  /** A line for each finding, and under it what helps. */
  public String text(boolean colour) {
    Style style = colour ? Style.ANSI : Style.PLAIN;
    int width = findings.stream().mapToInt(finding -> finding.id().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      text.append(word(finding.status(), style))
          .append(finding.id())
          .append(" ".repeat(width - finding.id().length() + 2))
          .append(finding.found())
          .append('\n');
      if (finding.fix() != null) {
        text.append(" ".repeat(6 + width + 2)).append("fix: ").append(finding.fix()).append('\n');
      }
    }
    return text.append('\n').append(summary()).append('\n').toString();
  }

  private String summary() {
    long failures = count(Status.FAIL);
    long warnings = count(Status.WARN);
    if (failures + warnings == 0) {
      return "Everything is as it should be.";
    }
    return (failures == 0 ? "Nothing" : Long.toString(failures))
        + " to fix before a run, "
        + (warnings == 0 ? "nothing" : Long.toString(warnings))
        + " to know of.";
  }

  private long count(Status status) {
    return findings.stream().filter(finding -> finding.status() == status).count();
  }

  private static String word(Status status, Style style) {
    String word = status.name();
    String shown =
        switch (status) {
          case OK -> style.good(word);
          case INFO -> word;
          case WARN -> style.warn(word);
          case FAIL -> style.bad(word);
        };
    return shown + " ".repeat(6 - word.length());
  }
}
