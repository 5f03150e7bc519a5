package dev.regatta.stress;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Tasks that belong together.
 *
 * @param name of a bare list, {@code tests}
 * @param description words for people
 * @param tasks in the order of the file
 * @param others fields that are not known, as they were written
 */
public record Category(
    String name,
    Optional<String> description,
    List<SuiteTask> tasks,
    Map<String, JsonNode> others) {
  /** Copies the lists. */
  public Category {
    tasks = List.copyOf(tasks);
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }
}
