package dev.regatta.evidence;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * One thing that was checked.
 *
 * @param id stable name for programs, for example {@code session-ids-unique}
 * @param status the finding
 * @param title what was checked, a few words
 * @param detail why, with the figures
 */
public record Criterion(String id, Status status, String title, String detail) {

  /** What a check found. */
  public enum Status {
    /** It holds. */
    PASS,
    /** It does not hold. */
    FAIL,
    /** What would decide it is missing. */
    UNKNOWN;

    /** The word in reports. */
    @JsonValue
    public String word() {
      return name();
    }
  }
}
