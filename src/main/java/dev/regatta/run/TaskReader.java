package dev.regatta.run;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes tasks of a tree that the schema has accepted, and finds what a schema can't. */
final class TaskReader {
  private final Path base;
  private final JsonNode tree;
  private final JsonNode defaults;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<Path, Boolean> folders = new HashMap<>();

  TaskReader(Path base, JsonNode tree) {
    this.base = base;
    this.tree = tree;
    this.defaults = tree.path("defaults");
  }

  /** The tasks that have no problem of their own. */
  List<Task> tasks() {
    List<Task> tasks = new ArrayList<>();
    int index = 0;
    for (JsonNode node : tree.path("tasks")) {
      Task task = task(index++, node);
      if (task != null) {
        tasks.add(task);
      }
    }
    return List.copyOf(tasks);
  }

  /** What was found while the tasks were made. */
  List<Problem> problems() {
    // Every task without a folder of its own names the same problem of the defaults.
    return problems.stream().distinct().toList();
  }

  private @Nullable Task task(int index, JsonNode node) {
    ObjectNode own = node instanceof ObjectNode mapping ? mapping : shortForm(node);
    Fields fields = new Fields(Problem.within("tasks", index), own, defaults);
    int before = problems.size();
    Optional<Path> folder = fields.text("folder").flatMap(path -> folder(fields, path));
    Optional<Expect> expect = fields.node("expect").flatMap(it -> expect(fields, it));
    checkFiles(fields);
    if (problems.size() > before) {
      return null;
    }
    try {
      return new Task(
          fields.text("name").orElse(String.valueOf(index + 1)),
          fields.text("prompt"),
          fields.texts("command"),
          fields.text("agent"),
          fields.text("model"),
          folder,
          fields.texts("tools"),
          fields.seconds("timeout"),
          fields.seconds("firstOutput"),
          fields.seconds("stall"),
          fields.node("retries").map(JsonNode::asInt),
          fields.texts("dependsOn"),
          fields.texts("files"),
          expect,
          fields.text("input"));
    } catch (IllegalArgumentException e) {
      problems.add(new Problem(fields.place(), String.valueOf(e.getMessage())));
      return null;
    }
  }

  private static ObjectNode shortForm(JsonNode prompt) {
    ObjectNode task = JsonNodeFactory.instance.objectNode();
    task.set("prompt", prompt);
    return task;
  }

  private Optional<Path> folder(Fields fields, String path) {
    try {
      Path folder = base.resolve(path).normalize();
      // A hundred thousand tasks in one folder ask the file system once.
      if (folders.computeIfAbsent(folder, Files::isDirectory)) {
        return Optional.of(folder);
      }
      String what = Files.exists(folder) ? "' is not a folder" : "' does not exist";
      problems.add(
          new Problem(fields.place("folder"), "folder '" + Visible.of(folder.toString()) + what));
    } catch (InvalidPathException e) {
      problems.add(
          new Problem(
              fields.place("folder"), "is no path: " + Visible.of(String.valueOf(e.getReason()))));
    }
    return Optional.empty();
  }

  private void checkFiles(Fields fields) {
    int at = 0;
    for (String file : fields.texts("files")) {
      String place = Problem.within(fields.place("files"), at++);
      RelativePath.fault(file).ifPresent(fault -> problems.add(new Problem(place, fault)));
    }
  }

  private Optional<Expect> expect(Fields fields, JsonNode node) {
    Fields inner = new Fields(fields.place("expect"), node, JsonNodeFactory.instance.missingNode());
    List<CreatedFile> files = new ArrayList<>();
    int at = 0;
    for (JsonNode file : node.path("files")) {
      String place = Problem.within(inner.place("files"), at++);
      Fields created = new Fields(place, file, JsonNodeFactory.instance.missingNode());
      made(
              place,
              created,
              it ->
                  new CreatedFile(
                      it.text("path").orElseThrow(), it.texts("contains"), it.text("equals")))
          .ifPresent(files::add);
    }
    if (files.size() < at) {
      return Optional.empty();
    }
    String place = inner.text("matches").isPresent() ? inner.place("matches") : inner.place();
    return made(place, inner, it -> new Expect(it.texts("contains"), it.text("matches"), files));
  }

  private <T> Optional<T> made(String place, Fields fields, Function<Fields, T> make) {
    try {
      return Optional.of(make.apply(fields));
    } catch (IllegalArgumentException e) {
      problems.add(new Problem(place, String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  /** The fields of one mapping, with defaults behind them. */
  private record Fields(String place, JsonNode own, JsonNode defaults) {
    Optional<JsonNode> node(String field) {
      return own.optional(field).or(() -> defaults.optional(field));
    }

    Optional<String> text(String field) {
      return node(field).map(JsonNode::asString);
    }

    List<String> texts(String field) {
      return node(field).stream()
          .flatMap(list -> list.values().stream())
          .map(JsonNode::asString)
          .toList();
    }

    /** Rounded to nanoseconds, but what is above 0 stays so. */
    Optional<Duration> seconds(String field) {
      return node(field).map(it -> Duration.ofNanos(Math.max(1, Math.round(it.asDouble() * 1e9))));
    }

    /** Where the value of this field is written. */
    String place(String field) {
      return own.has(field) || !defaults.has(field)
          ? Problem.within(place, field)
          : Problem.within("defaults", field);
    }
  }
}
