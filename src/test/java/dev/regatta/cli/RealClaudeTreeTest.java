package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.regatta.evidence.Criterion;
import dev.regatta.evidence.Verdict;
import dev.regatta.experiment.Proof;
import dev.regatta.experiment.ProofDerivation;
import dev.regatta.experiment.Tree;
import dev.regatta.journal.JournalReader;
import dev.regatta.journal.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A tree of the real CLI: its own tool calls start the next tier; only the model is missing. */
@Timeout(600)
class RealClaudeTreeTest {
  private static final String TOKEN = "sk-ant-api03-planted-";

  private static Optional<Path> claude;

  @TempDir Path folder;

  @BeforeAll
  static void install() throws Exception {
    claude = InstalledClaude.folder();
  }

  @Test
  void threeThatEachStartThreeAreTwelveSessionsUnderTheirParentsNearTheCriticalPath() {
    assumeTrue(claude.isPresent(), "the real claude CLI could not be installed with npm");
    Cli.Ended proved =
        Cli.in(folder)
            .path(claude.get())
            .with("CLAUDE_CODE_TOKEN", TOKEN + "one")
            .with("CLAUDE_CODE_TOKEN1", TOKEN + "two")
            .with("CLAUDE_CODE_TOKEN2", TOKEN + "three")
            .run("prove", "--rehearsal", "--tree", "3x3", "--out", "out");
    Proof proof =
        ProofDerivation.of(JournalReader.read(folder.resolve("out/journal.jsonl")).entries());
    List<Proof.Attempt> attempts = proof.phases().getFirst().attempts();
    assertThat(attempts)
        .as(proved.out() + proved.err())
        .hasSize(12)
        .allMatch(attempt -> attempt.outcome() == Outcome.SUCCEEDED);
    assertThat(attempts)
        .extracting(Proof.Attempt::sessionId)
        .doesNotContainNull()
        .doesNotHaveDuplicates();
    List<String> first =
        attempts.stream().filter(at -> at.parent() == null).map(Proof.Attempt::name).toList();
    assertThat(first).hasSize(3);
    assertThat(
            attempts.stream()
                .filter(at -> at.parent() != null)
                .collect(Collectors.groupingBy(Proof.Attempt::parent, Collectors.counting())))
        .containsOnlyKeys(first)
        .allSatisfy((parent, children) -> assertThat(children).isEqualTo(3));
    assertThat(proof.criteria())
        .as(proved.out())
        .filteredOn(criterion -> criterion.status() != Criterion.Status.PASS)
        .filteredOn(criterion -> !TreeProofTest.isAboutLoad(criterion))
        .isEmpty();
    Tree tree = Objects.requireNonNull(proof.tree());
    System.out.printf(
        "tree of the real CLI: wall %.2f s, critical path %.2f s, %.3f times; %.2f at a time of"
            + " %.2f possible%n",
        tree.wallSeconds(),
        tree.spanSeconds(),
        tree.wallOverSpan(),
        tree.achievedParallelism(),
        tree.idealParallelism());
    assertThat(tree.wallOverSpan()).isLessThanOrEqualTo(1.25);
    assertThat(proof.verdict().parallel()).isEqualTo(Verdict.Parallel.CONFIRMED);
    assertThat(proof.verdict().calls()).isEqualTo(Verdict.Calls.REHEARSAL);
    assertThat(Cli.in(folder).within("verify", "out/evidence.zip").out())
        .endsWith("intact, signer unknown\n");
  }
}
