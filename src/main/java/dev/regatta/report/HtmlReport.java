package dev.regatta.report;

import dev.regatta.experiment.Proof;
import java.io.IOException;
import java.io.Writer;

/**
 * The proof as one HTML file that opens without a network: no script, nothing loaded, all that
 * agents said escaped and made visible.
 */
public final class HtmlReport {
  private HtmlReport() {}

  /**
   * Writes the whole page and flushes; the writer stays open.
   *
   * @param proof what to show
   * @param out where to, to be encoded as UTF-8
   * @throws IOException if the writer fails
   */
  public static void write(Proof proof, Writer out) throws IOException {
    HtmlWriter html = new HtmlWriter(out);
    html.doctype().open("html", "lang", "en");
    String title =
        "Parallel: " + proof.verdict().parallel().word() + " · " + HtmlText.brief(proof.run(), 80);
    HtmlPage.head(html, proof.rehearsal(), title);
    html.open("body");
    HtmlPage.banner(html, proof.rehearsal());
    html.open("main");
    Summary.write(proof, html);
    TreeChart.write(proof, html);
    Timeline.write(proof, html);
    ConcurrencyChart.write(proof, html);
    WaterfallChart.write(proof, html);
    IntervalsTable.write(proof, html);
    CriteriaTable.write(proof, html);
    AttemptTable.write(proof, html);
    CallTable.write(proof, html);
    CredentialTable.write(proof, html);
    Answers.write(proof, html);
    Surroundings.write(proof, html);
    html.close();
    HtmlPage.banner(html, proof.rehearsal());
    html.close().close();
    out.flush();
  }
}
