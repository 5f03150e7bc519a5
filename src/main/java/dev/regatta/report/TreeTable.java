package dev.regatta.report;

import dev.regatta.experiment.Proof;
import dev.regatta.experiment.Tree;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The figures of each agent of a tree, and what agents asked for in vain. */
final class TreeTable {
  private static final int SHOWN = 1_000;

  private TreeTable() {}

  static void write(Proof.Phase phase, Tree tree, HtmlWriter html) throws IOException {
    Section.openTable(
        html,
        "Agents of the tree",
        "Agent",
        "Tier",
        "Asked for by",
        "Own time (s)",
        "Waited (s)",
        "Overhead (s)",
        "of it to the first spawn (s)",
        "Chain from here (s)",
        "Critical path",
        "Calls",
        "Credential",
        "Session id");
    Set<String> critical = new HashSet<>(tree.criticalPath());
    int shown = Math.min(SHOWN, tree.nodes().size());
    for (int i = 0; i < shown; i++) {
      Tree.Node node = tree.nodes().get(i);
      row(phase.attempts().get(i), node, critical.contains(node.attempt()), html);
    }
    Section.closeTable(html);
    Section.more(html, tree.nodes().size(), SHOWN, "agents");
  }

  private static void row(Proof.Attempt attempt, Tree.Node node, boolean critical, HtmlWriter html)
      throws IOException {
    html.open("tr").element("th", attempt.label(), "scope", "row");
    Section.number(html, Integer.toString(node.tier()));
    Section.cell(html, asker(node.parent()) + (node.asked() ? "" : ", ✗ who did not"));
    Section.number(html, HtmlNumbers.seconds(node.ownSeconds()));
    Section.number(html, HtmlNumbers.seconds(node.waitingSeconds()));
    Section.number(html, HtmlNumbers.seconds(node.overheadSeconds()));
    Section.number(html, HtmlNumbers.seconds(node.launchSeconds()));
    Section.number(html, HtmlNumbers.seconds(node.spanSeconds()));
    Section.cell(html, critical ? "◆ yes" : "no");
    Section.number(html, Integer.toString(attempt.evidence().calls().size()));
    Proof.Credential credential = attempt.credential();
    Section.cell(html, credential == null ? null : credential.name());
    Section.cell(html, attempt.sessionId());
    html.close();
  }

  /** What never began, and what was refused; nothing if all was had. */
  static void inVain(Tree tree, HtmlWriter html) throws IOException {
    if (tree.unstarted().isEmpty() && tree.refusals().isEmpty()) {
      return;
    }
    html.element("h3", "asked for in vain").open("ul");
    for (Tree.Unstarted unstarted : tree.unstarted().stream().limit(SHOWN).toList()) {
      String reason = unstarted.reason();
      html.element(
          "li",
          unstarted.label()
              + " never began: asked for by "
              + asker(unstarted.parent())
              + (reason == null ? "" : ", " + reason));
    }
    for (Tree.Refusal refusal : tree.refusals().stream().limit(SHOWN).toList()) {
      html.element("li", refusal.attempt() + " was refused more agents: " + refusal.reason());
    }
    html.close();
  }

  private static String asker(@Nullable String parent) {
    return parent == null ? "the plan" : parent;
  }
}
