package dev.regatta.stress;

import dev.regatta.run.CreatedFile;
import dev.regatta.run.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Makes a suite of a tree that has no faults. */
final class SuiteReader {
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(120);
  private static final int USUAL_CONCURRENCY = 10;

  private final KnownFields known;
  private final String fileName;
  private int number;

  SuiteReader(KnownFields known, String fileName) {
    this.known = known;
    this.fileName = fileName;
  }

  /** The suite. */
  Suite suite(JsonNode tree) {
    List<Category> categories = new ArrayList<>();
    for (Map.Entry<String, JsonNode> category : tree.path("categories").properties()) {
      String place = Problem.within("categories", category.getKey());
      JsonNode node = category.getValue();
      categories.add(
          new Category(
              category.getKey(),
              text(node, "description"),
              tasks(TaskNode.of(category.getKey(), node, place)),
              known.others(node, "category")));
    }
    if (tree.has(TaskNode.BARE)) {
      List<TaskNode> bare = TaskNode.of(TaskNode.BARE, tree, "", TaskNode.BARE);
      categories.add(new Category(TaskNode.BARE, Optional.empty(), tasks(bare), Map.of()));
    }
    return new Suite(
        text(tree, "task_list_id").orElse(fileName),
        text(tree, "description"),
        text(tree, "endpoint"),
        tree.path("max_retries").asInt(0),
        categories,
        execution(tree.path("execution_config")),
        known.others(tree, ""));
  }

  private ExecutionConfig execution(JsonNode node) {
    return new ExecutionConfig(
        text(node, "base_url"),
        text(node, "endpoint"),
        node.has("default_timeout") ? seconds(node.path("default_timeout")) : USUAL_TIMEOUT,
        node.path("retry_delays").values().stream().map(SuiteReader::seconds).toList(),
        node.path("max_concurrent").asInt(USUAL_CONCURRENCY),
        node.path("transcript_verification").asBoolean(false),
        known.others(node, "executionConfig"));
  }

  private List<SuiteTask> tasks(List<TaskNode> nodes) {
    return nodes.stream().map(this::task).toList();
  }

  private SuiteTask task(TaskNode task) {
    JsonNode node = task.node();
    String templateField = node.has("command_template") ? "command_template" : "command";
    return new SuiteTask(
        node.path("id").asString(),
        task.category(),
        task.place(),
        ++number,
        text(node, "name"),
        text(node, "description"),
        text(node, "natural_language_request"),
        text(node, templateField),
        templateField,
        text(node, "metatags").orElse(""),
        node.path("concurrent_instances").asInt(1),
        texts(node, "models"),
        node.path("temperature_range").values().stream().map(JsonNode::asDouble).toList(),
        texts(node, "evaluation_criteria"),
        verification(node),
        limit(task, "timeout"),
        limit(task, "stall_timeout"),
        known.others(node, "task"));
  }

  private Verification verification(JsonNode task) {
    JsonNode node = task.path("verification");
    return new Verification(
        text(node, "marker"),
        Stream.concat(
                task.path("expected_patterns").values().stream(),
                node.path("expected_patterns").values().stream())
            .map(PatternReader::read)
            .toList(),
        Verification.Match.valueOf(text(node, "match").orElse("any").toUpperCase(Locale.ROOT)),
        node.path("expect_non_zero_exit").asBoolean(false),
        node.path("save_output").asBoolean(false),
        node.path("files").values().stream().map(SuiteReader::file).toList(),
        text(node, "description"),
        known.others(node, "verification"));
  }

  private static CreatedFile file(JsonNode node) {
    return new CreatedFile(
        node.path("path").asString(), texts(node, "contains"), text(node, "equals"));
  }

  /** The nearest one: of the verification, of the task, of the category. */
  private static Optional<TimeLimit> limit(TaskNode task, String field) {
    JsonNode verification = task.node().path("verification");
    if (verification.has(field)) {
      String place = Problem.within(task.place(), "verification");
      return Optional.of(
          new TimeLimit(seconds(verification.path(field)), Problem.within(place, field)));
    }
    if (task.node().has(field)) {
      return Optional.of(
          new TimeLimit(seconds(task.node().path(field)), Problem.within(task.place(), field)));
    }
    boolean ofCategory = !task.holderPlace().isEmpty() && field.equals("timeout");
    return ofCategory && task.holder().has(field)
        ? Optional.of(
            new TimeLimit(
                seconds(task.holder().path(field)), Problem.within(task.holderPlace(), field)))
        : Optional.empty();
  }

  private static Optional<String> text(JsonNode node, String field) {
    return node.optional(field).map(JsonNode::asString);
  }

  private static List<String> texts(JsonNode node, String field) {
    return node.path(field).values().stream().map(JsonNode::asString).toList();
  }

  /** Rounded to nanoseconds, but what is above 0 stays so. */
  private static Duration seconds(JsonNode node) {
    double seconds = node.asDouble();
    return Duration.ofNanos(seconds > 0 ? Math.max(1, Math.round(seconds * 1e9)) : 0);
  }
}
