package dev.regatta.evidence;

import dev.regatta.evidence.Criterion.Status;
import dev.regatta.evidence.Judgement.Said;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a tree of agents ran in parallel. It has no sequential phase: what it is held against is
 * the time that its agents took by themselves, one after another.
 */
final class TreeJudgement {
  private final Figures figures;
  private final TreeFigures tree;
  private final List<Criterion> criteria;

  TreeJudgement(Figures figures, TreeFigures tree, List<Criterion> criteria) {
    this.figures = figures;
    this.tree = tree;
    this.criteria = criteria;
  }

  Said parallel() {
    Optional<String> incomparable =
        unfinished()
            .or(() -> Judgement.nothingToCompare(figures))
            .or(this::failed)
            .or(this::otherTree)
            .or(this::alone);
    if (incomparable.isPresent()) {
      return new Said(Verdict.Parallel.INCONCLUSIVE, incomparable.get());
    }
    String seen =
        format(
            "%.2f s of work in %.2f s, %.2f at a time of the %.2f that are possible",
            tree.work(), tree.wall(), tree.achieved(), tree.ideal());
    return refutation(seen)
        .map(why -> new Said(Verdict.Parallel.REFUTED, why))
        .orElseGet(() -> confirmation(seen));
  }

  private Optional<String> refutation(String seen) {
    if (TreeCriteria.several(tree).stream().allMatch(siblings -> siblings.greatest() <= 1)) {
      return Optional.of(seen + ": no two siblings ever overlapped");
    }
    if (tree.achieved() <= Judgement.REFUTED_SPEEDUP) {
      return Optional.of(
          format(
              "%s: at most %.1f means that the work was done one after another",
              seen, Judgement.REFUTED_SPEEDUP));
    }
    boolean queued = figures.phases().stream().anyMatch(phase -> phase.wire().open() == 1);
    return queued
        ? Optional.of(seen + ": the processes overlapped, but one call at a time was open")
        : Optional.empty();
  }

  private Said confirmation(String seen) {
    double needed = Judgement.CONFIRMED_SHARE * tree.ideal();
    boolean together =
        TreeCriteria.several(tree).stream()
            .allMatch(siblings -> siblings.greatest() >= siblings.count());
    if (together && tree.achieved() >= needed) {
      return new Said(
          Verdict.Parallel.CONFIRMED,
          format("all siblings at once, %s (at least %.2f needed)", seen, needed));
    }
    return new Said(
        Verdict.Parallel.INCONCLUSIVE,
        format(
            "%s, %s: confirmed needs all siblings at once and %.2f",
            together ? "all siblings at once" : "not all siblings at once", seen, needed));
  }

  private Optional<String> unfinished() {
    return figures.progress() == Figures.Progress.COMPLETE
        ? Optional.empty()
        : Judgement.unfinished(figures);
  }

  private Optional<String> failed() {
    return Judgement.failures(figures).map(failed -> failed + ", so the tree did not do its work");
  }

  private Optional<String> otherTree() {
    return criteria.stream()
        .filter(criterion ->
            criterion.id().equals(TreeCriteria.SHAPE)
                || criterion.id().equals(TreeCriteria.PARENTS))
        .filter(criterion -> criterion.status() == Status.FAIL)
        .findFirst()
        .map(criterion -> "it is not the tree that was asked for: " + criterion.detail());
  }

  /** With nothing to do at once there is nothing to gain. */
  private Optional<String> alone() {
    if (TreeCriteria.several(tree).isEmpty()) {
      return Optional.of("one agent at a time has nothing to overlap with");
    }
    return tree.ideal() <= Judgement.REFUTED_SPEEDUP
        ? Optional.of(
            format(
                "one agent did nearly all of the work: %.2f at a time is all that is possible",
                tree.ideal()))
        : Optional.empty();
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
