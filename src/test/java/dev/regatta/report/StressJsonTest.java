package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The report and its published schema say the same, and the schema lets nothing else pass. */
class StressJsonTest {
  private static final String NAME = "stress-report-1.schema.json";
  private static final Path PUBLISHED =
      Path.of(System.getProperty("regatta.project")).resolve("docs/schema").resolve(NAME);

  @TempDir Path folder;
  private SampleSuites samples;
  private Schema schema;

  @BeforeEach
  void make() throws IOException {
    samples = new SampleSuites(folder);
    try (InputStream carried =
        StressJson.class.getResourceAsStream("/dev/regatta/schema/" + NAME)) {
      schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(
                  new String(carried.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  private static JsonNode tree(StressReport report) {
    return JsonMapper.shared().readTree(StressJson.of(report));
  }

  private List<com.networknt.schema.Error> problems(JsonNode report) {
    return schema.validate(report.toString(), InputFormat.JSON);
  }

  @Test
  void theProgramCarriesThePublishedSchema() throws IOException {
    try (var carried = StressJson.class.getResourceAsStream("/dev/regatta/schema/" + NAME)) {
      assertThat(carried).hasBinaryContent(Files.readAllBytes(PUBLISHED));
    }
  }

  @Test
  void everyKindOfReportIsAsTheSchemaSays() {
    for (StressReport report : samples.all()) {
      assertThat(problems(tree(report))).as(report.result().suite()).isEmpty();
    }
  }

  @Test
  void theSchemaLetsNoFieldBeMissingAndNoneBeAdded() {
    JsonNode report = tree(samples.failures());
    List<JsonNode> objects = new ArrayList<>();
    collect(report, objects);
    assertThat(objects).hasSizeGreaterThan(100);
    for (JsonNode object : objects) {
      ObjectNode node = (ObjectNode) object;
      node.put("surprise", 1);
      assertThat(problems(report)).isNotEmpty();
      node.remove("surprise");
      if (node.has("line") || node.has("tasks") || node.has("tries")) {
        for (String name : List.copyOf(node.propertyNames())) {
          JsonNode value = node.remove(name);
          assertThat(problems(report)).as("without %s", name).isNotEmpty();
          node.set(name, value);
        }
      }
    }
    assertThat(problems(report)).isEmpty();
  }

  /** Each object once for each kind of place: a report has hundreds that are alike. */
  private static void collect(JsonNode node, List<JsonNode> objects) {
    if (node instanceof ObjectNode object) {
      objects.add(object);
      object.values().forEach(inner -> collect(inner, objects));
    } else if (node instanceof ArrayNode array) {
      array.values().forEach(inner -> collect(inner, objects));
    }
  }

  @Test
  void thePathsThatProgramsRestOnAreThere() {
    JsonNode report = tree(samples.failures());
    assertThat(report.at("/totals/successRatio").asString()).isEqualTo("23:2 = 11.5:1");
    assertThat(report.at("/totals/graduated").asBoolean()).isTrue();
    assertThat(report.at("/totals/skipped").asInt()).isEqualTo(1);
    assertThat(report.at("/totals/notTried").asInt()).isEqualTo(1);
    assertThat(report.at("/run/startedAt").asString()).isEqualTo("2026-11-22T01:02:03Z");
    JsonNode task = report.at("/tasks/23");
    assertThat(task.path("alone").asString())
        .isEqualTo("regatta stress 'my suites/suite.json' --only capitals");
    assertThat(task.path("command").asString())
        .isEqualTo("claude -p \"What's the capital of France & Italy?\"");
    assertThat(task.at("/instances/0/tries/0/ending").asString()).isEqualTo("timed-out");
    JsonNode last = task.at("/instances/0/tries/1");
    assertThat(last.path("exitCode").asInt()).isZero();
    assertThat(last.path("hallucination").asString()).isEqualTo("suspected");
    assertThat(last.at("/patterns/0/line").asInt()).isEqualTo(3);
    assertThat(last.at("/patterns/1/line").isNull()).isTrue();
    assertThat(report.at("/history").size()).isEqualTo(3);
  }

  @Test
  void aPartOfASuiteIsMarkedAndTheLineThatRunsATaskAgainHasItsScript() {
    JsonNode report = tree(samples.partial());
    assertThat(report.at("/totals/partial").asBoolean()).isTrue();
    assertThat(report.at("/totals/graduated").asBoolean()).isFalse();
    assertThat(report.at("/history/1/partial").asBoolean()).isFalse();
    assertThat(report.at("/history/2/partial").asBoolean()).isTrue();
    assertThat(report.at("/tasks/0/alone").asString())
        .endsWith(" --rehearsal --script 'my answers.yaml' --only simple_1");
    assertThat(tree(samples.green()).at("/totals/partial").asBoolean()).isFalse();
  }

  @Test
  void onlyARehearsalHasTheLabel() {
    assertThat(tree(samples.rehearsal()).path("label").asString()).isEqualTo("REHEARSAL");
    assertThat(tree(samples.rehearsal()).at("/run/rehearsal").asBoolean()).isTrue();
    assertThat(tree(samples.rehearsal()).at("/tasks/0/alone").asString())
        .as("run again it must not become a real one")
        .endsWith(" --rehearsal --only simple_1");
    assertThat(tree(samples.green()).has("label")).isFalse();
  }
}
