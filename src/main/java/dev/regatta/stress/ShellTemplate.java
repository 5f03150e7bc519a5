package dev.regatta.stress;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A line of the shell with places for values. Each value is quoted as its place needs it, so that
 * the program gets it unchanged, whatever it holds; everything else of the line is the shell's.
 */
final class ShellTemplate {
  /** The names of the places; any other {@code ${NAME}} is the shell's own. */
  static final List<String> NAMES = List.of("METATAGS", "REQUEST", "TIMESTAMP", "MARKER");

  /** A piece of a line. */
  sealed interface Part {
    /** As it is written. */
    record Literal(String text) implements Part {}

    /** A place for a value. */
    record Place(String name, Quoting quoting) implements Part {}
  }

  /** In what quotes a place stands. */
  enum Quoting {
    NONE,
    DOUBLE,
    SINGLE
  }

  private final List<Part> parts;

  private ShellTemplate(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException if a place stands where no quoting is sure
   */
  static ShellTemplate of(String template) {
    return new ShellTemplate(
        NAMES.stream().anyMatch(name -> template.contains("${" + name + "}"))
            ? new ShellScan(template).parts()
            : List.of(new Part.Literal(template)));
  }

  /** Why no value could be put into it safely, if so. */
  static Optional<String> fault(String template) {
    try {
      of(template);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Whether it has a place of this name. */
  boolean has(String name) {
    return parts.stream()
        .anyMatch(part -> part instanceof Part.Place place && place.name().equals(name));
  }

  /** The line with these values, one for each of {@link #NAMES}. */
  String with(Map<String, String> values) {
    StringBuilder line = new StringBuilder();
    for (Part part : parts) {
      line.append(
          switch (part) {
            case Part.Literal(String text) -> text;
            case Part.Place(String name, Quoting quoting) ->
                quoted(Objects.requireNonNull(values.get(name), name), quoting);
          });
    }
    return line.toString();
  }

  private static String quoted(String value, Quoting quoting) {
    return switch (quoting) {
      case NONE -> "'" + value.replace("'", "'\\''") + "'";
      case SINGLE -> value.replace("'", "'\\''");
      case DOUBLE -> escaped(value);
    };
  }

  /** POSIX: within double quotes these four, and nothing else, are not themselves. */
  private static String escaped(String value) {
    StringBuilder escaped = new StringBuilder(value.length() + 16);
    for (char character : value.toCharArray()) {
      if ("\\\"$`".indexOf(character) >= 0) {
        escaped.append('\\');
      }
      escaped.append(character);
    }
    return escaped.toString();
  }
}
