package dev.regatta.report;

/** Characters that an eye would miss, or that whatever shows a text would act on. */
final class Hidden {
  private Hidden() {}

  /** Whether that code point is one of them. */
  static boolean is(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
