package dev.regatta.server;

import dev.regatta.run.TaskSchema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run that somebody asks for.
 *
 * @param kind the command that carries it out: {@code run}, {@code ask} or {@code stress}
 * @param words the options for that command
 * @param body all its fields, as the schema has them
 */
record RunRequest(String kind, List<String> words, ObjectNode body) {
  /** What the published schema is called within the program. */
  static final String SCHEMA = "/dev/regatta/schema/run-request-1.schema.json";

  /** Which option each field becomes, those that all kinds with agents have. */
  private static final Map<String, String> AGENTS =
      Map.of(
          "agent", "--agent",
          "model", "--model",
          "tools", "--tool",
          "bypassPermissions", "--bypass-permissions",
          "rehearsal", "--rehearsal",
          "retries", "--retries",
          "timeout", "--timeout",
          "firstOutput", "--first-output",
          "stall", "--stall",
          "tokens", "--token");

  private static final Map<String, String> COMPARISON =
      Map.of(
          "extract", "--extract",
          "checks", "--check",
          "checkTimeout", "--check-timeout",
          "judgeUrl", "--judge-url",
          "judgeModel", "--judge-model",
          "judgeKeyVariable", "--judge-key-variable",
          "judgeAgent", "--judge-agent",
          "judgeTimeout", "--judge-timeout");

  private static final Map<String, Map<String, String>> OPTIONS =
      Map.of(
          "run",
          with(
              AGENTS,
              Map.of("witness", "--witness", "failover", "--failover", "parallel", "--parallel")),
          "ask",
          with(
              with(AGENTS, COMPARISON),
              Map.ofEntries(
                  Map.entry("instances", "--instances"),
                  Map.entry("agents", "--agents"),
                  Map.entry("models", "--models"),
                  Map.entry("temperatures", "--temperatures"),
                  Map.entry("pick", "--pick"))),
          "stress",
          with(
              COMPARISON,
              Map.of(
                  "categories", "--category",
                  "only", "--only",
                  "skip", "--skip",
                  "jobs", "--jobs",
                  "timeouts", "--timeouts",
                  "rehearsal", "--rehearsal")));

  /** Fields that become no option: they are written into a file that the command reads. */
  private static final Map<String, Set<String>> READ =
      Map.of(
          "run", Set.of("tasks", "defaults"),
          "ask", Set.of("prompt", "rubric"),
          "stress", Set.of("suite", "name", "rubric"));

  /** Lists that are one option, with commas. */
  private static final Set<String> JOINED = Set.of("agents", "models");

  private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(some);
    all.putAll(more);
    return Map.copyOf(all);
  }

  /**
   * Reads it.
   *
   * @throws Refused that names each field which breaks a rule
   */
  static RunRequest of(JsonNode body) throws Refused {
    if (body instanceof ObjectNode given && OPTIONS.containsKey(given.path("kind").asString(""))) {
      refuseOfOthers(given.get("kind").asString(), given);
    }
    ObjectNode object = Refused.faultless(new TaskSchema(SCHEMA), body, "the request");
    String kind = object.get("kind").asString();
    return new RunRequest(kind, words(OPTIONS.getOrDefault(kind, Map.of()), object), object);
  }

  /** The schema knows the fields of all kinds, and would name them all. */
  private static void refuseOfOthers(String kind, ObjectNode object) throws Refused {
    TreeSet<String> known =
        Stream.concat(
                OPTIONS.getOrDefault(kind, Map.of()).keySet().stream(),
                READ.getOrDefault(kind, Set.of()).stream())
            .collect(Collectors.toCollection(TreeSet::new));
    known.add("kind");
    for (String field : object.propertyNames()) {
      if (!known.contains(field)) {
        throw Refused.invalid(
            field + " is no field of the kind " + kind + "; there is " + String.join(", ", known));
      }
    }
  }

  private static List<String> words(Map<String, String> options, ObjectNode object) {
    List<String> words = new ArrayList<>();
    options.forEach((field, option) -> {
      JsonNode value = object.get(field);
      if (value != null && JOINED.contains(field)) {
        words.add(
            option
                + "="
                + value.valueStream().map(JsonNode::asString).collect(Collectors.joining(",")));
      } else if (value != null && value.isArray()) {
        value.forEach(each -> words.add(option + "=" + each.asString()));
      } else if (value != null && value.isBoolean()) {
        words.addAll(value.booleanValue() ? List.of(option) : List.of());
      } else if (value != null && value.isNumber()) {
        words.add(option + "=" + new BigDecimal(value.asString()).toPlainString());
      } else if (value != null) {
        words.add(option + "=" + value.asString());
      }
    });
    return words;
  }
}
