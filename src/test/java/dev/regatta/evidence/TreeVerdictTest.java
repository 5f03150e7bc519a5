package dev.regatta.evidence;

import static dev.regatta.evidence.Criterion.Status.FAIL;
import static dev.regatta.evidence.Criterion.Status.PASS;
import static dev.regatta.evidence.Criterion.Status.UNKNOWN;
import static dev.regatta.evidence.Measured.GOOD;
import static dev.regatta.evidence.Measured.ending;
import static dev.regatta.evidence.Measured.running;
import static dev.regatta.evidence.Measured.to;
import static dev.regatta.evidence.Measured.with;
import static dev.regatta.evidence.Measured.withPhases;
import static dev.regatta.evidence.Verdict.Parallel.CONFIRMED;
import static dev.regatta.evidence.Verdict.Parallel.INCONCLUSIVE;
import static dev.regatta.evidence.Verdict.Parallel.REFUTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.evidence.Criterion.Status;
import dev.regatta.evidence.Figures.PhaseFigures;
import dev.regatta.evidence.TreeFigures.Node;
import dev.regatta.evidence.TreeFigures.Siblings;
import dev.regatta.evidence.Verdict.Parallel;
import dev.regatta.journal.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is checked of a tree of agents, and what it comes to: one that starts two. */
class TreeVerdictTest {
  private static final Figures FIGURES = figures(0);

  private static Figures figures(int open) {
    PhaseFigures phase = GOOD.phases().getLast();
    return withPhases(
        GOOD,
        List.of(
            new PhaseFigures(
                "tree",
                true,
                true,
                phase.wall(),
                phase.longest(),
                3,
                2.5,
                0.5,
                new Figures.WireFigures(open, 0.9, 1),
                phase.attempts())));
  }

  private static TreeFigures tree(double wall, double work, double span, int greatest) {
    return tree(wall, work, span, new Siblings("r1-parallel-1", 2, 2, greatest, 0.9));
  }

  private static TreeFigures tree(double wall, double work, double span, Siblings below) {
    return new TreeFigures(
        List.of(1, 2),
        wall,
        work,
        span,
        List.of(
            new Node("r1-parallel-1", 1, true, Optional.of(true)),
            new Node("r1-parallel-2", 2, true, Optional.empty()),
            new Node("r1-parallel-3", 2, true, Optional.empty())),
        List.of(new Siblings("the plan", 1, 1, 1, 1), below),
        0);
  }

  @ParameterizedTest
  @CsvSource({
    "10, 18, 9, 2, CONFIRMED", // 1.8 of 2.0
    "10, 30, 6, 2, CONFIRMED", // 3.0 is exactly 0.6 of 5
    "10, 30, 5.9, 2, INCONCLUSIVE",
    "10, 12.1, 9, 2, CONFIRMED", // just above 1.2
    "10, 12, 9, 2, REFUTED",
    "10, 18, 9, 1, REFUTED", // never two at once
    "10, 11, 9.5, 2, INCONCLUSIVE" // nothing to gain: 1.16 is the most
  })
  void theBordersAreWhereTheDocumentSays(
      double wall, double work, double span, int greatest, Parallel expected) {
    Verdict verdict = judge(FIGURES, tree(wall, work, span, greatest));
    assertThat(verdict.parallel()).as(verdict.parallelReason()).isEqualTo(expected);
  }

  @Test
  void theReasonsNameWhatWasSeenAndWhatIsNeeded() {
    assertThat(judge(FIGURES, tree(10, 18, 9, 2)).parallelReason())
        .isEqualTo(
            "all siblings at once, 18.00 s of work in 10.00 s, 1.80 at a time of the 2.00 that are"
                + " possible (at least 1.20 needed)");
    assertThat(judge(FIGURES, tree(10, 30, 5, 2)).parallelReason())
        .endsWith(": confirmed needs all siblings at once and 3.60");
    assertThat(judge(FIGURES, tree(10, 12, 9, 2)).parallelReason())
        .endsWith(": at most 1.2 means that the work was done one after another");
    assertThat(judge(FIGURES, tree(10, 11, 9.5, 2)).parallelReason())
        .startsWith("one agent did nearly all of the work: 1.16 at a time");
  }

  @Test
  void callsThatAreOpenOneAtATimeRefuteProcessesThatOverlap() {
    Verdict verdict = judge(figures(1), tree(10, 18, 9, 2));
    assertThat(verdict.parallel()).isEqualTo(REFUTED);
    assertThat(verdict.parallelReason())
        .endsWith(": the processes overlapped, but one call at a time was open");
    assertThat(judge(figures(2), tree(10, 18, 9, 2)).parallel()).isEqualTo(CONFIRMED);
  }

  @Test
  void ofItsCallsItSaysThatSeveralWereOpenAndNotThatNoneWaited() {
    Criterion several = callsOpen(2);
    assertThat(several.status()).isEqualTo(PASS);
    assertThat(several.title()).isEqualTo("more than one call was open at once");
    assertThat(several.detail())
        .isEqualTo("at most 2, 0.90 on average, while 3 processes ran at once");
    assertThat(callsOpen(1).status()).isEqualTo(FAIL);
    assertThat(callsOpen(1).detail()).endsWith(": the processes overlap, but not their calls");
    assertThat(callsOpen(0).status()).isEqualTo(UNKNOWN);
  }

