package dev.regatta.report;

import dev.regatta.evidence.Disagreement;
import dev.regatta.evidence.ServingMetrics;
import dev.regatta.experiment.Proof;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Every call that the gateway saw, and who says something else. */
final class CallTable {
  private static final int SHOWN = 1_000;

  private CallTable() {}

  static void write(Proof proof, HtmlWriter html) throws IOException {
    if (proof.gateway() == null) {
      return;
    }
    Section.open(proof, html, "Calls, as the gateway saw them");
    html.element(
        "p",
        "Sent on to "
            + proof.gateway().upstream()
            + ". Times are elapsed seconds since the start of the attempt’s phase; time to first"
            + " token and time per output token are milliseconds, seen at the gateway.",
        "class",
        "lead");
    Section.openTable(
        html,
        "Calls",
        "Attempt",
        "Call",
        "Status",
        "Request id",
        "Model",
        "Start (s)",
        "First byte (s)",
        "First token (s)",
        "End (s)",
        "TTFT (ms)",
        "Per token (ms)",
        "Tokens/s",
        "Input tokens",
        "Output tokens",
        "Cache read",
        "Cache written",
        "Host",
        "TLS",
        "Ended");
    int all = 0;
    for (Proof.Phase phase : proof.phases()) {
      for (Proof.Attempt attempt : phase.attempts()) {
        for (Proof.Call call : attempt.evidence().calls()) {
          if (all++ < SHOWN) {
            row(attempt, call, html);
          }
        }
      }
    }
    Section.closeTable(html);
    Section.more(html, all, SHOWN, "calls");
    levels(proof, html);
    html.close();
  }

  private static void row(Proof.Attempt attempt, Proof.Call call, HtmlWriter html)
      throws IOException {
    html.open("tr").element("th", attempt.name(), "scope", "row");
    Section.number(html, Long.toString(call.number()));
    Section.number(html, call.status() == null ? null : call.status().toString());
    Section.cell(html, call.requestId());
    Section.cell(html, call.model());
    Section.number(html, HtmlNumbers.seconds(call.startSeconds()));
    Section.number(html, HtmlNumbers.seconds(call.firstByteSeconds()));
    Section.number(html, HtmlNumbers.seconds(call.firstTokenSeconds()));
    Section.number(html, HtmlNumbers.seconds(call.endSeconds()));
    ServingMetrics metrics = call.metrics();
    Section.number(html, figure(metrics.timeToFirstTokenMs()));
    Section.number(html, figure(metrics.timePerOutputTokenMs()));
    Section.number(html, figure(metrics.outputTokensPerSecond()));
    CredentialTable.tokens(call.tokens(), html);
    Section.cell(html, call.host());
    Section.cell(html, call.tls());
    Section.cell(html, call.ending().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    html.close();
  }

  private static @Nullable String figure(@Nullable Double value) {
    return value == null ? null : String.format(Locale.ROOT, "%.1f", value);
  }

  private static void levels(Proof proof, HtmlWriter html) throws IOException {
    html.element("h3", "How much of each attempt is corroborated");
    Section.openTable(html, "Evidence", "Attempt", "Level", "Transcript", "Who says otherwise");
    for (Proof.Phase phase : proof.phases()) {
      for (Proof.Attempt attempt : phase.attempts()) {
        Proof.Evidence evidence = attempt.evidence();
        html.open("tr").element("th", attempt.name(), "scope", "row");
        Section.cell(html, evidence.level().word());
        Integer messages = evidence.transcriptMessages();
        Section.cell(html, messages == null ? "none" : messages + " messages");
        html.element(
            "td",
            evidence.disagreements().isEmpty()
                ? "nobody"
                : String.join(
                    "; ", evidence.disagreements().stream().map(Disagreement::told).toList()),
            "class",
            "prose");
        html.close();
      }
    }
    Section.closeTable(html);
  }
}
