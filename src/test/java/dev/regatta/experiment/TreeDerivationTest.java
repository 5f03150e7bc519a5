package dev.regatta.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.regatta.evidence.Criterion;
import dev.regatta.evidence.Verdict;
import dev.regatta.journal.Entry;
import dev.regatta.journal.Event;
import dev.regatta.journal.Outcome;
import java.util.List;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Trees of agents, from their journals' lines alone. */
class TreeDerivationTest {
  private static final Offset<Double> CLOSE = within(1e-9);

  @Test
  void aTreeOfTwelveIsTakenApartIntoOwnTimeWaitingAndOrchestration() {
    Proof proof = RecordedTree.threeByThree().proof();
    Tree tree = tree(proof);
    assertThat(tree.nodes()).hasSize(12);
    Tree.Node parent = node(tree, "2");
    assertThat(parent.tier()).isEqualTo(1);
    assertThat(parent.parent()).isNull();
    assertThat(parent.ownSeconds()).isCloseTo(2, CLOSE);
    assertThat(parent.waitingSeconds()).isCloseTo(4.5, CLOSE);
    assertThat(parent.overheadSeconds()).isCloseTo(0.5, CLOSE);
    assertThat(parent.launchSeconds()).isCloseTo(0.25, CLOSE);
    assertThat(parent.spanSeconds()).isCloseTo(6, CLOSE);
    assertThat(parent.waits())
        .containsExactly(
            new Tree.Wait("call-2", List.of("2.1", "2.2", "2.3"), 1.0, Double.valueOf(5.5)));
    Tree.Node child = node(tree, "2.1");
    assertThat(child.tier()).isEqualTo(2);
    assertThat(child.parent()).isEqualTo("tree-2");
    assertThat(child.asked()).isTrue();
    assertThat(child.ownSeconds()).isCloseTo(4, CLOSE);
    assertThat(child.waitingSeconds()).isZero();
    assertThat(child.overheadSeconds()).isZero();
  }

  @Test
  void workSpanAndTheirRatiosAreThoseOfTheWholeTree() {
    Tree tree = tree(RecordedTree.threeByThree().proof());
    assertThat(tree.workSeconds()).isCloseTo(3 * 2 + 9 * 4, CLOSE);
    assertThat(tree.spanSeconds()).isCloseTo(6, CLOSE);
    assertThat(tree.wallSeconds()).isCloseTo(6.5, CLOSE);
    assertThat(tree.idealParallelism()).isCloseTo(7, CLOSE);
    assertThat(tree.achievedParallelism()).isCloseTo(42 / 6.5, CLOSE);
    assertThat(tree.wallOverSpan()).isCloseTo(6.5 / 6, CLOSE);
    assertThat(tree.criticalPath()).hasSize(2);
    assertThat(tree.criticalPath().getLast()).startsWith(tree.criticalPath().getFirst() + ".");
  }

  @Test
  void agentsStandBeneathThoseThatAskedForThemWithTheirPlaces() {
    Proof proof = RecordedTree.threeByThree().proof();
    assertThat(proof.phases().getFirst().attempts())
        .extracting(Proof.Attempt::label)
        .containsExactly(
            "1", "1.1", "1.2", "1.3", "2", "2.1", "2.2", "2.3", "3", "3.1", "3.2", "3.3");
    assertThat(proof.phases().getFirst().attempts())
        .extracting(Proof.Attempt::parent)
        .startsWith(null, "tree-1", "tree-1", "tree-1", null, "tree-2");
    assertThat(proof.phases().getFirst().concurrency().greatest()).isEqualTo(12);
  }

  @Test
  void allThatWasAskedForHoldsAndTheTreeIsConfirmed() {
    Proof proof = RecordedTree.threeByThree().proof();
    expect(proof, "tree-shape", Criterion.Status.PASS, "tier 1: 3 of 3, tier 2: 9 of 9");
    expect(proof, "parents-asked", Criterion.Status.PASS, "9 of 9");
    expect(proof, "session-ids-unique", Criterion.Status.PASS, "12 attempts, 12 ids");
    expect(
        proof,
        "siblings-overlap",
        Criterion.Status.PASS,
        "4 of 4 groups all at once, for at least 100% of their time");
    expect(
        proof, "near-critical-path", Criterion.Status.PASS, "6.50 s against 6.00 s, 1.083 times");
    expect(proof, "answers-carried-up", Criterion.Status.PASS, "3 of 3");
    assertThat(proof.verdict().parallel()).isEqualTo(Verdict.Parallel.CONFIRMED);
    assertThat(proof.verdict().parallelReason())
        .isEqualTo(
            "all siblings at once, 42.00 s of work in 6.50 s, 6.46 at a time of the 7.00 that are"
                + " possible (at least 4.20 needed)");
    assertThat(proof.comparison()).isNull();
    assertThat(proof.criteria()).extracting(Criterion::id).doesNotContain("sequential-share");
  }

