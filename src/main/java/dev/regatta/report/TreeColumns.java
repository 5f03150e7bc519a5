package dev.regatta.report;

import dev.regatta.experiment.Proof;
import dev.regatta.experiment.Tree;
import dev.regatta.run.Visible;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A tree of agents for the text report: a line for each, beneath the one that asked for it. */
final class TreeColumns {
  private static final int LONGEST_TEXT = 500;
  private static final int DEEPEST = 20;

  private TreeColumns() {}

  /** The agents, and after them what was asked for in vain. */
  static List<String> lines(Proof.Phase phase, Tree tree) {
    Columns columns = new Columns("lrrrrrrll");
    columns.add(
        "agent",
        "  started",
        "  ended",
        "  own",
        "  waited",
        "  overhead",
        "  calls",
        "  credential",
        "  session");
    Set<String> critical = new HashSet<>(tree.criticalPath());
    for (int i = 0; i < tree.nodes().size(); i++) {
      Tree.Node node = tree.nodes().get(i);
      columns.add(cells(phase.attempts().get(i), node, critical.contains(node.attempt())));
    }
    List<String> lines = new ArrayList<>(columns.lines());
    if (!critical.isEmpty()) {
      lines.add("* on the critical path");
    }
    tree.unstarted().forEach(unstarted -> lines.add(neverBegan(unstarted)));
    tree.refusals()
        .forEach(refusal ->
            lines.add(
                text(refusal.attempt()) + " was refused more agents: " + text(refusal.reason())));
    return lines;
  }

  private static String[] cells(Proof.Attempt attempt, Tree.Node node, boolean critical) {
    boolean leaf = node.waits().isEmpty();
    Proof.Credential credential = attempt.credential();
    return new String[] {
      "  ".repeat(Math.clamp(node.tier() - 1, 0, DEEPEST))
          + text(attempt.label())
          + (critical ? " *" : ""),
      "  " + seconds(attempt.spawnSeconds()),
      "  " + seconds(attempt.exitSeconds()),
      "  " + seconds(node.ownSeconds()),
      "  " + (leaf ? "-" : seconds(node.waitingSeconds())),
      "  " + (leaf ? "-" : seconds(node.overheadSeconds())),
      "  " + attempt.evidence().calls().size(),
      "  " + (credential == null ? "none" : text(credential.name())),
      "  "
          + (attempt.sessionId() == null ? "missing" : text(attempt.sessionId()))
          + standing(attempt)
          + (node.asked() ? "" : ", NOT ASKED FOR by " + asker(node.parent()))
    };
  }

  private static String standing(Proof.Attempt attempt) {
    return switch (attempt.outcome()) {
      case SUCCEEDED -> "";
      case null -> ", " + attempt.standing() + ": " + text(attempt.reason());
      default -> ", FAILED: " + attempt.standing() + ", " + text(attempt.reason());
    };
  }

  private static String neverBegan(Tree.Unstarted unstarted) {
    return text(unstarted.label())
        + " never began: asked for by "
        + asker(unstarted.parent())
        + (unstarted.reason() == null ? "" : ", " + text(unstarted.reason()));
  }

  private static String asker(@Nullable String parent) {
    return parent == null ? "the plan" : text(parent);
  }

  private static String seconds(@Nullable Double seconds) {
    return seconds == null ? "missing" : String.format(Locale.ROOT, "%.2f", seconds);
  }

  private static String text(String foreign) {
    return Visible.line(foreign, LONGEST_TEXT);
  }
}
