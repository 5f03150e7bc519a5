package dev.regatta.agent;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Values as they stand in an agent's JSON; what is of another kind or absurd is missing. */
final class Numbers {
  /** A million million: more milliseconds (31 years) or tokens than any attempt has. */
  private static final long MOST = 1_000_000_000_000L;

  private static final double MOST_DOLLARS = 1e6;
  private static final double MOST_PER_CENT = 1000;

  private Numbers() {}

  static @Nullable Long count(JsonNode parent, String field) {
    return count(parent, field, MOST);
  }

  /** A whole number from 0. */
  static @Nullable Long count(JsonNode parent, String field, long most) {
    JsonNode node = parent.path(field);
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      return null;
    }
    long value = node.longValue();
    return value < 0 || value > most ? null : value;
  }

  /** A number from 0, with or without a fraction, as a whole one. */
  static @Nullable Long rounded(JsonNode parent, String field, long most) {
    JsonNode node = parent.path(field);
    double value = node.isNumber() ? node.asDouble(Double.NaN) : Double.NaN;
    return value >= 0 && value <= most ? Long.valueOf(Math.round(value)) : null;
  }

  static @Nullable Integer small(JsonNode parent, String field, int most) {
    Long value = count(parent, field, most);
    return value == null ? null : Math.toIntExact(value);
  }

  /** An amount of money from 0. */
  static @Nullable Double dollars(JsonNode parent, String field) {
    JsonNode node = parent.path(field);
    if (!node.isNumber()) {
      return null;
    }
    double value = node.asDouble(Double.NaN);
    return value >= 0 && value <= MOST_DOLLARS ? value : null;
  }

  /**
   * How much of something is used, as a share of it: a number up to 2 is one, as a plan can be used
   * beyond its limit; what is more is per cent.
   */
  static @Nullable Double share(JsonNode parent, String field) {
    JsonNode node = parent.path(field);
    double value = node.isNumber() ? node.asDouble(Double.NaN) : Double.NaN;
    if (!(value >= 0 && value <= MOST_PER_CENT)) {
      return null;
    }
    return value <= 2 ? value : value / 100;
  }

  static @Nullable String text(JsonNode parent, String field) {
    JsonNode node = parent.path(field);
    return node.isString() ? node.asString() : null;
  }
}
