package dev.regatta.stress;

import dev.regatta.run.Problem;
import dev.regatta.run.RelativePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What a schema can't say. It is looked for also where the schema has found faults elsewhere. */
final class SuiteRules {
  private final JsonNode tree;
  private final List<Problem> known;
  private final List<Problem> found = new ArrayList<>();

  /**
   * For a tree.
   *
   * @param known what the schema found; what it concerns is not looked at again
   */
  SuiteRules(JsonNode tree, List<Problem> known) {
    this.tree = tree;
    this.known = List.copyOf(known);
  }

  /** Every broken rule. */
  List<Problem> problems() {
    List<TaskNode> tasks = TaskNode.all(tree);
    if (tasks.isEmpty() && known.isEmpty()) {
      found.add(new Problem("", "has no task"));
    }
    ids(tasks);
    tasks.forEach(this::task);
    return List.copyOf(found);
  }

  private void ids(List<TaskNode> tasks) {
    Map<String, String> places = new HashMap<>();
    for (TaskNode task : tasks) {
      JsonNode id = task.node().path("id");
      String earlier = id.isString() ? places.putIfAbsent(id.asString(), task.place()) : null;
      if (earlier != null) {
        found.add(
            new Problem(
                Problem.within(task.place(), "id"),
                "'" + id.asString() + "' is also the id of " + earlier + "; ids must differ"));
      }
    }
  }

  private void task(TaskNode task) {
    for (String field : List.of("command_template", "command")) {
      text(task.node(), task.place(), field)
          .flatMap(ShellTemplate::fault)
          .ifPresent(fault -> add(Problem.within(task.place(), field), fault));
    }
    for (String field : List.of("natural_language_request", "metatags")) {
      text(task.node(), task.place(), field)
          .filter(text -> text.indexOf('\0') >= 0)
          .ifPresent(_ ->
              add(
                  Problem.within(task.place(), field),
                  "holds a NUL character, which no program can be given"));
    }
    temperatures(task);
    JsonNode verification = task.node().path("verification");
    String place = Problem.within(task.place(), "verification");
    patterns(task.node(), task.place());
    patterns(verification, place);
    files(verification, place);
  }

  private void temperatures(TaskNode task) {
    String place = Problem.within(task.place(), "temperature_range");
    JsonNode range = task.node().path("temperature_range");
    if (range.size() == 2 && !broken(place) && range.get(0).asDouble() > range.get(1).asDouble()) {
      add(place, "has the higher number first; write the lower first");
    }
  }

  private void patterns(JsonNode holder, String holderPlace) {
    String list = Problem.within(holderPlace, "expected_patterns");
    int at = 0;
    for (JsonNode pattern : items(holder, "expected_patterns")) {
      String place = Problem.within(list, at++);
      if (!broken(place)) {
        PatternReader.fault(pattern)
            .ifPresent(fault ->
                add(
                    fault.field().isEmpty() ? place : Problem.within(place, fault.field()),
                    fault.rule()));
      }
    }
  }

  private void files(JsonNode verification, String verificationPlace) {
    String list = Problem.within(verificationPlace, "files");
    int at = 0;
    for (JsonNode file : items(verification, "files")) {
      String place = Problem.within(list, at++);
      if (broken(place)) {
        continue;
      }
      String path = file.path("path").asString();
      String field = Problem.within(place, "path");
      RelativePath.fault(path).ifPresent(fault -> add(field, fault));
      if (path.endsWith("/")) {
        add(field, "is named like a folder; leave out the last '/'");
      }
    }
  }

  private static List<JsonNode> items(JsonNode holder, String field) {
    JsonNode list = holder.path(field);
    return list.isArray() ? List.copyOf(list.values()) : List.of();
  }

  private Optional<String> text(JsonNode holder, String place, String field) {
    JsonNode node = holder.path(field);
    return node.isString() && !broken(Problem.within(place, field))
        ? Optional.of(node.asString())
        : Optional.empty();
  }

  /** Whether the schema has found something there, or below it. */
  private boolean broken(String place) {
    return known.stream()
        .map(Problem::field)
        .anyMatch(field ->
            field.equals(place) || field.startsWith(place + ".") || field.startsWith(place + "["));
  }

  private void add(String place, String rule) {
    found.add(new Problem(place, rule));
  }
}
