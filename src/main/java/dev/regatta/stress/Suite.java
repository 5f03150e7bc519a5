package dev.regatta.stress;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A stress suite.
 *
 * @param id what it is called
 * @param description words for people
 * @param endpoint the path at the older clients' server, which is not used
 * @param maxRetries how often a task that failed is tried again
 * @param categories in the order of the file
 * @param execution how it is to be run
 * @param others fields that are not known, as they were written
 */
public record Suite(
    String id,
    Optional<String> description,
    Optional<String> endpoint,
    int maxRetries,
    List<Category> categories,
    ExecutionConfig execution,
    Map<String, JsonNode> others) {
  /** Copies the lists. */
  public Suite {
    categories = List.copyOf(categories);
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /** All tasks, in the order of the file. */
  public Stream<SuiteTask> tasks() {
    return categories.stream().flatMap(category -> category.tasks().stream());
  }
}