  private static Criterion callsOpen(int open) {
    Figures witnessed =
        Changed.of(figures(open), "gateway", Optional.of(new Figures.GatewayFigures(false, false)));
    return Criteria.of(witnessed, tree(10, 18, 9, 2)).stream()
        .filter(it -> it.id().equals("exchanges-overlap"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void siblingsOfWhichSomeOverlapAreNotEnough() {
    TreeFigures three = tree(10, 18, 9, new Siblings("r1-parallel-1", 2, 2, 2, 1));
    List<Siblings> siblings = new ArrayList<>(three.siblings());
    siblings.set(0, new Siblings("the plan", 1, 2, 1, 0));
    TreeFigures partly = new TreeFigures(List.of(2, 2), 10, 18, 9, three.nodes(), siblings, 0);
    expect(partly, "siblings-overlap", FAIL, "of the plan at most 1 of 2");
  }

  @Test
  void anotherTreeThanTheOneAskedForConfirmsNothing() {
    TreeFigures fewer = tree(10, 18, 9, new Siblings("r1-parallel-1", 2, 1, 1, 1));
    expect(fewer, "tree-shape", FAIL, "r1-parallel-1 has 1 of 2");
    assertThat(judge(FIGURES, fewer).parallelReason())
        .isEqualTo("it is not the tree that was asked for: r1-parallel-1 has 1 of 2");
    TreeFigures more = tree(10, 18, 9, new Siblings("r1-parallel-1", 2, 3, 3, 1));
    expect(more, "tree-shape", FAIL, "r1-parallel-1 has 3 of 2");
    TreeFigures deeper = tree(10, 18, 9, new Siblings("r1-parallel-2", 3, 1, 1, 1));
    expect(deeper, "tree-shape", FAIL, "r1-parallel-2 has 1 of 0");
  }

  @Test
  void aChildThatItsParentDidNotAskForConfirmsNothing() {
    TreeFigures good = tree(10, 18, 9, 2);
    List<Node> nodes = new ArrayList<>(good.nodes());
    nodes.set(2, new Node("r1-parallel-3", 2, false, Optional.empty()));
    TreeFigures strange = new TreeFigures(List.of(1, 2), 10, 18, 9, nodes, good.siblings(), 0);
    expect(strange, "parents-asked", FAIL, "not r1-parallel-3");
    assertThat(judge(FIGURES, strange).parallel()).isEqualTo(INCONCLUSIVE);
  }

  @Test
  void whereAllWentWellEveryCriterionSaysWithWhatFigures() {
    TreeFigures good = tree(10, 18, 9, 2);
    expect(good, "tree-shape", PASS, "tier 1: 1 of 1, tier 2: 2 of 2");
    expect(good, "parents-asked", PASS, "2 of 2");
    expect(good, "siblings-overlap", PASS, "1 of 1 groups all at once, for at least 90% of their");
    expect(good, "near-critical-path", PASS, "10.00 s against 9.00 s, 1.111 times");
    expect(tree(11.3, 18, 9, 2), "near-critical-path", FAIL, "1.256 times");
    expect(good, "answers-carried-up", PASS, "1 of 1");
  }

  @Test
  void whereNothingBeganNothingIsKnown() {
    TreeFigures none = TreeFigures.none(List.of(3, 3));
    List<Criterion> criteria = Criteria.of(withPhases(GOOD, List.of()), none);
    assertThat(criteria)
        .filteredOn(criterion -> criterion.status() != UNKNOWN)
        .extracting(Criterion::id)
        .containsExactly("clocks-consistent");
  }

  @Test
  void whatFailedOrWasInterruptedOrGoesOnComesToNoVerdict() {
    TreeFigures good = tree(10, 18, 9, 2);
    assertThat(judge(with(FIGURES, 1, ending(Outcome.TIMED_OUT)), good).parallelReason())
        .isEqualTo(
            "1 of 3 attempts did not succeed (1 timed-out), so the tree did not do its work");
    assertThat(judge(to(FIGURES, false, false, true), good).parallelReason())
        .contains("did not get to its end");
    Verdict open = judge(running(FIGURES, 1), good);
    assertThat(open.parallelReason()).isEqualTo("the run goes on");
    assertThat(Criteria.of(running(FIGURES, 1), good))
        .noneMatch(criterion -> criterion.status() == PASS);
  }

  @Test
  void oneAgentAtATimeHasNothingToOverlapWith() {
    TreeFigures chain =
        new TreeFigures(
            List.of(1, 1),
            10,
            9,
            9,
            tree(1, 1, 1, 1).nodes().subList(0, 2),
            List.of(
                new Siblings("the plan", 1, 1, 1, 1), new Siblings("r1-parallel-1", 2, 1, 1, 1)),
            0);
    assertThat(judge(FIGURES, chain).parallelReason())
        .isEqualTo("one agent at a time has nothing to overlap with");
  }

  private static Verdict judge(Figures figures, TreeFigures tree) {
    return Judgement.of(figures, tree, Criteria.of(figures, tree));
  }

  private static void expect(TreeFigures tree, String id, Status status, String detail) {
    Criterion criterion =
        Criteria.of(FIGURES, tree).stream()
            .filter(it -> it.id().equals(id))
            .findFirst()
            .orElseThrow();
    assertThat(criterion.detail()).as(id).contains(detail);
    assertThat(criterion.status()).as(id + ": " + criterion.detail()).isEqualTo(status);
  }
}
