package dev.regatta.report;

/** How words stand out: by colour on a terminal, not at all elsewhere. */
enum Style {
  PLAIN,
  ANSI;

  String title(String text) {
    return wrap("1", text);
  }

  String good(String text) {
    return wrap("32", text);
  }

  String bad(String text) {
    return wrap("31", text);
  }

  String warn(String text) {
    return wrap("33", text);
  }

  private String wrap(String code, String text) {
    return this == PLAIN ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
