package dev.regatta.report;

import dev.regatta.experiment.Proof;
import java.io.IOException;

/**
 * The marks on a bar. They differ by shape and place, never by colour alone, and lie in lanes of
 * their own because response, exit and verification often fall within a few milliseconds.
 */
final class TimelineMarks {
  private TimelineMarks() {}

  static void draw(Svg svg, TimeScale scale, Proof.Attempt attempt, double middle)
      throws IOException {
    spawn(svg, scale.x(attempt.spawnSeconds()), middle);
    Double first = attempt.firstByteSeconds();
    if (first != null) {
      firstByte(svg, scale.x(first), middle);
    }
    Double response = attempt.responseSeconds();
    if (response != null) {
      response(svg, scale.x(response), middle);
    }
    Double exit = attempt.exitSeconds();
    if (exit != null) {
      exit(svg, scale.x(exit), middle);
    }
    Double verified = attempt.verifiedSeconds();
    if (verified != null) {
      verified(svg, scale.x(verified), middle);
    }
  }

  /** Names each mark beside its drawing. */
  static void legend(HtmlWriter html) throws IOException {
    Svg svg = new Svg(html);
    html.open("ul", "class", "legend");
    item(html, "waiting for its turn", () -> svg.line("waiting", 0, 10, 24, 10));
    item(html, "spawn", () -> spawn(svg, 12, 10));
    item(html, "first byte", () -> firstByte(svg, 12, 10));
    item(html, "API response", () -> response(svg, 12, 10));
    item(html, "exit", () -> exit(svg, 12, 10));
    item(html, "file verified", () -> verified(svg, 12, 6));
    item(html, "not succeeded", () -> notSucceeded(html, svg));
    item(html, "end of the phase", () -> svg.line("phase-end", 12, 0, 12, 20));
    html.close();
  }

  /** Draws a mark. */
  private interface Mark {
    void draw() throws IOException;
  }

  private static void item(HtmlWriter html, String name, Mark mark) throws IOException {
    html.open("li");
    html.open("svg", "viewBox", "0 0 24 20", "width", "24", "height", "20", "aria-hidden", "true");
    mark.draw();
    html.close().text(name).close();
  }

  /** The filling of what did not succeed, under that id. */
  static void hatch(HtmlWriter html, String id) throws IOException {
    html.open("defs");
    html.open(
        "pattern",
        "id",
        id,
        "width",
        "6",
        "height",
        "6",
        "patternUnits",
        "userSpaceOnUse",
        "patternTransform",
        "rotate(45)");
    html.empty("rect", "class", "hatch-ground", "width", "6", "height", "6");
    html.empty("rect", "class", "hatch-line", "width", "2.4", "height", "6");
    html.close().close();
  }

  private static void notSucceeded(HtmlWriter html, Svg svg) throws IOException {
    hatch(html, "hatch-legend");
    html.empty(
        "rect",
        "class",
        "bar failed",
        "x",
        "1",
        "y",
        "4",
        "width",
        "22",
        "height",
        "12",
        "fill",
        "url(#hatch-legend)");
  }

  private static void spawn(Svg svg, double x, double middle) throws IOException {
    svg.path("mark", at("M", x + 4, middle - 9) + " h-4 v18 h4");
  }

  private static void exit(Svg svg, double x, double middle) throws IOException {
    svg.path("mark", at("M", x - 4, middle - 9) + " h4 v18 h-4");
  }

  private static void firstByte(Svg svg, double x, double middle) throws IOException {
    svg.path("mark hollow", at("M", x - 3.5, middle) + " a3.5 3.5 0 1 0 7 0 a3.5 3.5 0 1 0 -7 0 z");
  }

  private static void response(Svg svg, double x, double middle) throws IOException {
    svg.path("mark solid", at("M", x, middle - 5) + " l5 5 l-5 5 l-5 -5 z");
  }

  private static void verified(Svg svg, double x, double middle) throws IOException {
    svg.path("mark solid small", at("M", x, middle + 5.5) + " l4 6 h-8 z");
  }

  private static String at(String command, double x, double y) {
    return command + HtmlNumbers.place(x) + " " + HtmlNumbers.place(y);
  }
}
