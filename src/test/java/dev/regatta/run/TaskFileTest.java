package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskFileTest {
  @TempDir Path folder;

  @Test
  void aTextIsAPromptAndUnnamedTasksAreNamedByPosition() throws IOException {
    assertThat(read("tasks: [Say hello., {command: [ls]}]"))
        .containsExactly(Task.ofPrompt("1", "Say hello."), Task.ofCommand("2", List.of("ls")));
  }

  @Test
  void jsonIsReadAsJson() throws IOException {
    Path file = folder.resolve("tasks.json");
    Files.writeString(
        file, "\ufeff{\"tasks\":\t[\"a\\u00e4\", {\"name\": \"n\", \"prompt\": \"b\"}]}");
    assertThat(TaskFile.read(file))
        .containsExactly(Task.ofPrompt("1", "aä"), Task.ofPrompt("n", "b"));
  }

  @Test
  void defaultsHoldWhereATaskSaysNothingAndAreReplacedAsAWhole() throws IOException {
    Files.createDirectory(folder.resolve("sub"));
    List<Task> tasks =
        read(
            """
            defaults: {agent: claude, model: m, folder: sub, tools: [Read, Write], timeout: 1.5,
              firstOutput: 2, stall: 3, retries: 2, files: [a/], expect: {contains: [x]}, input: i}
            tasks:
              - p
              - {prompt: q, tools: [], timeout: 0.0000000001, expect: {matches: y}}
            """);
    Task first = tasks.getFirst();
    assertThat(first.agent()).contains("claude");
    assertThat(first.model()).contains("m");
    assertThat(first.folder()).contains(folder.toAbsolutePath().resolve("sub"));
    assertThat(first.tools()).containsExactly("Read", "Write");
    assertThat(first.timeout()).contains(Duration.ofMillis(1500));
    assertThat(first.firstOutput()).contains(Duration.ofSeconds(2));
    assertThat(first.stall()).contains(Duration.ofSeconds(3));
    assertThat(first.retries()).contains(2);
    assertThat(first.files()).containsExactly("a/");
    assertThat(first.expect().orElseThrow().contains()).containsExactly("x");
    assertThat(first.input()).contains("i");
    Task second = tasks.get(1);
    assertThat(second.tools()).isEmpty();
    assertThat(second.timeout()).contains(Duration.ofNanos(1));
    assertThat(second.expect()).contains(new Expect(List.of(), Optional.of("y"), List.of()));
  }

  @Test
  void aProblemNamesFileLineColumnFieldAndRule() throws IOException {
    assertThat(problems("tasks:\n  - a\n  - b\n  - prompt: c\n\n    timeout: -1\n"))
        .containsExactly(
            folder.resolve("tasks.yaml")
                + ":6:5: tasks[2].timeout: must be a number of seconds above 0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tasks: []|1:1: tasks: must be a list of at least one task",
        "tasks: p|1:1: tasks: must be a list of at least one task",
        "a text|1:1: must be a Regatta tasks file",
        "schema: regatta.tasks/1|1:1: needs the field 'tasks'",
        "{schema: regatta.tasks/2, tasks: [p]}|1:2: schema: must be regatta.tasks/1",
        "{tasks: [p], task: 1}|1:14: task: is no field here; there is schema, defaults, tasks",
        "tasks: [1]|tasks[0]: must be a text (the prompt) or a mapping of fields",
        "tasks: ['']|tasks[0]: must be a text (the prompt) or a mapping of fields",
        "tasks: [{name: 1, prompt: p}]|tasks[0].name: must be a letter or digit, then",
        "tasks: [{name: -x, prompt: p}]|tasks[0].name: must be a letter or digit, then",
        "tasks: [{name: \"x\\n\", prompt: p}]|tasks[0].name: must be a letter or digit, then",
        "tasks: [{prompt: ' '}]|tasks[0].prompt: must be a text that is not blank",
        "tasks: [{prompt: }]|tasks[0].prompt: must be a text that is not blank",
        "tasks: [{command: []}]|tasks[0].command: must be a list of texts, the program first",
        "tasks: [{command: ls}]|tasks[0].command: must be a list of texts, the program first",
        "tasks: [{command: [head, -3]}]|tasks[0].command[1]: must be a text (a number or true in",
        "tasks: [{command: [' ']}]|tasks[0]: command must name a program first",
        "tasks: [{name: a}]|tasks[0]: either prompt or command is needed",
        "tasks: [{prompt: p, command: [ls]}]|tasks[0]: prompt and command exclude each other",
        "tasks: [{prompt: p, agent: a b}]|tasks[0].agent: must be the name of an adapter",
        "tasks: [{prompt: p, model: --x}]|tasks[0].model: must be the name of a model",
        "tasks: [{prompt: p, tools: [--x]}]|tasks[0].tools[0]: must be the name of a tool",
        "tasks: [{prompt: p, tools: Read}]|tasks[0].tools: must be a list of names of tools",
        "tasks: [{prompt: p, timeout: 0}]|tasks[0].timeout: must be a number of seconds above 0",
        "tasks: [{prompt: p, timeout: 5m}]|tasks[0].timeout: must be a number of seconds above 0",
        "tasks: [{prompt: p, timeout: 1e9}]|tasks[0].timeout: must be at most 2592000",
        "tasks: [{prompt: p, timeout: 1e999999999}]|1:30: a number that is no number, or too",
        "tasks: [{prompt: p, firstOutput: x}]|firstOutput: must be a number of seconds above 0",
        "tasks: [{prompt: p, stall: x}]|stall: must be a number of seconds above 0",
        "tasks: [{prompt: p, retries: -1}]|tasks[0].retries: must be a whole number from 0 to 100",
        "tasks: [{prompt: p, retries: 1.5}]|tasks[0].retries: must be a whole number from 0 to 100",
        "tasks: [{prompt: p, retries: 101}]|tasks[0].retries: must be",
        "tasks: [{prompt: p, dependsOn: [1]}]|tasks[0].dependsOn[0]: must be the name of a task",
        "tasks: [{prompt: p, dependsOn: [x]}]|tasks[0].dependsOn[0]: there is no task named 'x'",
        "tasks: [{prompt: p, files: ['*.c']}]|tasks[0].files[0]: must be a path without '*' and",
        "tasks: [{prompt: p, files: [../x]}]|tasks[0].files[0]: must stay within the task's folder",
        "tasks: [{prompt: p, files: [/x]}]|tasks[0].files[0]: must be relative to the task's",
        "tasks: [{prompt: p, folder: none}]|none' does not exist",
        "tasks: [{prompt: p, folder: tasks.yaml}]|tasks.yaml' is not a folder",
        "tasks: [{prompt: p, folder: \"a\\0b\"}]|tasks[0].folder: is no path",
        "{defaults: {folder: none}, tasks: [p, q]}|1:13: defaults.folder: folder '",
        "{defaults: {prompt: x}, tasks: [p]}|1:13: defaults.prompt: is no field here; there is",
        "tasks: [{prompt: p, expect: {}}]|tasks[0].expect: must be a mapping of contains, matches",
        "tasks: [{prompt: p, expect: {contains: []}}]|tasks[0].expect: an expectation must name",
        "tasks: [{prompt: p, expect: {contains: ['']}}]|expect.contains[0]: must be a text that is",
        "tasks: [{prompt: p, expect: {matches: '('}}]|expect.matches: '(' is no regular expression",
        "tasks: [{prompt: p, expect: {files: [x]}}]|expect.files[0]: must be a mapping of path",
        "tasks: [{prompt: p, expect: {files: [{}]}}]|expect.files[0]: needs the field 'path'",
        "tasks: [{prompt: p, expect: {files: [{path: ../x}]}}]|files[0]: file '../x' must stay",
        "tasks: [{prompt: p, input: 1}]|tasks[0].input: must be a text",
        "tasks: [{name: a, prompt: p}, {name: a, prompt: q}]|tasks[1].name: 'a' is also the name",
        "tasks: [{name: '2', prompt: p}, q]|tasks[1].name: '2' is also the name of tasks[0]",
        "tasks: [{prompt: p, token: T}]|tasks[0].token: is not taken from a tasks file: name cred",
        "tasks: [{prompt: p, api_key: T}]|tasks[0].api_key: is not taken from a tasks file: name",
        "{defaults: {token-command: T}, tasks: [p]}|defaults.token-command: is not taken",
        "{endpoint: x, tasks: [p]}|1:2: endpoint: is not taken from a tasks file: where calls and",
        "tasks: [{prompt: p, env: {A: b}}]|tasks[0].env: is not taken from a tasks file: a variab",
        "tasks: [{prompt: p, permissionMode: x}]|permissionMode: is not taken from a tasks file",
        "tasks: [{prompt: p, prompt: q}]|1:27: not YAML: Duplicate Object property",
        "tasks: [{prompt: p}|not YAML: while parsing a flow",
        "tasks: [&a p, *a]|1:15: anchors and aliases (&, *) are not taken",
        "tasks: [{&a prompt: p}]|1:10: anchors and aliases (&, *) are not taken",
        "tasks: [{<<: {prompt: p}}]|tasks[0].<<: is no field here",
        "tasks: [*a]|1:9: anchors and aliases (&, *) are not taken",
        "{defaults: &d {stall: 1}, tasks: [p]}|anchors and aliases (&, *) are not taken",
        "tasks: [!!str p]|tags (!) are not taken",
        "tasks: [!!java.net.URL p]|tags (!) are not taken",
        "tasks: !!set {p}|tags (!) are not taken",
        "tasks: [{prompt: p, timeout: .inf}]|a number that is no number, or too large",
        "tasks: [{prompt: p, timeout: .nan}]|a number that is no number, or too large",
        "tasks: [{? [a] : b}]|not YAML",
        "# nothing|it is empty; it needs a list 'tasks:'",
        "'  '|it is empty; it needs a list 'tasks:'",
      })
  void everyBrokenRuleHasItsMessage(String text, String message) throws IOException {
    assertThat(problems(text)).singleElement().asString().contains(message);
  }

  @Test
  void anAnchorOnATextThatNobodyRefersToChangesNothing() throws IOException {
    assertThat(read("tasks: [&a p]")).containsExactly(Task.ofPrompt("1", "p"));
  }

  @Test
  void aCircleIsNamed() throws IOException {
    assertThat(
            problems(
                """
                tasks:
                  - {name: out, prompt: p, dependsOn: [a]}
                  - {name: a, prompt: p, dependsOn: [free, c]}
                  - {name: b, prompt: p, dependsOn: [a]}
                  - {name: c, prompt: p, dependsOn: [b]}
                  - {name: free, prompt: p}
                """))
        .singleElement()
        .asString()
        .contains(":3:26: tasks[1].dependsOn: goes round in a circle: a → c → b → a");
    assertThat(problems("tasks: [{name: a, prompt: p, dependsOn: [a]}]"))
        .singleElement()
        .asString()
        .contains("dependsOn must not name the task itself");
  }

  @Test
  void aCircleOfThousandsIsFoundAndShownInShort() throws IOException {
    String tasks =
        IntStream.range(0, 20_000)
            .mapToObj(
                i -> "- {name: t%d, prompt: p, dependsOn: [t%d]}".formatted(i, (i + 1) % 20_000))
            .reduce(
                new StringBuilder("tasks:\n"),
                (all, it) -> all.append(it).append('\n'),
                StringBuilder::append)
            .toString();
    assertThat(problems(tasks))
        .singleElement()
        .asString()
        .contains("t0 → t1 → ")
        .endsWith("t9 → … (19991 more)");
  }

  @Test
  void allProblemsAreFoundInTheOrderOfTheFileAndTenAreShown() throws IOException {
    TaskFileProblem problem =
        problem(
            "tasks:\n"
                + "- {prompt: p, retries: x, stall: x}\n".repeat(6)
                + "- {prompt: p, folder: none}\n");
    assertThat(problem.problems()).hasSize(12);
    assertThat(problem.problems().get(3)).contains(":3:27: tasks[1].stall");
    assertThat(problem.getMessage().lines()).hasSize(11);
    assertThat(problem).hasMessageEndingWith("… and 2 more");
  }

  @Test
  void aFileThatCanNotBeReadSaysWhy() throws IOException {
    assertThatThrownBy(() -> TaskFile.read(folder.resolve("none.yaml")))
        .isInstanceOf(TaskFileProblem.class)
        .hasMessage(folder.resolve("none.yaml") + ": there is no such file");
    assertThatThrownBy(() -> TaskFile.read(folder))
        .isInstanceOf(TaskFileProblem.class)
        .hasMessageContaining("it could not be read: ");
    Path file = folder.resolve("big.yaml");
    try (RandomAccessFile big = new RandomAccessFile(file.toFile(), "rw")) {
      big.setLength(TaskText.BOUND + 1L);
    }
    assertThatThrownBy(() -> TaskFile.read(file))
        .hasMessage(file + ": it is larger than 64 MB; split it into several files");
    Files.write(folder.resolve("latin.yaml"), new byte[] {'a', '\n', (byte) 0xe4, 'b'});
    assertThatThrownBy(() -> TaskFile.read(folder.resolve("latin.yaml")))
        .hasMessageEndingWith("latin.yaml:2: it is not UTF-8 text; save it as UTF-8");
  }

  @Test
  void brokenJsonAndASecondDocumentAreRefused() throws IOException {
    Path file = folder.resolve("tasks.json");
    Files.writeString(file, "{\"tasks\": [\n\"a\",]}");
    assertThatThrownBy(() -> TaskFile.read(file))
        .isInstanceOf(TaskFileProblem.class)
        .hasMessageContaining("tasks.json:2:")
        .hasMessageContaining("not JSON: ");
    Files.writeString(file, "{");
    assertThatThrownBy(() -> TaskFile.read(file))
        .hasMessageEndingWith(
            "tasks.json:1:2: not JSON: Unexpected end-of-input: expected close marker for Object");
    Files.writeString(file, "{\"tasks\": [\"a\"]} {}");
    assertThatThrownBy(() -> TaskFile.read(file)).hasMessageContaining("only one document a file");
    assertThat(problems("tasks: [a]\n---\ntasks: [b]\n"))
        .singleElement()
        .asString()
        .contains("only one document a file");
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void bombsEndInAMessage() throws IOException {
    StringBuilder laughs = new StringBuilder("a0: &a0 [lol]\n");
    for (int i = 1; i < 30; i++) {
      laughs.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(problems(laughs.toString())).singleElement().asString().contains("anchors");
    assertThat(problems("tasks: " + "[".repeat(100_000))).hasSize(1);
    assertThat(problems("- ".repeat(50_000) + "x")).hasSize(1);
    assertThat(problems("tasks: [{prompt: p, retries: " + "9".repeat(100_000) + "}]")).hasSize(1);
    assertThat(problems("tasks: [\"\u0001\u001b[2J\"]").getFirst()).doesNotContain("\u001b");
    assertThat(problems("tasks: [{prompt: p, \"\\e[2J\": 1}]").getFirst())
        .doesNotContain("\u001b")
        .contains("tasks[0].\\x1b[2J: is no field here");
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void aHundredThousandTasksAreRead() throws IOException {
    StringBuilder text = new StringBuilder("defaults: {timeout: 60, folder: .}\ntasks:\n");
    for (int i = 1; i <= 100_000; i++) {
      text.append("  - name: task-")
          .append(i)
          .append("\n    prompt: Fix finding number ")
          .append(i);
      text.append(" in the file src/main/File").append(i).append(".java\n");
      text.append("    files: [src/main/File").append(i).append(".java]\n");
      if (i > 1) {
        text.append("    dependsOn: [task-").append(i - 1).append("]\n");
      }
    }
    Files.writeString(folder.resolve("tasks.yaml"), text);
    List<Task> tasks = TaskFile.read(folder.resolve("tasks.yaml"));
    assertThat(tasks).hasSize(100_000);
    assertThat(tasks.getLast().dependsOn()).containsExactly("task-99999");
  }

  private List<Task> read(String text) throws IOException {
    return TaskFile.read(Files.writeString(folder.resolve("tasks.yaml"), text));
  }

  private TaskFileProblem problem(String text) {
    return catchThrowableOfType(TaskFileProblem.class, () -> read(text));
  }

  private List<String> problems(String text) {
    TaskFileProblem problem = problem(text);
    assertThat(problem).as("the file is refused").isNotNull();
    return problem.problems();
  }
}
