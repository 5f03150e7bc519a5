package dev.regatta.report;

import dev.regatta.experiment.Proof;
import java.io.IOException;

/** What all figures share: frame, name and description for those who don't see it, stamp. */
final class Svg {
  private final HtmlWriter html;

  Svg(HtmlWriter html) {
    this.html = html;
  }

  /** Opens a figure: SVG, title, description, and the stamp if this is a rehearsal. */
  void open(Proof proof, Frame frame, String name, double height, String title, String description)
      throws IOException {
    open(proof.rehearsal(), frame, name, height, title, description);
  }

  /** The same, of something else than a proof. */
  void open(
      boolean rehearsal, Frame frame, String name, double height, String title, String description)
      throws IOException {
    String id = name + "-" + frame.word();
    html.open("figure", "class", frame.word());
    html.open(
        "svg",
        "class",
        "chart",
        "role",
        "img",
        "viewBox",
        "0 0 " + HtmlNumbers.fixed(frame.width(), 0) + " " + HtmlNumbers.fixed(height, 0),
        "aria-labelledby",
        id + "-title " + id + "-desc");
    html.element("title", title, "id", id + "-title");
    html.element("desc", description, "id", id + "-desc");
    if (rehearsal) {
      text("stamp", frame.width() - 6, 14, "end", "REHEARSAL");
    }
  }

  /** Ends the SVG and the figure, with its caption. */
  void close(String caption) throws IOException {
    html.close();
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
