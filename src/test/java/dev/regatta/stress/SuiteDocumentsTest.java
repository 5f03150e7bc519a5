package dev.regatta.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.regatta.rehearsal.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The schema, the reference page, the example and the reader say the same. */
class SuiteDocumentsTest {
  private static final Pattern ROW = Pattern.compile("^\\| `([a-z_]+)` \\|");
  private static final List<String> CATEGORIES =
      List.of(
          "simple",
          "parallel",
          "model_comparison",
          "long_running",
          "rapid_fire",
          "complex_orchestration",
          "extreme_stress",
          "failure_modes",
          "advanced_orchestration",
          "concurrent_execution");

  private final Path published = Suites.PROJECT.resolve("docs/schema/stress-1.schema.json");
  private final JsonNode schema = JsonMapper.shared().readTree(published.toFile());
  private final JsonNode definitions = schema.path("$defs");
  private final List<String> page = Files.readAllLines(Suites.PROJECT.resolve("docs/stress.md"));

  SuiteDocumentsTest() throws IOException {}

  private static Set<String> names(JsonNode part) {
    return new TreeSet<>(part.path("properties").propertyNames());
  }

  private static void collect(JsonNode node, Set<String> names) {
    names.addAll(node.propertyNames());
    node.values().forEach(inner -> collect(inner, names));
  }

  @Test
  void theProgramCarriesThePublishedSchema() throws IOException {
    try (var carried = SuiteFile.class.getResourceAsStream(SuiteFile.SCHEMA)) {
      assertThat(carried).hasBinaryContent(Files.readAllBytes(published));
    }
  }

  @Test
  void theTablesOfTheReferenceHaveEveryFieldOfTheSchemaAndNoOther() {
    List<Set<String>> tables = new ArrayList<>();
    boolean fields = false;
    for (String line : page) {
      if (line.startsWith("| field")) {
        tables.add(new TreeSet<>());
        fields = true;
      }
      fields = fields && line.startsWith("|");
      Matcher row = ROW.matcher(line);
      if (fields && row.find()) {
        tables.getLast().add(row.group(1));
      }
    }
    assertThat(tables)
        .containsExactly(
            names(schema),
            names(definitions.path("category")),
            names(definitions.path("task")),
            names(definitions.path("executionConfig")),
            names(definitions.path("verification")),
            names(definitions.path("pattern")),
            names(definitions.path("file")));
  }

  @Test
  void theTableOfRulesIsTheLintersOwn() {
    int head = page.indexOf("| rule | when | better |");
    assertThat(head).isNotNegative();
    assertThat(page.subList(head + 2, head + 2 + LintRule.values().length))
        .containsExactlyElementsOf(
            Arrays.stream(LintRule.values())
                .map(
                    rule -> "| `" + rule.id() + "` | " + rule.when() + " | " + rule.better() + " |")
                .toList());
  }

  @Test
  void theExampleUsesEveryFieldAndEveryCategoryAndHasNothingToWarnAbout() {
    SuiteFile example = Suites.example();
    assertThat(example.suite().tasks()).hasSize(30);
    assertThat(example.suite().categories().stream().map(Category::name).toList())
        .containsExactlyElementsOf(CATEGORIES);
    assertThat(Lint.of(example)).isEmpty();
    Set<String> used = new HashSet<>();
    collect(
        YAMLMapper.shared().readTree(Suites.PROJECT.resolve("examples/stress.yaml").toFile()),
        used);
    assertThat(used).containsAll(names(schema));
    definitions.values().forEach(part -> assertThat(used).containsAll(names(part)));
  }

  @Test
  void everyTaskOfTheExampleThatAsksPassesWithTheAnswersOfItsScript() {
    JsonNode rules =
        YAMLMapper.shared()
            .readTree(Suites.PROJECT.resolve("examples/stress-rehearsal.yaml").toFile())
            .path("rules");
    List<SuiteTask> asking =
        Suites.example()
            .suite()
            .tasks()
            .filter(task -> task.template().orElse("").contains("${REQUEST}"))
            .toList();
    // One more is the judge's.
    assertThat(asking).hasSize(rules.size() - 1);
    for (SuiteTask task : asking) {
      TaskCommand command = TaskCommand.of(task, Instant.EPOCH);
      String answer = answer(rules, prompt(task, command)).orElseThrow();
      JsonNode event =
          JsonMapper.shared().createObjectNode().put("type", "result").put("result", answer);
      assertThat(
              new Judge(task, command)
                  .judge(
                      new Outcome(
                          new Ending.Exited(0),
                          "{\"type\":\"system\"}\n" + event + "\n",
                          Duration.ofSeconds(1),
                          List.of())))
          .as(task.id())
          .matches(Judgement::passed);
    }
  }

  @Test
  void theScriptIsOneThatTheRehearsalServerReads() {
    assertThatCode(() -> Script.read(Suites.PROJECT.resolve("examples/stress-rehearsal.yaml")))
        .doesNotThrowAnyException();
  }

  private static String prompt(SuiteTask task, TaskCommand command) {
    String marker = command.markerInPrompt() ? "[marker:" + command.marker() + "] " : "";
    return marker + task.metatags() + " " + task.request().orElseThrow();
  }

  private static Optional<String> answer(JsonNode rules, String prompt) {
    for (JsonNode rule : rules) {
      Matcher match = Pattern.compile(rule.path("match").asString()).matcher(prompt);
      if (match.find()) {
        String reply = rule.path("reply").asString();
        return Optional.of(match.groupCount() > 0 ? reply.replace("${1}", match.group(1)) : reply);
      }
    }
    return Optional.empty();
  }

  @Test
  void commandsOfTheExampleDoWhatItExpects() throws Exception {
    for (SuiteTask task : Suites.example().suite().tasks().toList()) {
      if (task.templateField().equals("command_template")) {
        continue;
      }
      TaskCommand command = TaskCommand.of(task, Instant.EPOCH);
      Path folder = Files.createTempDirectory(Suites.PROJECT.resolve("target"), "stress");
      Process process =
          new ProcessBuilder("sh", "-c", command.line())
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes());
      Outcome outcome =
          new Outcome(
              Ending.ofExitCode(process.waitFor()),
              output,
              Duration.ofSeconds(1),
              task.verification().fileFaults(folder));
      assertThat(new Judge(task, command).judge(outcome)).as(task.id()).matches(Judgement::passed);
      assertThat(outcome.fileFaults()).isEmpty();
    }
  }

  /** A suite of somebody else's, if one is at hand: REGATTA_STRESS_SUITE is its path. */
  @Test
  @EnabledIfEnvironmentVariable(named = "REGATTA_STRESS_SUITE", matches = ".+")
  void aRealSuiteIsReadWithoutAFault() {
    Path file = Path.of(System.getenv("REGATTA_STRESS_SUITE"));
    SuiteFile suite = SuiteFile.read(file, file.getFileName().toString());
    assertThat(suite.suite().tasks()).hasSize(24);
    assertThat(suite.unknown()).isEmpty();
    assertThat(suite.suite().categories().stream().map(Category::name).toList())
        .containsExactlyElementsOf(CATEGORIES);
    assertThat(Lint.of(suite))
        .extracting(warning -> warning.rule().id())
        .contains("steps", "interactive", "short-timeout", "cannot-fail");
  }
}
