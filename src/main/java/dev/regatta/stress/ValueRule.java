package dev.regatta.stress;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** What the value at a JSON path must be. */
public sealed interface ValueRule {
  /** Anything but null. */
  record Present() implements ValueRule {}

  /** This text, number or truth value; numbers are compared as numbers. */
  record Equal(JsonNode value) implements ValueRule {}

  /** A text that contains this one, its case ignored. */
  record Containing(String part) implements ValueRule {}

  /** A number within bounds. */
  record Within(Bounds bounds) implements ValueRule {}

  /** Whether it holds for that value. */
  default boolean holds(JsonNode value) {
    return switch (this) {
      case Present() -> !value.isNull();
      case Equal(JsonNode wanted) ->
          wanted.isNumber() && value.isNumber()
              ? wanted.asDouble() == value.asDouble()
              : wanted.equals(value);
      case Containing(String part) ->
          value.isString()
              && value.asString().toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
      case Within(Bounds bounds) -> value.isNumber() && bounds.hold(value.asDouble());
    };
  }

  /** What must be, in words. */
  default String words() {
    return switch (this) {
      case Present() -> "is there";
      case Equal(JsonNode wanted) -> "is " + wanted;
      case Containing(String part) -> "contains '" + part + "'";
      case Within(Bounds bounds) -> "is " + bounds.words();
    };
  }
}