  @Test
  void questionsAfterEachOtherAddUpToTheCriticalPathAndThoseAtOnceDoNot() {
    Tree after =
        tree(
            chain()
                .asks("1", "one", 2, "1.1")
                .began("1.1", "1", 2)
                .ended("1.1", 5, "1.1")
                .gets("1", "one", 5)
                .asks("1", "two", 6, "1.2")
                .began("1.2", "1", 6)
                .ended("1.2", 8, "1.2")
                .gets("1", "two", 8)
                .ended("1", 9, "1 1.1 1.2")
                .over(9)
                .proof());
    assertThat(node(after, "1").ownSeconds()).isCloseTo(3, CLOSE);
    assertThat(after.spanSeconds()).isCloseTo(3 + 3 + 2, CLOSE);
    assertThat(after.criticalPath()).containsExactly("tree-1", "tree-1.1", "tree-1.2");
    Tree atOnce =
        tree(
            chain()
                .asks("1", "one", 2, "1.1")
                .asks("1", "two", 3, "1.2")
                .began("1.1", "1", 2)
                .began("1.2", "1", 3)
                .ended("1.1", 5, "1.1")
                .gets("1", "one", 5)
                .ended("1.2", 8, "1.2")
                .gets("1", "two", 8)
                .ended("1", 9, "1 1.1 1.2")
                .over(9)
                .proof());
    assertThat(node(atOnce, "1").waitingSeconds()).isCloseTo(6, CLOSE);
    assertThat(atOnce.spanSeconds()).isCloseTo(2 + 5, CLOSE);
    assertThat(atOnce.criticalPath()).containsExactly("tree-1", "tree-1.2");
  }

  @Test
  void whoNeverGetsAnAnswerWaitedToItsEnd() {
    Tree tree =
        tree(
            chain()
                .asks("1", "one", 2, "1.1", "1.2")
                .began("1.1", "1", 3)
                .began("1.2", "1", 3)
                .ended("1.1", 4, "1.1")
                .ended("1.2", 4, "1.2")
                .ended("1", 6, Outcome.TIMED_OUT)
                .over(6)
                .proof());
    assertThat(node(tree, "1").waitingSeconds()).isCloseTo(4, CLOSE);
    assertThat(node(tree, "1").overheadSeconds()).isCloseTo(3, CLOSE);
    assertThat(node(tree, "1").launchSeconds()).isCloseTo(1, CLOSE);
    assertThat(node(tree, "1").waits().getFirst().answeredSeconds()).isNull();
  }

  @Test
  void whatWasAskedForAndNeverBeganIsSaidAndNotInvented() {
    Proof proof =
        chain()
            .asks("1", "one", 2, "1.1", "1.2")
            .began("1.2", "1", 2.5)
            .line(3, new Event.TaskNotTried("1.1", "the run was stopped"))
            .line(3, new Event.ChildrenRefused("tree-1.2", "depth 3 is more than 2", 3))
            .ended("1.2", 4, "1.2")
            .gets("1", "one", 4)
            .ended("1", 5, "1 1.2")
            .over(5)
            .proof();
    Tree tree = tree(proof);
    assertThat(tree.nodes()).extracting(Tree.Node::label).containsExactly("1", "1.2");
    assertThat(tree.unstarted())
        .containsExactly(new Tree.Unstarted("1.1", "1.1", "tree-1", "the run was stopped"));
    assertThat(tree.refusals()).hasSize(1);
    assertThat(tree.refusals().getFirst().reason()).isEqualTo("depth 3 is more than 2");
    expect(proof, "tree-shape", Criterion.Status.FAIL, "tree-1 has 1 of 2; requests refused: 1");
    assertThat(proof.verdict().parallel()).isEqualTo(Verdict.Parallel.INCONCLUSIVE);
    assertThat(proof.verdict().parallelReason())
        .isEqualTo("it is not the tree that was asked for: tree-1 has 1 of 2; requests refused: 1");
  }

