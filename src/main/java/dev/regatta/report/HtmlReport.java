package dev.regatta.report;

import dev.regatta.experiment.Proof;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * The proof as one HTML file that opens without a network: no script, nothing loaded, all that
 * agents said escaped and made visible.
 */
public final class HtmlReport {
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

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
    head(proof, html);
    html.open("body");
    banner(proof, html);
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
    banner(proof, html);
    html.close().close();
    out.flush();
  }

  private static void head(Proof proof, HtmlWriter html) throws IOException {
    html.open("head");
    html.empty("meta", "charset", "utf-8");
    html.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.empty("meta", "name", "color-scheme", "content", "light dark");
    html.empty("meta", "name", "referrer", "content", "no-referrer");
    String title =
        "Parallel: " + proof.verdict().parallel().word() + " · " + HtmlText.brief(proof.run(), 80);
    html.element("title", (proof.rehearsal() ? "REHEARSAL · " : "") + title + " · Regatta");
    html.style(css());
    html.close();
  }

  private static void banner(Proof proof, HtmlWriter html) throws IOException {
    if (proof.rehearsal()) {
      html.open("p", "class", "banner", "role", "note");
      html.element("b", "REHEARSAL");
      html.text(" Answers came from a rehearsal, not from a model. No figure here is about one.");
      html.close();
    }
  }

  private static String css() throws IOException {
    try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
      if (in == null) {
        throw new FileNotFoundException("report.css is missing from the program; build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
