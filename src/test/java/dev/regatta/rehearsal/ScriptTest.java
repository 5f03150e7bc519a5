package dev.regatta.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "[] | s.yaml: must be a mapping",
        "rules: [] | s.yaml: rules: must be a list",
        "{rules: [{}], more: 1} | s.yaml: more: isn't a field here",
        "{rules: [{}], concurrency: 0} | s.yaml: concurrency: must be a whole number from 1",
        "rules: [{matches: x}] | s.yaml: rules[0].matches: isn't a field here",
        "rules: [{match: '('}] | s.yaml: rules[0].match: isn't a regular expression",
        "rules: [{}, {reply: '${1}'}] | s.yaml: rules[1].reply: names ${1}, but match has 0",
        "rules: [{reply: 366}] | s.yaml: rules[0].reply: must be text; put it in quotes",
        "rules: [{latency: [3]}] | s.yaml: rules[0].latency: must be seconds, or a list",
        "rules: [{latency: [3, 2]}] | s.yaml: rules[0].latency[1]: must be a number from 3.0",
        "rules: [{latency: -1}] | s.yaml: rules[0].latency: must be a number from 0.0",
        "rules: [{latency: .nan}] | s.yaml: rules[0].latency: must be a number",
        "rules: [{tokensPerSecond: fast}] | s.yaml: rules[0].tokensPerSecond: must be a number",
        "rules: [{tool: {input: {}}}] | s.yaml: rules[0].tool.name: must name a tool",
        "rules: [{tool: {name: Write}}] | s.yaml: rules[0].tool.input: must be a mapping",
        "rules: [{tool: {name: W, input: {a: '${2}'}}}] | s.yaml: rules[0].tool.input: names ${2}",
        "rules: [{fail: 418}] | s.yaml: rules[0].fail: must be 400, 401, 403, 429, 500, 503 or 529",
        "rules: [{fail: 429, stall: true}] | s.yaml: rules[0].stall: can't stand beside fail",
        "rules: [{retryAfter: 3}] | s.yaml: rules[0].retryAfter: needs fail",
        "rules: [{stall: yes please}] | s.yaml: rules[0].stall: must be true, or left out",
        "rules: [{fail: 429, headers: {'a b': x}}] | s.yaml: rules[0].headers: names are letters",
        "rules: [{fail: 429, headers: {a: \"x\\ny\"}}] | s.yaml: rules[0].headers.a: must be one"
            + " line",
        "rules: [{fail: 429, headers: {X-Regatta-Rehearsal: 'false'}}] | s.yaml:"
            + " rules[0].headers.X-Regatta-Rehearsal: is set by the server alone",
        "rules: [{fail: 429, headers: {content-length: '1'}}] | s.yaml:"
            + " rules[0].headers.content-length: is set by the server alone",
        "rules: [{times: 0}] | s.yaml: rules[0].times: must be a whole number from 1",
        "rules: [{after: 1.5}] | s.yaml: rules[0].after: must be a whole number from 0",
        "rules: [{reply: a, reply: b}] | s.yaml: isn't YAML at line 1",
        "rules: [ | s.yaml: isn't YAML at line",
      })
  void aProblemNamesTheFileTheFieldAndTheRule(String yaml, String message) {
    assertThatThrownBy(() -> new ScriptReader("s.yaml").read(yaml))
        .isInstanceOf(ScriptProblem.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aFileThatCanNotBeReadIsNamed(@TempDir Path folder) throws Exception {
    Path binary = Files.write(folder.resolve("b.yaml"), new byte[] {(byte) 0xff, 0});
    assertThatThrownBy(() -> Script.read(binary))
        .hasMessageStartingWith(binary + ": can't be read");
    Path missing = folder.resolve("none.yaml");
    assertThatThrownBy(() -> Script.read(missing)).isInstanceOf(ScriptProblem.class);
  }

  @Test
  void theSameSeedDrawsTheSameTimesWhateverTheOrder() {
    Ask a = ask("a");
    Ask b = ask("b");
    Stage one = new Stage(Script.standard(), 5);
    Stage two = new Stage(Script.standard(), 5);
    Answer firstA = one.answer(a);
    Answer firstB = one.answer(b);
    assertThat(two.answer(b)).isEqualTo(firstB);
    assertThat(two.answer(a)).isEqualTo(firstA);
    assertThat(two.answer(a).messageId()).isNotEqualTo(firstA.messageId());
    assertThat(new Stage(Script.standard(), 6).answer(a).seconds()).isNotEqualTo(firstA.seconds());
  }

  @Test
  void bothAnswersOfAConversationTogetherTakeTheTimeOfOne() {
    for (int seed = 0; seed < 200; seed++) {
      Stage stage = new Stage(Script.standard(), seed);
      String prompt = Client.CHALLENGE.formatted("Why " + seed + "?", "/a/b.txt");
      Answer first = stage.answer(ask(prompt));
      Answer.ToolUse tool = first.tool().orElseThrow();
      Answer second =
          stage.answer(new Ask("m", true, prompt, Optional.of(tool.id()), Set.of("Write"), false));
      assertThat(first.seconds() + second.seconds()).isBetween(3.2, 3.6);
      assertThat(second.text()).isEqualTo("REHEARSAL: no model read this. e21d-07bc-a3f9");
      assertThat(stage.answer(ask("Why " + seed + "?")).seconds()).isBetween(3.2, 3.6);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "What is the capital of Norway? | Oslo",
        "How many days does a leap year have? | 366",
        "Which gas do plants take in from the air? | Carbon dioxide",
        "What else is there? | REHEARSAL: no model read this."
      })
  void theStandardScriptKnowsTheDemoQuestions(String question, String answer) {
    Stage stage = new Stage(Script.standard(), 1);
    assertThat(stage.answer(ask(question)).text()).isEqualTo(answer);
    String prompt = Client.CHALLENGE.formatted(question, "/a/b.txt");
    Answer.ToolUse tool = stage.answer(ask(prompt)).tool().orElseThrow();
    assertThat(tool.input().path("content").asString()).isEqualTo("e21d-07bc-a3f9\n");
    Ask next = new Ask("m", true, prompt, Optional.of(tool.id()), Set.of("Write"), false);
    assertThat(stage.answer(next).text()).isEqualTo(answer + " e21d-07bc-a3f9");
  }

  @Test
  void theExampleIsWhatItSays() throws Exception {
    Path project = Path.of(System.getProperty("regatta.project"));
    Stage stage = new Stage(Script.read(project.resolve("examples/rehearsal.yaml")), 1);
    assertThat(stage.answer(ask("a limit")).fault()).isPresent();
    assertThat(stage.answer(ask("a limit")).fault()).isPresent();
    assertThat(stage.answer(ask("a limit")).fault()).isEmpty();
    Answer.ToolUse tool = stage.answer(ask("Write \"hi $1\" to a.txt")).tool().orElseThrow();
    assertThat(tool.input().path("content").asString()).isEqualTo("hi $1\n");
    assertThat(tool.input().path("file_path").asString()).isEqualTo("a.txt");
  }

  @Test
  void everyFieldOfAScriptIsInTheDocument() throws Exception {
    Path project = Path.of(System.getProperty("regatta.project"));
    String document = Files.readString(project.resolve("docs/rehearsal.md"));
    assertThat(ScriptReader.RULE_FIELDS)
        .allSatisfy(field -> assertThat(document).containsPattern("\\| `" + field + "[`:]"));
  }

  @Test
  void aPromptThatNoRuleKnowsIsAnsweredAsNotRead() {
    Stage stage = new Stage(Client.script("rules: [{match: abc, reply: x}]"), 1);
    assertThat(stage.answer(ask("def")).text()).isEqualTo("REHEARSAL: no model read this.");
  }

  @Test
  void aToolThatIsNotOfferedIsNotAskedFor() {
    Stage stage =
        new Stage(Client.script("rules: [{tool: {name: Other, input: {}}, reply: x}]"), 1);
    assertThat(stage.answer(ask("a")).text()).isEqualTo("x");
  }

  @Test
  void onlyAFaultComesBetweenAToolUseAndItsReply() {
    String yaml =
        "rules: [{match: that, after: 1, times: 1, fail: 529}, {match: that, after: 3, reply: no},"
            + " {tool: {name: Write, input: {}}, reply: yes indeed}]";
    Stage stage = new Stage(Client.script(yaml), 1);
    Answer.ToolUse tool = stage.answer(ask("do that")).tool().orElseThrow();
    Ask result = new Ask("m", true, "do that", Optional.of(tool.id()), Set.of("Write"), false);
    assertThat(stage.answer(result).fault()).as("the second request of all").isPresent();
    assertThat(stage.answer(result).text()).as("sent again").isEqualTo("yes indeed");
    Stage restarted = new Stage(Client.script(yaml), 1);
    assertThat(restarted.answer(result).text())
        .as("the tool's id says which rule asked, whatever the server remembers")
        .isEqualTo("yes indeed");
  }

  @Test
  void aToolUseOfSomebodyElseIsNotTakenForOurs() {
    Stage stage = new Stage(Client.script("rules: [{reply: x}]"), 1);
    for (String id : List.of("toolu_rehearsal_", "toolu_rehearsal_zzzz", "toolu_rehearsal_ffff")) {
      Ask result = new Ask("m", true, "a", Optional.of(id), Set.of("Write"), false);
      assertThat(stage.answer(result).fault()).isEmpty();
    }
  }

  private static Ask ask(String prompt) {
    return new Ask("m", true, prompt, Optional.empty(), Set.of("Write"), false);
  }
}
