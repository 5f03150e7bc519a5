package dev.regatta.report;

import dev.regatta.experiment.Proof;
import dev.regatta.journal.Outcome;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Each attempt a bar from spawn to exit. Sequential and parallel phase each have their own axis and
 * share one scale, so that a bar of the same length took the same time.
 */
final class Timeline {
  private static final double HEADING = 26;
  private static final double AXIS = 40;
  private static final double ROW = 22;
  private static final double WAITS = 10;

  /** In a narrow frame a row has a line for its name above its bar. */
  private static final double NAME = 18;

  /** About the width of a letter of the labels, for where one would run over something. */
  private static final double LETTER = 7;

  private final HtmlWriter html;
  private final Svg svg;
  private final Frame frame;
  private final TimeScale scale;
  private final int round;
  private final String hatch;

  private Timeline(HtmlWriter html, TimeScale scale, int round) {
    this.html = html;
    this.svg = new Svg(html);
    this.frame = scale.frame();
    this.scale = scale;
    this.round = round;
    this.hatch = "hatch-" + round + (frame.narrow() ? "-narrow" : "");
  }

  static void write(Proof proof, HtmlWriter html) throws IOException {
    Section.open(proof, html, "Timeline");
    TimelineMarks.legend(html);
    Rounds.each(proof, html, (round, phases) -> round(proof, html, round, phases));
    html.close();
  }

  private static void round(Proof proof, HtmlWriter html, int round, List<Proof.Phase> phases)
      throws IOException {
    for (Frame frame : Frame.values()) {
      new Timeline(html, TimeScale.of(frame, phases), round).draw(proof, phases);
    }
    for (Proof.Phase phase : phases) {
      Section.more(
          html, phase.attempts().size(), Section.DRAWN_ATTEMPTS, phase.mode() + " attempts");
    }
  }

  private void draw(Proof proof, List<Proof.Phase> phases) throws IOException {
    double height = 20;
    for (Proof.Phase phase : phases) {
      height += HEADING + rowsHeight(phase) + AXIS;
    }
    svg.open(
        proof,
        frame,
        "timeline-" + round,
        height,
        "Timeline" + (proof.rounds() > 1 ? " of round " + round : ""),
        description(phases));
    TimelineMarks.hatch(html, hatch);
    double top = 20;
    for (Proof.Phase phase : phases) {
      top = phase(phase, top);
    }
    svg.close(
        "Elapsed time on the monotonic clock, seconds since each phase’s own start. All axes have"
            + " the same scale.");
  }

  private static String description(List<Proof.Phase> phases) {
    StringBuilder text = new StringBuilder();
    for (Proof.Phase phase : phases) {
      long failed = phase.attempts().stream().filter(Timeline::failed).count();
      text.append(phase.mode())
          .append(" phase: ")
          .append(phase.attempts().size())
          .append(" attempts, ")
          .append(failed)
          .append(" not succeeded, wall time ")
          .append(HtmlNumbers.duration(phase.wallSeconds()))
          .append(", at most ")
          .append(phase.concurrency().greatest())
          .append(" at once. ");
    }
    return text.append("The table of attempts has the same times.").toString();
  }

  private double phase(Proof.Phase phase, double top) throws IOException {
    svg.text(
        "heading",
        0,
        top + 14,
        "start",
        phase.mode()
            + " · wall time "
            + HtmlNumbers.duration(phase.wallSeconds())
            + (frame.narrow() ? "" : " · started " + HtmlNumbers.clock(phase.startedAt())));
    double y = top + HEADING;
    double bottom = y + rowsHeight(phase);
    scale.grid(html, y, bottom);
    double end = scale.x(phase.wallSeconds());
    if (!frame.narrow()) {
      svg.line("phase-end", end, y, end, bottom);
    }
    for (Proof.Attempt attempt : drawn(phase)) {
      attempt(attempt, phase, y);
      if (frame.narrow()) { // beside the bars only, as names stand between them
        svg.line("phase-end", end, y + NAME, end, y + NAME + ROW);
      }
      y += rowHeight(attempt);
    }
    return bottom + AXIS;
  }

