package dev.regatta.report;

import dev.regatta.evidence.Criterion;
import dev.regatta.experiment.Proof;
import java.io.IOException;
import java.util.Locale;

/** What was checked and what was found: a word and a glyph, so that colour is not needed. */
final class CriteriaTable {
  private CriteriaTable() {}

  static void write(Proof proof, HtmlWriter html) throws IOException {
    Section.open(proof, html, "Verification");
    Section.openTable(html, "Criteria", "Finding", "What was checked", "Why");
    for (Criterion criterion : proof.criteria()) {
      Criterion.Status status = criterion.status();
      html.open("tr");
      html.open("td", "class", "finding " + status.word().toLowerCase(Locale.ROOT));
      html.text(glyph(status) + " " + status.word()).close();
      html.element("th", criterion.title(), "scope", "row", "class", "prose");
      html.element("td", criterion.detail(), "class", "prose");
      html.close();
    }
    Section.closeTable(html);
    html.close();
  }

  private static String glyph(Criterion.Status status) {
    return switch (status) {
      case PASS -> "✓";
      case FAIL -> "✗";
      case UNKNOWN -> "?";
    };
  }
}
