package dev.regatta.evidence;

import dev.regatta.evidence.Criterion.Status;
import dev.regatta.evidence.Figures.PhaseFigures;
import dev.regatta.evidence.TreeFigures.Node;
import dev.regatta.evidence.TreeFigures.Siblings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** What is checked of a tree of agents besides its attempts and their calls. */
final class TreeCriteria {
  static final String SHAPE = "tree-shape";
  static final String PARENTS = "parents-asked";

  private TreeCriteria() {}

  static List<Criterion> of(Figures figures, TreeFigures tree) {
    return List.of(
        shape(figures, tree),
        parentsAsked(tree),
        siblingsOverlap(figures, tree),
        nearCriticalPath(figures, tree),
        answersCarriedUp(tree));
  }

  private static Criterion shape(Figures figures, TreeFigures tree) {
    String title = "each agent has the children that it was to have, " + tree.shape();
    List<String> more = wrong(tree, siblings -> siblings.count() > tree.wanted(siblings));
    List<String> fewer = wrong(tree, siblings -> siblings.count() < tree.wanted(siblings));
    if (tree.nodes().isEmpty()) {
      return new Criterion(SHAPE, Status.UNKNOWN, title, "there was no attempt");
    }
    String refused = tree.refused() == 0 ? "" : "; requests refused: " + tree.refused();
    if (!more.isEmpty()) {
      return new Criterion(SHAPE, Status.FAIL, title, Criteria.some(more) + refused);
    }
    if (!fewer.isEmpty()) {
      boolean open = figures.progress() != Figures.Progress.COMPLETE;
      return new Criterion(
          SHAPE, open ? Status.UNKNOWN : Status.FAIL, title, Criteria.some(fewer) + refused);
    }
    return new Criterion(SHAPE, Status.PASS, title, tiers(tree) + refused);
  }

  private static List<String> wrong(TreeFigures tree, Predicate<Siblings> which) {
    return tree.siblings().stream()
        .filter(which)
        .map(
            siblings -> siblings.of() + " has " + siblings.count() + " of " + tree.wanted(siblings))
        .toList();
  }

  private static String tiers(TreeFigures tree) {
    List<String> tiers = new ArrayList<>();
    for (int tier = 1; tier <= tree.widths().size(); tier++) {
      int which = tier;
      long count = tree.nodes().stream().filter(node -> node.tier() == which).count();
      tiers.add("tier " + tier + ": " + count + " of " + tree.wanted(tier));
    }
    return String.join(", ", tiers);
  }

  private static Criterion parentsAsked(TreeFigures tree) {
    String title = "each child was asked for by an agent of the tier above";
    List<String> wrong =
        tree.nodes().stream().filter(node -> !node.asked()).map(Node::name).toList();
    long children = tree.nodes().stream().filter(node -> node.tier() != 1).count();
    if (!wrong.isEmpty()) {
      return new Criterion(PARENTS, Status.FAIL, title, "not " + Criteria.some(wrong));
    }
    return children == 0
        ? new Criterion(PARENTS, Status.UNKNOWN, title, "no child was started")
        : new Criterion(PARENTS, Status.PASS, title, children + " of " + children);
  }

  private static Criterion siblingsOverlap(Figures figures, TreeFigures tree) {
    String title = "siblings run at once";
    String id = "siblings-overlap";
    Optional<PhaseFigures> cutShort = figures.cutShort(true);
    if (cutShort.isPresent()) {
      return Criteria.cutShort(id, title, cutShort.get());
    }
    List<Siblings> several = several(tree);
    if (several.isEmpty()) {
      return new Criterion(id, Status.UNKNOWN, title, "no agent has a sibling");
    }
    List<String> apart =
        several.stream()
            .filter(siblings -> siblings.greatest() < siblings.count())
            .map(siblings ->
                format(
                    "of %s at most %d of %d", siblings.of(), siblings.greatest(), siblings.count()))
            .toList();
    double least =
        several.stream()
            .min(Comparator.comparingDouble(Siblings::shareAll))
            .map(Siblings::shareAll)
            .orElseThrow();
    return Criteria.verdict(
        id,
        apart.isEmpty(),
        title,
        apart.isEmpty()
            ? format(
                "%d of %d groups all at once, for at least %.0f%% of their time",
                several.size(), several.size(), 100 * least)
            : Criteria.some(apart));
  }

  /** Groups in which there is somebody to overlap with. */
  static List<Siblings> several(TreeFigures tree) {
    return tree.siblings().stream().filter(siblings -> siblings.count() > 1).toList();
  }

  private static Criterion nearCriticalPath(Figures figures, TreeFigures tree) {
    String title = format("the tree is within %.2f times its critical path", Criteria.TOLERANCE);
    String id = "near-critical-path";
    if (figures.phases().isEmpty() || !(tree.span() > 0)) {
      return new Criterion(id, Status.UNKNOWN, title, "no agent was seen to run");
    }
    Optional<PhaseFigures> cutShort = figures.cutShort(true);
    if (cutShort.isPresent()) {
      return Criteria.cutShort(id, title, cutShort.get());
    }
    double times = tree.wall() / tree.span();
    return Criteria.verdict(
        id,
        times <= Criteria.TOLERANCE,
        title,
        format("%.2f s against %.2f s, %.3f times", tree.wall(), tree.span(), times));
  }

  private static Criterion answersCarriedUp(TreeFigures tree) {
    String title = "each answer holds those of the agents it asked for";
    String id = "answers-carried-up";
    List<Node> parents = tree.nodes().stream().filter(node -> node.carried().isPresent()).toList();
    List<String> without =
        parents.stream()
            .filter(node -> node.carried().equals(Optional.of(false)))
            .map(Node::name)
            .toList();
    if (parents.isEmpty()) {
      return new Criterion(id, Status.UNKNOWN, title, "no child was asked a challenge");
    }
    return Criteria.verdict(
        id,
        without.isEmpty(),
        title,
        without.isEmpty()
            ? parents.size() + " of " + parents.size()
            : "not that of " + Criteria.some(without));
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