  private void attempt(Proof.Attempt attempt, Proof.Phase phase, double top) throws IOException {
    String mode = phase.mode();
    Double exit = attempt.exitSeconds();
    boolean failed = failed(attempt);
    double middle = top + (frame.narrow() ? NAME : 0) + ROW / 2 - 1;
    double start = scale.x(attempt.spawnSeconds());
    // One whose end nobody saw is drawn as far as somebody watched, and has no mark there.
    double end = scale.x(exit == null ? phase.wallSeconds() : exit);
    html.open("g", "class", "attempt " + (mode.equals("sequential") ? "sequential" : "parallel"));
    html.element("title", words(attempt));
    svg.line("waiting", scale.x(attempt.scheduledSeconds()), middle, start, middle);
    html.empty(
        "rect",
        "class",
        failed ? "bar failed" : "bar",
        "x",
        HtmlNumbers.place(start),
        "y",
        HtmlNumbers.place(middle - 6),
        "width",
        HtmlNumbers.place(Math.max(1, end - start)),
        "height",
        "12",
        "fill",
        failed ? "url(#" + hatch + ")" : "currentColor");
    TimelineMarks.draw(svg, scale, attempt, middle);
    if (frame.narrow()) {
      labelAbove(attempt, top, middle);
    } else {
      labelBeside(attempt, phase, end, middle);
    }
    html.close();
  }

  private void labelAbove(Proof.Attempt attempt, double top, double middle) throws IOException {
    String value = value(attempt);
    int room = (int) ((frame.right() - frame.left()) / LETTER) - value.length() - 2;
    svg.text("name", frame.left(), top + NAME - 4, "start", name(attempt, Math.max(8, room)));
    svg.text("value", frame.right(), top + NAME - 4, "end", value);
    if (attempt.retryWaitMs() > 0) {
      svg.text("value", frame.right(), middle + 19, "end", waits(attempt));
    }
  }

  private void labelBeside(Proof.Attempt attempt, Proof.Phase phase, double end, double middle)
      throws IOException {
    svg.text("name", frame.left() - 10, middle + 4, "end", name(attempt, 24));
    Double verified = attempt.verifiedSeconds();
    double right = 10 + (verified == null ? end : Math.max(end, scale.x(verified)));
    String value = value(attempt);
    double length =
        LETTER * Math.max(value.length(), attempt.retryWaitMs() > 0 ? waits(attempt).length() : 0);
    double phaseEnd = scale.x(phase.wallSeconds());
    if (right - 4 < phaseEnd && phaseEnd < right + length) {
      right = phaseEnd + 6;
    }
    svg.text("value", right, middle + 4, "start", value);
    if (attempt.retryWaitMs() > 0) {
      svg.text("value", right, middle + 17, "start", waits(attempt));
    }
  }

  private static String value(Proof.Attempt attempt) {
    return duration(attempt.durationSeconds(), "end not seen")
        + (attempt.outcome() == Outcome.SUCCEEDED ? "" : " · " + attempt.standing());
  }

  private static boolean failed(Proof.Attempt attempt) {
    return attempt.outcome() != Outcome.SUCCEEDED && attempt.outcome() != null;
  }

  private static String name(Proof.Attempt attempt, int longest) {
    String again = attempt.number() > 1 ? " (try " + attempt.number() + ")" : "";
    return HtmlText.brief(attempt.label() + again + " · " + attempt.title(), longest);
  }

  private static String words(Proof.Attempt attempt) {
    return HtmlText.brief(attempt.label() + " " + attempt.title(), 100)
        + ": "
        + attempt.standing()
        + ", spawn "
        + HtmlNumbers.duration(attempt.spawnSeconds())
        + ", exit "
        + duration(attempt.exitSeconds(), "not seen");
  }

  private static String duration(@Nullable Double seconds, String missing) {
    return seconds == null ? missing : HtmlNumbers.duration(seconds);
  }

  private static String waits(Proof.Attempt attempt) {
    String all = "retry waits " + HtmlNumbers.duration(attempt.retryWaitMs() / 1000.0);
    return attempt.rateLimitWaitMs() == 0
        ? all
        : all + ", 429: " + HtmlNumbers.duration(attempt.rateLimitWaitMs() / 1000.0);
  }

  private static List<Proof.Attempt> drawn(Proof.Phase phase) {
    return phase.attempts().stream().limit(Section.DRAWN_ATTEMPTS).toList();
  }

  private double rowHeight(Proof.Attempt attempt) {
    return ROW + (attempt.retryWaitMs() > 0 ? WAITS : 0) + (frame.narrow() ? NAME : 0);
  }

  private double rowsHeight(Proof.Phase phase) {
    return drawn(phase).stream().mapToDouble(this::rowHeight).sum();
  }
}
