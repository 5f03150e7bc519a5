package dev.regatta.server;

import dev.regatta.run.Problem;
import dev.regatta.run.TaskSchema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run that somebody asks for.
 *
 * @param kind the command that carries it out
 * @param words the options for that command
 * @param tasks a tasks file, of a run
 */
record RunRequest(String kind, List<String> words, ObjectNode tasks) {
  /** What the published schema is called within the program. */
  static final String SCHEMA = "/dev/regatta/schema/run-request-1.schema.json";

  private static final int MOST_SHOWN = 10;

  /** Which option each field becomes. */
  private static final Map<String, String> OPTIONS = options();

  private static Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("agent", "--agent");
    options.put("model", "--model");
    options.put("tools", "--tool");
    options.put("bypassPermissions", "--bypass-permissions");
    options.put("rehearsal", "--rehearsal");
    options.put("witness", "--witness");
    options.put("failover", "--failover");
    options.put("parallel", "--parallel");
    options.put("retries", "--retries");
    options.put("timeout", "--timeout");
    options.put("firstOutput", "--first-output");
    options.put("stall", "--stall");
    options.put("tokens", "--token");
    return options;
  }

  /**
   * Reads it.
   *
   * @throws Refused that names each field which breaks a rule
   */
  static RunRequest of(JsonNode body) throws Refused {
    List<Problem> problems = new TaskSchema(SCHEMA).problems(body);
    if (!problems.isEmpty() || !(body instanceof ObjectNode object)) {
      throw Refused.invalid(
          problems.stream()
              .limit(MOST_SHOWN)
              .map(problem ->
                  (problem.field().isEmpty() ? "the request" : problem.field())
                      + " "
                      + problem.rule())
              .collect(Collectors.joining("; ")));
    }
    ObjectNode tasks = Notices.object();
    tasks.put("schema", "regatta.tasks/1");
    for (String field : List.of("defaults", "tasks")) {
      if (object.has(field)) {
        tasks.set(field, object.get(field));
      }
    }
    return new RunRequest(object.get("kind").asString(), words(object), tasks);
  }

  private static List<String> words(ObjectNode object) {
    List<String> words = new ArrayList<>();
    OPTIONS.forEach((field, option) -> {
      JsonNode value = object.get(field);
      if (value != null && value.isArray()) {
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
