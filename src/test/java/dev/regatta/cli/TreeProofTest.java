package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.evidence.Criterion;
import dev.regatta.evidence.Verdict;
import dev.regatta.experiment.Proof;
import dev.regatta.experiment.ProofDerivation;
import dev.regatta.experiment.Tree;
import dev.regatta.journal.Entry;
import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import dev.regatta.report.JsonReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Whole trees of agents: the command, the server, and agents that start agents. */
@Timeout(600)
class TreeProofTest {
  @TempDir static Path shared;
  private static Cli.Ended proved;
  private static List<Entry> journal;

  @TempDir Path folder;

  @BeforeAll
  static void threeByThree() {
    proved =
        Cli.in(shared)
            .within(
                "prove",
                "--rehearsal",
                "--tree",
                "3x3",
                "--agent",
                "rehearsal-agent",
                "--out",
                "out");
    journal = JournalReader.read(shared.resolve("out/journal.jsonl")).entries();
  }

  @Test
  void twelveAgentsStandInOneTreeUnderThoseThatAskedForThem() {
    assertThat(proved.exit()).as(proved.out() + proved.err()).isZero();
    List<Event.AttemptStarted> started = started(journal);
    assertThat(started).hasSize(12);
    List<String> first =
        started.stream()
            .filter(attempt -> attempt.parent() == null)
            .map(Event.AttemptStarted::attempt)
            .toList();
    assertThat(first).hasSize(3);
    for (String parent : first) {
      assertThat(started.stream().filter(attempt -> parent.equals(attempt.parent()))).hasSize(3);
    }
    assertThat(started).extracting(Event.AttemptStarted::pid).doesNotHaveDuplicates();
  }

  @Test
  void allAnswerUnderSessionsOfTheirOwnAndHandTheAnswersUp() {
    Proof proof = ProofDerivation.of(journal);
    assertThat(proof.phases()).singleElement();
    assertThat(proof.phases().getFirst().attempts())
        .extracting(Proof.Attempt::sessionId)
        .doesNotContainNull()
        .doesNotHaveDuplicates()
        .hasSize(12);
    assertThat(proof.criteria())
        .filteredOn(criterion -> criterion.status() != Criterion.Status.PASS)
        .as("what did not pass")
        .filteredOn(criterion -> !isAboutLoad(criterion))
        .isEmpty();
    assertThat(proof.verdict().parallel()).isEqualTo(Verdict.Parallel.CONFIRMED);
    assertThat(proof.verdict().calls()).isEqualTo(Verdict.Calls.REHEARSAL);
    assertThat(proof.gateway()).as("each call was seen").isNotNull();
  }

  @Test
  void theReportsShowTheTreeAndShowMakesThemAgain() throws Exception {
    String text = Files.readString(shared.resolve("out/report.txt"));
    assertThat(text).contains("Tree Execution Test, 3x3 agents", "\n  1.1", "Critical Path: ");
    assertThat(proved.out()).contains("PARALLEL: confirmed (all siblings at once");
    assertThat(Cli.in(shared).within("show", "out").out()).isEqualTo(text);
    JsonNode report = Parsed.json(Files.readString(shared.resolve("out/report.json")));
    assertThat(report.at("/tree/widths").values()).hasSize(2);
    assertThat(report.at("/tree/nodes").values()).hasSize(12);
    assertThat(report.at("/phases/0/attempts/1/parent").asString())
        .isEqualTo(report.at("/phases/0/attempts/0/name").asString());
    assertThat(Files.readString(shared.resolve("out/report.html"))).contains("Tree of agents");
    Cli.Ended runs = Cli.in(shared).within("runs");
    assertThat(runs.out()).contains("completed", "12 of 12", "parallel confirmed");
  }

  @Test
  void itsEvidenceHoldsAndEachFigureCanBeWorkedOutAnew() {
    Cli.Ended verified = Cli.in(shared).within("verify", "out/evidence.zip");
    assertThat(verified.out()).contains("figures").endsWith("intact, signer unknown\n");
    assertThat(verified.exit()).isZero();
  }

