package dev.regatta.report;

/**
 * How wide a figure is drawn. Each is drawn for a window and for a phone, and the page shows the
 * one that fits: one that is scaled down can't be read, and one that scrolls hides what it should
 * show.
 */
enum Frame {
  /** For windows and paper: what a row is stands to the left of its bar. */
  WIDE("wide", 960, 190, 760),
  /** For phones: what a row is stands above its bar. */
  NARROW("narrow", 368, 10, 352);

  private final String word;
  private final double width;
  private final double left;
  private final double right;

  Frame(String word, double width, double left, double right) {
    this.word = word;
    this.width = width;
    this.left = left;
    this.right = right;
  }

  /** As style sheet and ids call it. */
  String word() {
    return word;
  }

  /** The width of the whole figure. */
  double width() {
    return width;
  }

  /** Where its axes begin. */
  double left() {
    return left;
  }

  /** Where its axes end. */
  double right() {
    return right;
  }

  boolean narrow() {
    return this == NARROW;
  }
}
