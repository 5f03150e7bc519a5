package dev.regatta.report;

import dev.regatta.experiment.Proof;
import java.io.IOException;

/** What all figures share: frame, name and description for those who don't see it, stamp. */
final class Svg {
  private final HtmlWriter html;

  Svg(HtmlWriter html) {
    this.html = html;
  }

  /** Opens a figure: box, SVG, title, description, and the stamp if this is a rehearsal. */
  void open(Proof proof, String id, double height, String title, String description)
      throws IOException {
    html.open("figure")
        .open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", title);
    html.open(
        "svg",
        "class",
        "chart",
        "role",
        "img",
        "viewBox",
        "0 0 " + HtmlNumbers.fixed(TimeScale.WIDTH, 0) + " " + HtmlNumbers.fixed(height, 0),
        "aria-labelledby",
        id + "-title " + id + "-desc");
    html.element("title", title, "id", id + "-title");
    html.element("desc", description, "id", id + "-desc");
    if (proof.rehearsal()) {
      text("stamp", TimeScale.WIDTH - 6, 14, "end", "REHEARSAL");
    }
  }

  /** Ends the SVG and its box; the caption and the end of the figure are the caller's. */
  void close(String caption) throws IOException {
    html.close().close();
    html.element("figcaption", caption).close();
  }

  void text(String css, double x, double y, String anchor, String text) throws IOException {
    html.element(
        "text",
        text,
        "class",
        css,
        "x",
        HtmlNumbers.place(x),
        "y",
        HtmlNumbers.place(y),
        "text-anchor",
        anchor);
  }

  void line(String css, double x1, double y1, double x2, double y2) throws IOException {
    html.empty(
        "line",
        "class",
        css,
        "x1",
        HtmlNumbers.place(x1),
        "y1",
        HtmlNumbers.place(y1),
        "x2",
        HtmlNumbers.place(x2),
        "y2",
        HtmlNumbers.place(y2));
  }

  void rect(String css, double x, double y, double width, double height) throws IOException {
    html.empty(
        "rect",
        "class",
        css,
        "x",
        HtmlNumbers.place(x),
        "y",
        HtmlNumbers.place(y),
        "width",
        HtmlNumbers.place(width),
        "height",
        HtmlNumbers.place(height));
  }

  void path(String css, String data) throws IOException {
    html.empty("path", "class", css, "d", data);
  }
}
