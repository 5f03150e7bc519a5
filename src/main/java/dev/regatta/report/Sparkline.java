package dev.regatta.report;

import java.util.List;

/** Shares as a line of bars, one a character: the lowest is none, the highest is all. */
public final class Sparkline {
  /** More than fit beside other words are of no use; the latest are shown. */
  private static final int LONGEST = 40;

  private static final String BLOCKS = "▁▂▃▄▅▆▇█";
  private static final String LETTERS = "_.-:=+*#";

  private Sparkline() {}

  /**
   * The line.
   *
   * @param shares from 0 to 1, the earliest first; the latest 40 are shown
   * @param unicode whether blocks can be shown; else characters that every terminal has
   */
  public static String of(List<Double> shares, boolean unicode) {
    StringBuilder line = new StringBuilder();
    for (double share : shares.subList(Math.max(0, shares.size() - LONGEST), shares.size())) {
      line.append((unicode ? BLOCKS : LETTERS).charAt(level(share)));
    }
    return line.toString();
  }

  /** Rounded down: only all of them look like all of them. */
  private static int level(double share) {
    return (int) Math.floor(share * (BLOCKS.length() - 1));
  }
}
