package dev.regatta.doctor;

import dev.regatta.run.Visible;

/** Words of strangers, as one short line that a terminal does not obey. */
final class Plain {
  private static final int SENTENCE = 120;

  /** Room for two long paths, which must stay whole to be of use. */
  private static final int MOST = 600;

  private Plain() {}

  static String line(String text) {
    return Visible.line(text, MOST);
  }

  /** A stranger's sentence. */
  static String sentence(String text) {
    return Visible.line(text, SENTENCE);
  }

  /** The first line that says something; empty if none does. */
  static String firstLine(String text) {
    return text.lines().filter(line -> !line.isBlank()).findFirst().map(Plain::sentence).orElse("");
  }
}
