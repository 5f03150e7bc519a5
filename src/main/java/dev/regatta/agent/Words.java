package dev.regatta.agent;

/** An agent's own words in a reason: one short line without anything a terminal would obey. */
final class Words {
  private static final int MOST = 200;

  private Words() {}

  static String quote(String text) {
    String start = text.length() > 4 * MOST ? text.substring(0, 4 * MOST) : text;
    String plain = start.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\s]+", " ").strip();
    return plain.length() > MOST ? plain.substring(0, MOST) + "…" : plain;
  }
}
