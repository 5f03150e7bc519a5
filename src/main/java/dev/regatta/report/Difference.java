package dev.regatta.report;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Where two JSON documents first differ. */
final class Difference {
  private Difference() {}

  /** The place as a JSON pointer; empty if they are the same. */
  static Optional<String> first(JsonNode one, JsonNode other) {
    return first(one, other, "");
  }

  private static Optional<String> first(JsonNode one, JsonNode other, String at) {
    if (one.equals(other)) {
      return Optional.empty();
    }
    if (one.isObject() && other.isObject()) {
      for (String name : one.propertyNames()) {
        Optional<String> found = first(one.path(name), other.path(name), at + "/" + name);
        if (found.isPresent()) {
          return found;
        }
      }
      return other.propertyNames().stream()
          .filter(name -> !one.has(name))
          .findFirst()
          .map(name -> at + "/" + name)
          .or(() -> Optional.of(at + "/"));
    }
    if (one.isArray() && other.isArray()) {
      for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
        Optional<String> found = first(one.get(i), other.get(i), at + "/" + i);
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.of(at + "/" + Math.min(one.size(), other.size()));
    }
    return Optional.of(at.isEmpty() ? "/" : at);
  }
}
