package dev.regatta.cli;

import java.io.PrintStream;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints data as JSON, in the order in which it is declared. */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private Json() {}

  private static final JsonMapper LINES =
      JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();

  /** One line, for streams of data. */
  static void line(PrintStream out, Object data) {
    out.println(LINES.writeValueAsString(data));
  }

  static void print(PrintStream out, Object data) {
    out.println(text(data));
  }

  static String text(Object data) {
    return MAPPER.writeValueAsString(data);
  }
}
