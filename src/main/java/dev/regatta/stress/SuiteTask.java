package dev.regatta.stress;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One task of a suite.
 *
 * @param id unique in the suite
 * @param category the name of its category
 * @param place where it stands in the file, such as {@code categories.simple.tasks[2]}
 * @param number its position in the whole suite, from 1
 * @param name for people
 * @param description words for people
 * @param request what the agent is asked
 * @param template a line of the shell with places for values; without one there is a usual one
 * @param templateField the field in which the template stands
 * @param metatags tags in brackets
 * @param instances how many are started at once
 * @param models of the instances, in turn
 * @param temperatures the lowest and the highest, or nothing
 * @param criteria by which the best of the instances is found
 * @param verification what must hold
 * @param timeout the longest that it may take, where the suite says so
 * @param stall the longest silence, where the suite says so
 * @param others fields that are not known, as they were written
 */
public record SuiteTask(
    String id,
    String category,
    String place,
    int number,
    Optional<String> name,
    Optional<String> description,
    Optional<String> request,
    Optional<String> template,
    String templateField,
    String metatags,
    int instances,
    List<String> models,
    List<Double> temperatures,
    List<String> criteria,
    Verification verification,
    Optional<TimeLimit> timeout,
    Optional<TimeLimit> stall,
    Map<String, JsonNode> others) {
  /** Copies the lists. */
  public SuiteTask {
    models = List.copyOf(models);
    temperatures = List.copyOf(temperatures);
    criteria = List.copyOf(criteria);
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /** How complex it is, as its metatags say. */
  public Complexity complexity() {
    return Complexity.ofTags(metatags);
  }
}