  @Test
  void aChildThatNobodyAskedForIsFoundOut() {
    Proof proof =
        chain()
            .asks("1", "one", 2, "1.1")
            .began("1.1", "1", 2)
            .began("x", "1", 2)
            .began("y", "9", 2)
            .ended("1.1", 4, "1.1")
            .ended("x", 4, "x")
            .ended("y", 4, "y")
            .gets("1", "one", 4)
            .ended("1", 5, "1 1.1")
            .over(5)
            .proof();
    expect(proof, "parents-asked", Criterion.Status.FAIL, "not tree-x; tree-y");
    assertThat(node(tree(proof), "y").tier()).isZero();
    assertThat(proof.verdict().parallel()).isEqualTo(Verdict.Parallel.INCONCLUSIVE);
  }

  @Test
  void anAgentWhoseEndNobodySawLeavesTheTotalsOpen() {
    List<Entry> lines = RecordedTree.threeByThree().entries();
    for (int end = 2; end < lines.size(); end++) {
      Proof proof = ProofDerivation.of(lines.subList(0, end));
      assertThat(proof.verdict().parallel())
          .as("after %d lines", end)
          .isEqualTo(Verdict.Parallel.INCONCLUSIVE);
      Tree tree = proof.tree();
      boolean open =
          proof.phases().stream()
              .flatMap(phase -> phase.attempts().stream())
              .anyMatch(attempt -> attempt.exitSeconds() == null);
      if (tree != null && open) {
        assertThat(tree.workSeconds()).as("after %d lines", end).isNull();
        assertThat(tree.criticalPath()).isEmpty();
      }
      assertThat(proof.criteria()).extracting(Criterion::id).contains("tree-shape");
    }
  }

  @Test
  void anAnswerWithoutThoseOfItsChildrenIsNotCarriedUp() {
    Proof proof =
        chain()
            .asks("1", "one", 2, "1.1", "1.2")
            .began("1.1", "1", 2)
            .began("1.2", "1", 2)
            .ended("1.1", 4, "1.1")
            .ended("1.2", 4, "1.2")
            .gets("1", "one", 4)
            .ended("1", 5, "1 1.1")
            .over(5)
            .proof();
    expect(proof, "answers-carried-up", Criterion.Status.FAIL, "not that of tree-1");
  }

  @Test
  void siblingsOneAfterAnotherAreRefuted() {
    Proof proof =
        chain()
            .asks("1", "one", 1.5, "1.1", "1.2")
            .began("1.1", "1", 1.5)
            .ended("1.1", 4, "1.1")
            .began("1.2", "1", 4)
            .ended("1.2", 6.5, "1.2")
            .gets("1", "one", 6.5)
            .ended("1", 7, "1 1.1 1.2")
            .over(7)
            .proof();
    expect(proof, "siblings-overlap", Criterion.Status.FAIL, "of tree-1 at most 1 of 2");
    expect(
        proof, "near-critical-path", Criterion.Status.FAIL, "6.00 s against 3.50 s, 1.714 times");
    assertThat(proof.verdict().parallel()).isEqualTo(Verdict.Parallel.REFUTED);
    assertThat(proof.verdict().parallelReason()).endsWith(": no two siblings ever overlapped");
  }

  /** One that is to start two; it begins with its phase. */
  private static RecordedTree chain() {
    return RecordedTree.of(1, 2).began("1", null, 1);
  }

  private static Tree tree(Proof proof) {
    return Objects.requireNonNull(proof.tree());
  }

  private static Tree.Node node(Tree tree, String task) {
    return tree.nodes().stream()
        .filter(node -> node.attempt().equals(RecordedTree.name(task)))
        .findFirst()
        .orElseThrow();
  }

  private static void expect(Proof proof, String id, Criterion.Status status, String detail) {
    Criterion found =
        proof.criteria().stream()
            .filter(criterion -> criterion.id().equals(id))
            .findFirst()
            .orElseThrow();
    assertThat(found.detail()).isEqualTo(detail);
    assertThat(found.status()).as(found.detail()).isEqualTo(status);
  }
}
