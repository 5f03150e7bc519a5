package dev.regatta.report;

import dev.regatta.experiment.Proof;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Pieces that many sections of the page share. */
final class Section {
  /** Attempts drawn per phase; a figure of more can't be read, and the file must stay small. */
  static final int DRAWN_ATTEMPTS = 200;

  /** Rounds drawn, for the same reasons. */
  static final int DRAWN_ROUNDS = 20;

  private Section() {}

  /** Opens a section with its heading, marked as rehearsal if it is one. */
  static void open(Proof proof, HtmlWriter html, String heading) throws IOException {
    open(proof.rehearsal(), html, heading);
  }

  /** The same, of something else than a proof. */
  static void open(boolean rehearsal, HtmlWriter html, String heading) throws IOException {
    html.open("section").open("h2").text(heading);
    if (rehearsal) {
      html.text(" ").element("span", "REHEARSAL", "class", "stamp");
    }
    html.close();
  }

  /** Opens a box that scrolls sideways by itself, and by keyboard, and the table in it. */
  static void openTable(HtmlWriter html, String name, String... headings) throws IOException {
    html.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", name);
    html.open("table").open("thead").open("tr");
    for (String heading : headings) {
      html.element("th", heading, "scope", "col");
    }
    html.close().close().open("tbody");
  }

  /** Closes what {@link #openTable} opened. */
  static void closeTable(HtmlWriter html) throws IOException {
    html.close().close().close();
  }

  /** A cell; null is {@code missing}. */
  static void cell(HtmlWriter html, @Nullable String text) throws IOException {
    html.open("td").textOrMissing(text).close();
  }

  /** A cell with a figure, set flush right; null is {@code missing}. */
  static void number(HtmlWriter html, @Nullable String text) throws IOException {
    html.open("td", "class", "number").textOrMissing(text).close();
  }

  /** Says how many are left out, if any. */
  static void more(HtmlWriter html, int all, int shown, String what) throws IOException {
    if (all > shown) {
      html.element(
          "p",
          (all - shown) + " more " + what + " are not shown here; report.json has them all.",
          "class",
          "more");
    }
  }
}