  @Test
  void itsJournalCutAfterAnyLineConfirmsNothingAndInventsNoAgent() {
    for (int lines = 1; lines < journal.size(); lines++) {
      List<Entry> cut = journal.subList(0, lines);
      Proof proof = ProofDerivation.of(cut);
      assertThat(proof.verdict().parallel())
          .as("after %d lines", lines)
          .isEqualTo(Verdict.Parallel.INCONCLUSIVE);
      Tree tree = proof.tree();
      assertThat(tree == null ? List.of() : tree.nodes()).hasSameSizeAs(started(cut));
      assertThat(JsonReport.of(proof)).isNotEmpty();
    }
  }

  @Test
  void threeTiersWaitForEachOther() {
    Cli.Ended deep =
        Cli.in(folder)
            .within(
                "prove",
                "--rehearsal",
                "--tree",
                "1x2x2",
                "--agent",
                "rehearsal-agent",
                "--out",
                "out");
    Proof proof =
        ProofDerivation.of(JournalReader.read(folder.resolve("out/journal.jsonl")).entries());
    Tree tree = Objects.requireNonNull(proof.tree());
    assertThat(tree.nodes())
        .as(deep.out() + deep.err())
        .extracting(Tree.Node::label)
        .containsExactly("1", "1.1", "1.1.1", "1.1.2", "1.2", "1.2.1", "1.2.2");
    assertThat(tree.criticalPath()).hasSize(3);
    assertThat(deep.exit()).isZero();
  }

  @Test
  void anAgentThatStartsNoneIsFoundOut() throws Exception {
    Files.writeString(folder.resolve("alone.yaml"), ProofEndToEndTest.SLOW.replace(": 8", ": 1"));
    Cli.Ended alone =
        Cli.in(folder)
            .within(
                "prove",
                "--rehearsal",
                "--tree",
                "2x2",
                "--agent",
                "rehearsal-agent",
                "--script",
                "alone.yaml");
    assertThat(alone.exit()).isEqualTo(1);
    assertThat(alone.out())
        .contains("FAIL    each agent has the children that it was to have, 2x2: tree-1 has 0 of 2")
        .contains("PARALLEL: inconclusive (it is not the tree that was asked for: tree-1 has 0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3 | --tree must be numbers from 1 with an x between them",
        "3x | --tree must be numbers from 1 with an x between them",
        "3x0 | --tree must be numbers from 1 with an x between them",
        "axb | --tree must be numbers from 1 with an x between them",
        "40x40 | --tree 40x40 has more than 1000 agents",
        "9999x9999x9999 | --tree 9999x9999x9999 has more than 1000 agents",
        "1x1x1x1x1x1x1x1x1x1x1x1 | has 12 tiers, and a tree has at most 11"
      })
  void aTreeThatCannotBeIsRefused(String tree, String said) {
    Cli.Ended refused = Cli.in(folder).within("prove", "--rehearsal", "--tree", tree);
    assertThat(refused.err()).contains(said);
    assertThat(refused.exit()).isEqualTo(ExitCode.USAGE);
  }

  @ParameterizedTest
  @CsvSource({
    "--prompt, hello",
    "--tasks, tasks.yaml",
    "--parallel, 3",
    "--rounds, 2",
    "--order, interleaved"
  })
  void whatIsAboutPhasesOrTasksDoesNotGoWithATree(String option, String value) {
    Cli.Ended refused =
        Cli.in(folder).within("prove", "--rehearsal", "--tree", "3x3", option, value);
    assertThat(refused.err()).contains("--tree and " + option + " exclude each other");
    assertThat(refused.exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void plainCommandsStartNoAgents() {
    Cli.Ended refused =
        Cli.in(folder).within("prove", "--rehearsal", "--tree", "3x3", "--agent", "command");
    assertThat(refused.err()).contains("--tree needs an agent that can start others");
    assertThat(refused.exit()).isEqualTo(ExitCode.USAGE);
  }

  /** On a busy machine agents lose time that is neither their own nor the model's. */
  static boolean isAboutLoad(Criterion criterion) {
    return criterion.id().equals("near-critical-path")
        || criterion.detail().contains(" API time: agent ");
  }

  private static List<Event.AttemptStarted> started(List<Entry> entries) {
    return entries.stream()
        .map(Entry::event)
        .filter(Event.AttemptStarted.class::isInstance)
        .map(Event.AttemptStarted.class::cast)
        .toList();
  }
}
