package dev.regatta.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.regatta.run.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuiteFileTest {
  @TempDir Path folder;

  private List<String> faults(String name, String text) {
    return catchThrowableOfType(SuiteProblem.class, () -> Suites.read(folder, name, text)).faults();
  }

  @Test
  void categoriesAndTheirTasksKeepTheOrderOfTheFile() {
    Suite suite =
        Suites.read(
                folder,
                "suite.json",
                """
                {"task_list_id": "S", "max_retries": 3, "categories": {
                  "zebra": {"tasks": [{"id": "z1", "command": "true"}, {"id": "z2", "command": "true"}]},
                  "ant": {"tasks": [{"id": "a1", "command": "true"}]}}}
                """)
            .suite();
    assertThat(suite.id()).isEqualTo("S");
    assertThat(suite.maxRetries()).isEqualTo(3);
    assertThat(suite.categories()).extracting(Category::name).containsExactly("zebra", "ant");
    assertThat(suite.tasks())
        .extracting(SuiteTask::id, SuiteTask::number, SuiteTask::place)
        .containsExactly(
            tuple("z1", 1, "categories.zebra.tasks[0]"),
            tuple("z2", 2, "categories.zebra.tasks[1]"),
            tuple("a1", 3, "categories.ant.tasks[0]"));
  }

  @Test
  void aCategoryMayHaveTestsAndOneTimeLimitForAllOfThem() {
    SuiteTask task =
        Suites.read(
                folder,
                "suite.json",
                """
                {"categories": {"medium": {"timeout": 90, "tests": [
                  {"id": "m", "name": "n", "command": "echo hello", "expected_patterns": ["hello"],
                   "description": "d"}]}}}
                """)
            .suite()
            .tasks()
            .findFirst()
            .orElseThrow();
    assertThat(task.timeout())
        .contains(new TimeLimit(Duration.ofSeconds(90), "categories.medium.timeout"));
    assertThat(task.template()).contains("echo hello");
    assertThat(task.verification().patterns()).containsExactly(new ExpectedPattern.Text("hello"));
  }

  @Test
  void aBareListOfTestsIsASuiteToo() {
    SuiteFile file =
        Suites.read(folder, "suite.json", "{\"tests\": [{\"id\": \"a\", \"command\": \"true\"}]}");
    assertThat(file.suite().id()).as("named by its file").isEqualTo("suite.json");
    assertThat(file.suite().tasks()).extracting(SuiteTask::place).containsExactly("tests[0]");
    assertThat(file.suite().execution().defaultTimeout()).isEqualTo(Duration.ofSeconds(120));
  }

  @Test
  void everyFaultIsToldAtOnceWithFilePathAndReason() {
    assertThat(
            faults(
                "suite.json",
                """
                {"max_retries": -1,
                 "categories": {
                  "simple": {"tasks": [
                    {"id": "a", "command": "true"},
                    {"id": "a", "command": "echo '${REQUEST}", "natural_language_request": "q"},
                    {"id": "c", "command": "true", "verification": {"timeout": 0, "stall_timeout": "x"}},
                    {"natural_language_request": "q"},
                    {"id": "e"}]},
                  "empty": {},
                  "odd": 7}}
                """))
        .containsExactly(
            "suite.json:1:2: max_retries: must be a whole number from 0 to 100",
            "suite.json:5:6: categories.simple.tasks[1].id: 'a' is also the id of"
                + " categories.simple.tasks[0]; ids must differ",
            "suite.json:5:17: categories.simple.tasks[1].command: is no whole line of the shell:"
                + " a single quote in it does not end",
            "suite.json:6:53: categories.simple.tasks[2].verification.timeout: must be a number of"
                + " seconds above 0",
            "suite.json:6:67: categories.simple.tasks[2].verification.stall_timeout: must be a"
                + " number of seconds above 0",
            "suite.json:7:5: categories.simple.tasks[3]: needs the field 'id'",
            "suite.json:8:5: categories.simple.tasks[4]: must be a mapping with one of the fields"
                + " 'natural_language_request', 'command_template' and 'command'",
            "suite.json:9:3: categories.empty: must be a mapping with the field 'tasks' or 'tests'",
            "suite.json:10:3: categories.odd: must be a mapping with the field 'tasks' or 'tests'");
  }

  @Test
  void moreThanTenFaultsAreAllShown() {
    StringBuilder text = new StringBuilder("tests:\n");
    for (int at = 0; at < 25; at++) {
      text.append("  - { id: t").append(at).append(", command: 1 }\n");
    }
    SuiteProblem problem =
        catchThrowableOfType(
            SuiteProblem.class, () -> Suites.read(folder, "suite.yaml", text.toString()));
    assertThat(problem.faults()).hasSize(25);
    assertThat(problem.getMessage().lines()).hasSize(25);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {}                                          | must be a mapping with the field 'categories' or 'tests'
          []                                          | must be a mapping with the field 'categories' or 'tests'
          categories: {}                              | has no task
          tests: []                                   | has no task
          tests: [x]                                  | tests[0]: must be a mapping with one of the fields
          tests: [{id: 1, command: x}]                | tests[0].id: must be a letter or digit
          tests: [{id: a, command: ' '}]              | tests[0].command: must be a text that is not blank
          tests: [{id: a, command: x, metatags: 1}]   | tests[0].metatags: must be a text
          tests: [{id: a, command: x, models: m}]     | tests[0].models: must be a list of names of models
          tests: [{id: a, command: x, concurrent_instances: 0}]        | must be a whole number from 1 to 1000
          tests: [{id: a, command: x, temperature_range: [1]}]         | must be a list of two numbers, the lower first
          tests: [{id: a, command: x, temperature_range: [1, 0.5]}]    | has the higher number first
          tests: [{id: a, command: x, temperature_range: [0, 3]}]      | temperature_range[1]: must be at most 2
          tests: [{id: a, command: x, evaluation_criteria: [BEST]}]    | evaluation_criteria[0]: must be FASTEST, MOST
          tests: [{id: a, command: x, expected_patterns: ['']}]        | expected_patterns[0]: must be a text that is not
          tests: [{id: a, command: x, expected_patterns: [{}]}]        | expected_patterns[0]: must have exactly one of
          tests: [{id: a, command: x, expected_patterns: [{regex: '('}]}]          | expected_patterns[0].regex: is no regular expression: Unclosed group
          tests: [{id: a, command: x, expected_patterns: [{number: 'a', at_least: 1}]}]    | expected_patterns[0].number: needs a group
          tests: [{id: a, command: x, expected_patterns: [{number: '(a)'}]}]       | number: needs at_least or at_most
          tests: [{id: a, command: x, expected_patterns: [{number: '(a)', at_least: 2, at_most: 1}]}] | at_least must not be above at_most
          tests: [{id: a, command: x, expected_patterns: [{json: 'a'}]}]           | expected_patterns[0].json: must begin with $
          tests: [{id: a, command: x, expected_patterns: [{json: '$.a[?(1)]'}]}]   | is no path from character 4 on
          tests: [{id: a, command: x, expected_patterns: [{json: '$.a', equals: 1, contains: b}]}] | more than one of equals
          tests: [{id: a, command: x, expected_patterns: [{text: a, at_most: 1}]}] | expected_patterns[0].at_most: is not for a pattern with 'text'
          tests: [{id: a, command: x, verification: {match: some}}]                | verification.match: must be any or all
          tests: [{id: a, command: x, verification: {files: [{path: ../x}]}}]      | verification.files[0].path: must stay within
          tests: [{id: a, command: x, verification: {files: [{path: x/}]}}]        | files[0].path: is named like a folder
          tests: [{id: a, command: x, verification: {expect_non_zero_exit: yes!}}] | must be true or false
          execution_config: {retry_delays: [-1]}                                   | execution_config.retry_delays[0]: must be
          tests: [&a {id: a, command: x}]                                          | anchors and aliases (&, *) are not taken
          tests: [{id: a, id: b, command: x}]                                      | Duplicate
          tests: [                                                                 | not YAML
          """)
  void aFaultIsNamedByItsPathAndItsReason(String text, String fault) {
    assertThat(faults("suite.yaml", text))
        .anySatisfy(line -> assertThat(line).startsWith("suite.yaml:").contains(fault));
  }

  @Test
  void aFileThatIsNotThereOrIsEmptyIsNamed() {
    assertThat(
            catchThrowableOfType(
                    SuiteProblem.class, () -> SuiteFile.read(folder.resolve("none.json"), "none"))
                .faults())
        .containsExactly("none: there is no such file");
    assertThat(faults("suite.json", " "))
        .containsExactly("suite.json: it is empty; it needs 'categories' or 'tests'");
  }

  @Test
  void unknownFieldsAreKeptAndNamed() {
    SuiteFile file =
        Suites.read(
            folder,
            "suite.yaml",
            """
            owner: me
            categories:
              simple:
                priority: 1
                tasks:
                  - { id: a, command: 'true', colour: red, verification: { strict: true } }
            execution_config: { speed: high }
            verification_script: { anything: goes }
            """);
    assertThat(file.unknown())
        .extracting(Problem::field)
        .containsExactlyInAnyOrder(
            "owner",
            "categories.simple.priority",
            "categories.simple.tasks[0].colour",
            "categories.simple.tasks[0].verification.strict",
            "execution_config.speed");
    SuiteTask task = file.suite().tasks().findFirst().orElseThrow();
    assertThat(file.suite().others()).containsOnlyKeys("owner");
    assertThat(file.suite().categories().getFirst().others()).containsOnlyKeys("priority");
    assertThat(task.others().get("colour").asString()).isEqualTo("red");
    assertThat(task.verification().others()).containsOnlyKeys("strict");
    assertThat(file.suite().execution().others()).containsOnlyKeys("speed");
    assertThat(file.lines(file.unknown()).getFirst())
        .isEqualTo("suite.yaml:1:1: owner: is no field of a suite; it is kept and has no effect");
  }

  @Test
  void theNearestTimeLimitHolds() {
    assertThat(
            Suites.task(folder, "command: x, timeout: 7, verification: { timeout: 1.5 }").timeout())
        .contains(new TimeLimit(Duration.ofMillis(1500), "tests[0].verification.timeout"));
    assertThat(Suites.task(folder, "command: x, timeout: 7, stall_timeout: 2").stall())
        .contains(new TimeLimit(Duration.ofSeconds(2), "tests[0].stall_timeout"));
    assertThat(Suites.task(folder, "command: x").timeout()).isEmpty();
  }
}
