package dev.regatta.report;

import dev.regatta.experiment.Proof;
import dev.regatta.experiment.Tree;
import dev.regatta.journal.Outcome;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tree of agents as nested bars: each agent a bar, in a frame with the bars of those that it
 * asked for; where it waited for them its bar is empty.
 */
final class TreeChart {
  private static final double ROW = 22;
  private static final double BAR = 12;
  private static final double TOP = 24;
  private static final double AXIS = 40;

  /** In a narrow figure a row has a line for its name above its bar. */
  private static final double NAME = 18;

  /** About the width of a letter of the labels. */
  private static final double LETTER = 7;

  private static final double INDENT = 10;
  private static final int DEEPEST = 8;

  private final HtmlWriter html;
  private final Svg svg;
  private final Frame frame;
  private final TimeScale scale;
  private final Tree tree;
  private final List<Proof.Attempt> attempts;
  private final Set<String> critical;
  private final String hatch;

  private TreeChart(HtmlWriter html, Frame frame, Proof.Phase phase, Tree tree) {
    this.html = html;
    this.svg = new Svg(html);
    this.frame = frame;
    this.scale = TimeScale.of(frame, List.of(phase));
    this.tree = tree;
    this.attempts = phase.attempts();
    this.critical = new HashSet<>(tree.criticalPath());
    this.hatch = "hatch-tree-" + frame.word();
  }

  /** Nothing, if it is no tree. */
  static void write(Proof proof, HtmlWriter html) throws IOException {
    Tree tree = proof.tree();
    if (tree == null) {
      return;
    }
    Section.open(proof, html, "Tree of agents");
    html.element(
        "p",
        "A bar is an agent from spawn to exit; where it is empty the agent waited for others. Those"
            + " that it asked for stand below it, in its frame. ◆ is on the critical path: the"
            + " longest chain of times in which each agent worked by itself.",
        "class",
        "lead");
    for (Proof.Phase phase : proof.phases()) {
      if (phase.mode().equals(Proof.TREE) && !phase.attempts().isEmpty()) {
        for (Frame frame : Frame.values()) {
          new TreeChart(html, frame, phase, tree).draw(proof);
        }
        Section.more(html, phase.attempts().size(), Section.DRAWN_ATTEMPTS, "agents");
        TreeTable.write(phase, tree, html);
      }
    }
    TreeTable.inVain(tree, html);
    html.close();
  }

  private int drawn() {
    return Math.min(attempts.size(), Section.DRAWN_ATTEMPTS);
  }

  private double rowHeight() {
    return ROW + (frame.narrow() ? NAME : 0);
  }

  private void draw(Proof proof) throws IOException {
    double bottom = TOP + drawn() * rowHeight();
    svg.open(proof, frame, "tree", bottom + AXIS, "Tree of agents, " + tree.shape(), description());
    TimelineMarks.hatch(html, hatch);
    scale.grid(html, TOP, bottom);
    for (int i = 0; i < drawn(); i++) {
      nest(i);
    }
    for (int i = 0; i < drawn(); i++) {
      agent(tree.nodes().get(i), attempts.get(i), TOP + i * rowHeight());
    }
    double end = scale.x(tree.wallSeconds());
    for (int i = 0; i < drawn(); i++) { // beside the bars only, where names stand between them
      double row = TOP + (i + 1) * rowHeight();
      svg.line("phase-end", end, row - ROW, end, row);
    }
    svg.close("Elapsed time on the monotonic clock, seconds since the start of the tree.");
  }

