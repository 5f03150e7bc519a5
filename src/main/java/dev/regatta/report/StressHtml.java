package dev.regatta.report;

import dev.regatta.stress.SuiteResult;
import dev.regatta.stress.TranscriptCheck;
import java.io.IOException;
import java.io.Writer;
import java.time.ZoneId;

/**
 * What came of a stress suite as one HTML file that opens without a network: no script, nothing
 * loaded, all that commands printed escaped and made visible.
 */
public final class StressHtml {
  private final StressReport report;
  private final SuiteResult suite;
  private final ZoneId zone;
  private final HtmlWriter html;

  private StressHtml(StressReport report, ZoneId zone, HtmlWriter html) {
    this.report = report;
    this.suite = report.result();
    this.zone = zone;
    this.html = html;
  }

  /**
   * Writes the whole page and flushes; the writer stays open.
   *
   * @param zone of the times in it
   * @param out where to, to be encoded as UTF-8
   * @throws IOException if the writer fails
   */
  public static void write(StressReport report, ZoneId zone, Writer out) throws IOException {
    new StressHtml(report, zone, new HtmlWriter(out)).write();
    out.flush();
  }

  private void write() throws IOException {
    html.doctype().open("html", "lang", "en");
    HtmlPage.head(
        html, report.rehearsal(), HtmlText.brief(suite.suite(), 60) + ": " + suite.ratio().text());
    html.open("body");
    HtmlPage.banner(html, report.rehearsal());
    html.open("main");
    summary();
    StressTables.tasks(report, html);
    FailureSections.write(report, html);
    TrendChart.write(report, zone, html);
    StressTables.instances(report, html);
    StressTables.hallucinations(report, html);
    StressTables.learned(report, html);
    surroundings();
    html.close();
    HtmlPage.banner(html, report.rehearsal());
    html.close().close();
  }

  private void summary() throws IOException {
    boolean graduated = suite.graduated();
    html.element("p", HtmlText.brief(suite.suite(), 100) + " · " + suite.run(), "class", "run");
    if (suite.partial()) {
      html.open("div", "class", "verdict");
      html.element("h1", "Partial: " + suite.ratio().text());
      html.element("p", report.partial().orElseThrow() + ".");
    } else {
      html.open("div", "class", "verdict " + (graduated ? "confirmed" : "refuted"));
      html.element(
          "h1", (graduated ? "✓ Graduated: " : "✗ Not graduated: ") + suite.ratio().text());
      html.element(
          "p",
          graduated
              ? "At least ten tasks passed for each that failed."
              : suite.ratio().failures() > 0
                  ? "Ten tasks that pass are needed for each that fails."
                  : "At least ten tasks that pass are needed, also where none fails.");
    }
    html.close();
    if (!suite.ended() || suite.interrupted()) {
      html.element(
          "p",
          suite.ended()
              ? "The run was interrupted: what it did not come to is shown as not tried."
              : "The run has not come to its end: it goes on, or was killed.",
          "class",
          "status");
    }
    html.open("dl", "class", "figures");
    figure("Success", Long.toString(report.successes()), "tasks that passed");
    figure("Failure", Long.toString(report.failures()), "tasks that did not");
    if (report.skipped() + report.notTried() > 0) {
      figure(
          "Not judged",
          Long.toString(report.skipped() + report.notTried()),
          report.skipped() + " left out by name, " + report.notTried() + " not tried");
    }
    figure("Duration", HtmlNumbers.duration(seconds()), suite.jobs() + " at once at most");
    if (!report.checked().isEmpty()) {
      figure(
          "Hallucination",
          Long.toString(report.checked(TranscriptCheck.Verdict.SUSPECTED)),
          "answers suspected of "
              + report.checked().size()
              + "; "
              + report.checked(TranscriptCheck.Verdict.UNKNOWN)
              + " unknown");
    }
    html.close();
  }

  private double seconds() {
    return suite.duration().toNanos() / 1e9;
  }

  private void figure(String name, String value, String meaning) throws IOException {
    html.open("div");
    html.element("dt", name);
    html.element("dd", value, "class", "value");
    html.element("dd", meaning, "class", "meaning");
    html.close();
  }

  private void surroundings() throws IOException {
    Section.open(report.rehearsal(), html, "The run");
    Section.openTable(html, "The run", "What", "Value");
    row("Suite", suite.suite());
    row("File", suite.file());
    row("Run", suite.run());
    row("Status", report.status());
    row("Rehearsal", report.rehearsal() ? "yes" : "no");
    row("Began (wall clock)", WallClock.of(suite.started().atZone(zone).toOffsetDateTime()));
    row("Server", suite.server() + (suite.embedded() ? ", started for this run" : ""));
    row("Model API", report.endpoint());
    row("At once", suite.jobs() + " at most");
    row("Retries", suite.maxRetries() + " at most");
    row("Match rule", report.matchRule());
    row(
        "Load average",
        (suite.load() < 0 ? "not known" : HtmlNumbers.fixed(suite.load(), 2))
            + (suite.limitFactor() > 1
                ? ": time limits were multiplied by " + suite.limitFactor()
                : ""));
    for (String found : suite.prerequisites()) {
      row("Prerequisite", found);
    }
    for (String warning : suite.warnings()) {
      row("Warning", warning);
    }
    Section.closeTable(html);
    html.close();
  }

  private void row(String name, String value) throws IOException {
    html.open("tr").element("th", name, "scope", "row");
    html.element("td", value, "class", "prose").close();
  }
}
