package dev.regatta.report;

import dev.regatta.experiment.Proof;
import java.io.IOException;

/** What several rounds say about the wall speedup. */
final class IntervalsTable {
  private IntervalsTable() {}

  static void write(Proof proof, HtmlWriter html) throws IOException {
    Proof.Intervals i = proof.intervals();
    if (i == null) {
      return;
    }
    Section.open(proof, html, "Wall speedup over " + i.rounds() + " rounds");
    if (i.descriptiveOnly()) {
      html.open("p", "class", "status").element("b", "descriptive only");
      html.text(": fewer than 6 complete rounds can describe what was seen, not show more.");
      html.close();
    }
    String level = HtmlNumbers.fixed(100 * i.level(), 0) + " %";
    Section.openTable(html, "Intervals of the wall speedup", "What", "Value");
    row(html, "Geometric mean", HtmlNumbers.factor(i.geometricMean()));
    row(html, level + " t interval on the logs", range(i.tLow(), i.tHigh()));
    Double low = i.fiellerLow();
    Double high = i.fiellerHigh();
    row(
        html,
        level + " Fieller interval of the ratio of totals",
        low == null || high == null ? "unbounded" : range(low, high));
    row(html, "Sign-flip p of ‘no speedup’, two-sided", HtmlNumbers.fixed(i.signFlipP(), 4));
    row(
        html,
        "Smallest speedup that could have been told from 1 (power 0.8)",
        HtmlNumbers.factor(i.smallestEffect()));
    Section.closeTable(html);
    html.close();
  }

  private static void row(HtmlWriter html, String name, String value) throws IOException {
    html.open("tr").element("th", name, "scope", "row");
    Section.number(html, value);
    html.close();
  }

  private static String range(double low, double high) {
    return HtmlNumbers.factor(low) + " to " + HtmlNumbers.factor(high);
  }
}