  private String description() {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < drawn(); i++) {
      Tree.Node node = tree.nodes().get(i);
      words
          .append(attempts.get(i).label())
          .append(": worked ")
          .append(duration(node.ownSeconds()))
          .append(", waited ")
          .append(duration(node.waitingSeconds()))
          .append(". ");
    }
    return HtmlText.bounded(words.toString(), 1_500) + " The table below has the same.";
  }

  /** The frame around an agent and all that follow from it. */
  private void nest(int index) throws IOException {
    int tier = tree.nodes().get(index).tier();
    int last = index;
    while (last + 1 < drawn() && tree.nodes().get(last + 1).tier() > tier) {
      last++;
    }
    if (last > index && tier > 0) {
      double from = scale.x(attempts.get(index).spawnSeconds());
      double to = scale.x(end(attempts.get(index)));
      double inset = 1 + Math.min(tier, DEEPEST);
      svg.rect(
          "nest",
          from,
          TOP + index * rowHeight() + inset,
          Math.max(1, to - from),
          (last - index + 1) * rowHeight() - 2 * inset);
    }
  }

  private void agent(Tree.Node node, Proof.Attempt attempt, double top) throws IOException {
    double middle = top + (frame.narrow() ? NAME : 0) + ROW / 2;
    double start = scale.x(attempt.spawnSeconds());
    double end = scale.x(end(attempt));
    boolean failed = attempt.outcome() != Outcome.SUCCEEDED && attempt.outcome() != null;
    html.open("g", "class", "agent parallel");
    html.element("title", words(node, attempt));
    bar(failed ? "bar failed" : "bar", start, middle, end, failed ? "url(#" + hatch + ")" : null);
    for (Tree.Wait wait : node.waits()) {
      Double answered = wait.answeredSeconds();
      double until = answered == null ? end : scale.x(answered);
      bar("waited", scale.x(wait.askedSeconds()), middle, Math.min(end, until), null);
    }
    String name = name(node, attempt);
    if (frame.narrow()) {
      svg.text("name", frame.left() + indent(node), top + NAME - 2, "start", name);
    } else {
      svg.text("name", indent(node), middle + 4, "start", name);
    }
    String value = value(node, attempt);
    if (frame.narrow()) {
      svg.text("value", frame.right(), top + NAME - 2, "end", value);
    } else {
      svg.text("value", besideBar(end, value), middle + 4, "start", value);
    }
    html.close();
  }

  /** Behind the line of the phase's end, if it would run over it. */
  private double besideBar(double end, String value) {
    double line = scale.x(tree.wallSeconds());
    double right = end + 8;
    return right - 4 < line && line < right + LETTER * value.length() ? line + 6 : right;
  }

  private void bar(String css, double from, double middle, double to, @Nullable String fill)
      throws IOException {
    html.empty(
        "rect",
        "class",
        css,
        "x",
        HtmlNumbers.place(from),
        "y",
        HtmlNumbers.place(middle - BAR / 2),
        "width",
        HtmlNumbers.place(Math.max(1, to - from)),
        "height",
        HtmlNumbers.fixed(BAR, 0),
        "fill",
        fill == null ? "currentColor" : fill);
  }

  private static double indent(Tree.Node node) {
    return INDENT * Math.clamp(node.tier() - 1, 0, DEEPEST);
  }

  /** One whose end nobody saw is drawn as far as somebody watched. */
  private double end(Proof.Attempt attempt) {
    Double exit = attempt.exitSeconds();
    return exit == null ? tree.wallSeconds() : exit;
  }

  private String name(Tree.Node node, Proof.Attempt attempt) {
    String mark = critical.contains(node.attempt()) ? " ◆" : "";
    return HtmlText.brief(attempt.label() + " · " + attempt.title(), frame.narrow() ? 20 : 22)
        + mark;
  }

  private static String value(Tree.Node node, Proof.Attempt attempt) {
    return "own "
        + duration(node.ownSeconds())
        + (attempt.outcome() == Outcome.SUCCEEDED ? "" : " · " + attempt.standing());
  }

  private static String words(Tree.Node node, Proof.Attempt attempt) {
    return HtmlText.brief(attempt.label() + " " + attempt.title(), 100)
        + ": "
        + attempt.standing()
        + ", own time "
        + duration(node.ownSeconds())
        + ", waited "
        + duration(node.waitingSeconds());
  }

  private static String duration(@Nullable Double seconds) {
    return seconds == null ? "not known" : HtmlNumbers.duration(seconds);
  }
}
