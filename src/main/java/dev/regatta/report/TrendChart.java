package dev.regatta.report;

import dev.regatta.store.StressRun;
import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** A bar for each of the latest runs of a suite: as high as the share of its tasks that passed. */
final class TrendChart {
  private static final int MOST = 40;
  private static final double TOP = 24;
  private static final double HEIGHT = 120;
  private static final double AXIS = 28;
  private static final double LABEL = 44;
  private static final double WIDEST = 48;

  /** About the width of a date as it is drawn. */
  private static final double DATE = 80;

  /** At 10:1. */
  private static final double GRADUATED = 10.0 / 11;

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT);

  private final StressReport report;
  private final List<StressRun> runs;
  private final ZoneId zone;
  private final HtmlWriter html;
  private final Svg svg;

  private TrendChart(StressReport report, ZoneId zone, HtmlWriter html) {
    this.report = report;
    this.zone = zone;
    this.html = html;
    this.svg = new Svg(html);
    List<StressRun> all = report.trend();
    this.runs = all.subList(Math.max(0, all.size() - MOST), all.size());
  }

  /** The section; none without a history. */
  static void write(StressReport report, ZoneId zone, HtmlWriter html) throws IOException {
    if (report.trend().isEmpty()) {
      return;
    }
    Section.open(report.rehearsal(), html, "Trend");
    TrendChart chart = new TrendChart(report, zone, html);
    for (Frame frame : Frame.values()) {
      chart.draw(frame);
    }
    Section.more(html, report.trend().size(), chart.runs.size(), "runs");
    html.close();
  }

  private void draw(Frame frame) throws IOException {
    svg.open(
        report.rehearsal(),
        frame,
        "trend",
        TOP + HEIGHT + AXIS,
        "Trend",
        "The share of tasks that passed in "
            + runs.size()
            + " runs, from "
            + percent(runs.getFirst())
            + " to "
            + percent(runs.getLast())
            + ".");
    double left = LABEL;
    double right = frame.width() - 12;
    for (double share : new double[] {0, 0.5, 1}) {
      svg.line("grid", left, y(share), right, y(share));
      svg.text("tick", left - 8, y(share) + 4, "end", HtmlNumbers.fixed(100 * share, 0) + " %");
    }
    double step = Math.min(WIDEST, (right - left) / runs.size());
    for (int i = 0; i < runs.size(); i++) {
      bar(runs.get(i), left + i * step, step);
    }
    svg.line("phase-end", left, y(GRADUATED), right, y(GRADUATED));
    dates(left, step, right);
    svg.close(
        "Each bar is a run, the latest to the right; it is as high as the share of its tasks that"
            + " passed. The dashed line is 10:1, from which on a suite is graduated.");
  }

  private void bar(StressRun run, double x, double step) throws IOException {
    double share = Trend.share(run);
    html.open("g", "class", "parallel");
    html.element(
        "title",
        run.run() + ": " + run.successes() + " of " + run.tasks().size() + " tasks passed");
    double gap = Math.min(6, step / 4);
    html.empty(
        "rect",
        "class",
        "bar",
        "x",
        HtmlNumbers.place(x + gap / 2),
        "y",
        HtmlNumbers.place(y(share)),
        "width",
        HtmlNumbers.place(step - gap),
        "height",
        HtmlNumbers.place(Math.max(1, y(0) - y(share))),
        "fill",
        "currentColor");
    html.close();
  }

  /** The first run's day and the last one's, where both have room. */
  private void dates(double left, double step, double right) throws IOException {
    double end = left + runs.size() * step;
    double y = TOP + HEIGHT + 18;
    svg.text("tick", left, y, "start", DAY.format(runs.getFirst().at().atZone(zone)));
    if (end - left > 2 * DATE) {
      svg.text(
          "tick", Math.min(end, right), y, "end", DAY.format(runs.getLast().at().atZone(zone)));
    }
  }

  private static double y(double share) {
    return TOP + HEIGHT * (1 - share);
  }

  private static String percent(StressRun run) {
    return HtmlNumbers.percent(Trend.share(run));
  }
}
