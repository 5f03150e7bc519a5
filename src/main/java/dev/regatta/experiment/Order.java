package dev.regatta.experiment;

import java.util.ArrayList;
import java.util.List;

/** In which order the phases of all rounds come. */
public enum Order {
  /** Each round begins with the sequential phase. */
  SEQUENTIAL_FIRST,
  /** Each round begins with the parallel phase. */
  PARALLEL_FIRST,
  /** Rounds alternate: sequential, parallel, parallel, sequential, … (ABBA). */
  INTERLEAVED;

  /** The mode of one phase, and its round. */
  record Step(int round, String mode) {
    /** The phase's name within the run. */
    String phase() {
      return "r" + round + "-" + mode;
    }

    boolean parallel() {
      return mode.equals(PARALLEL);
    }
  }

  private static final String SEQUENTIAL = "sequential";
  private static final String PARALLEL = "parallel";

  /** All phases of that many rounds, in order. */
  List<Step> steps(int rounds) {
    List<Step> steps = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      boolean sequentialFirst =
          switch (this) {
            case SEQUENTIAL_FIRST -> true;
            case PARALLEL_FIRST -> false;
            case INTERLEAVED -> round % 2 == 1;
          };
      steps.add(new Step(round, sequentialFirst ? SEQUENTIAL : PARALLEL));
      steps.add(new Step(round, sequentialFirst ? PARALLEL : SEQUENTIAL));
    }
    return List.copyOf(steps);
  }
}
