package dev.regatta.stress;

import java.util.List;

/** A suite that can't be used. The message has every fault, one a line. */
public final class SuiteProblem extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<String> faults;

  /**
   * All faults of one file.
   *
   * @param faults as {@code FILE:LINE:COLUMN: PATH: REASON}, safe to show
   */
  SuiteProblem(List<String> faults) {
    super(String.join("\n", faults));
    this.faults = List.copyOf(faults);
  }

  /** Each of them. */
  public List<String> faults() {
    return faults;
  }
}
