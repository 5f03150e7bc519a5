package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The schema, the reference page and the example say the same. */
class TaskFileDocumentsTest {
  private static final Path PROJECT = Path.of(System.getProperty("regatta.project"));
  private static final Pattern ROW = Pattern.compile("^\\| `([A-Za-z]+)` \\|");

  private final JsonNode schema =
      JsonMapper.shared().readTree(PROJECT.resolve("docs/schema/tasks-1.schema.json").toFile());
  private final JsonNode definitions = schema.path("$defs");

  @Test
  void theTablesOfTheReferenceHaveEveryFieldOfTheSchemaAndNoOther() throws IOException {
    assertThat(tables())
        .containsExactly(
            names(schema),
            names(definitions.path("task")),
            names(definitions.path("expect")),
            names(definitions.path("createdFile")));
  }

  @Test
  void defaultsHaveEveryFieldOfATaskButThoseThatAreItsOwn() {
    Set<String> expected = new TreeSet<>(names(definitions.path("task")));
    expected.removeAll(Set.of("name", "prompt", "command", "dependsOn"));
    assertThat(names(schema.path("properties").path("defaults"))).isEqualTo(expected);
  }

  @Test
  void everyPartOfTheSchemaIsDescribedAndClosed() {
    describedAndClosed(schema);
    definitions.values().forEach(TaskFileDocumentsTest::describedAndClosed);
  }

  @Test
  void theProgramCarriesThePublishedSchema() throws IOException {
    try (var carried =
        TaskFile.class.getResourceAsStream("/dev/regatta/schema/tasks-1.schema.json")) {
      assertThat(carried)
          .hasBinaryContent(Files.readAllBytes(PROJECT.resolve("docs/schema/tasks-1.schema.json")));
    }
  }

  @Test
  void theExampleIsReadAndUsesEveryField() {
    Path example = PROJECT.resolve("examples/tasks.yaml");
    assertThat(TaskFile.read(example))
        .extracting(Task::name)
        .containsExactly("1", "license", "notes", "count", "greeting");
    Set<String> used = new HashSet<>();
    collect(YAMLMapper.shared().readTree(example.toFile()), used);
    assertThat(used)
        .containsAll(names(schema))
        .containsAll(names(definitions.path("task")))
        .containsAll(names(definitions.path("expect")))
        .containsAll(names(definitions.path("createdFile")));
  }

  private static void collect(JsonNode node, Set<String> names) {
    names.addAll(node.propertyNames());
    node.values().forEach(inner -> collect(inner, names));
  }

  private static void describedAndClosed(JsonNode part) {
    if (part.has("$ref")) {
      return;
    }
    assertThat(part.path("title").asString()).as("title of %s", part).isNotBlank();
    assertThat(part.path("description").asString()).as("description of %s", part).isNotBlank();
    if (part.has("properties")) {
      assertThat(part.path("additionalProperties").asBoolean(true)).as("%s", part).isFalse();
    }
    part.path("properties").values().forEach(TaskFileDocumentsTest::describedAndClosed);
    if (part.has("items")) {
      describedAndClosed(part.path("items"));
    }
  }

  private static Set<String> names(JsonNode part) {
    return new TreeSet<>(part.path("properties").propertyNames());
  }

  /** The first column of each table of the page. */
  private static List<Set<String>> tables() throws IOException {
    List<Set<String>> tables = new ArrayList<>();
    for (String line : Files.readAllLines(PROJECT.resolve("docs/tasks-file.md"))) {
      if (line.startsWith("| --- ")) {
        tables.add(new TreeSet<>());
      }
      Matcher row = ROW.matcher(line);
      if (row.find()) {
        tables.getLast().add(row.group(1));
      }
    }
    return tables;
  }
}
