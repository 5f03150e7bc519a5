package dev.regatta.report;

import dev.regatta.experiment.Proof;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where and under which limits the run took place. */
final class Surroundings {
  private Surroundings() {}

  static void write(Proof proof, HtmlWriter html) throws IOException {
    Section.open(proof, html, "Environment and limits");
    Section.openTable(html, "The run", "Run", "Value");
    row(html, "Run", proof.run());
    row(html, "Command", proof.kind());
    row(html, "Status", proof.status());
    row(html, "Rehearsal", proof.rehearsal() ? "yes" : "no");
    row(html, "Agent", proof.agent());
    row(html, "Agent version", proof.agentVersion());
    row(html, "Endpoint", proof.endpoint());
    row(html, "Started (wall clock)", HtmlNumbers.clock(proof.startedAt()));
    row(html, "Ended (wall clock)", HtmlNumbers.clock(proof.endedAt()));
    row(html, "Wall time of all", HtmlNumbers.duration(proof.wallSeconds()));
    row(html, "Asked for at once", Integer.toString(proof.parallel()));
    row(html, "Rounds", Integer.toString(proof.rounds()));
    row(html, "Planned order", HtmlText.brief(String.join(", ", proof.order()), 200));
    Section.closeTable(html);
    html.element("h3", "Limits");
    Section.openTable(html, "Limits", "Limit", "Value");
    for (Map.Entry<String, Double> limit : proof.limits().entrySet()) {
      row(html, limit.getKey(), HtmlNumbers.duration(limit.getValue()));
    }
    Section.closeTable(html);
    html.element("h3", "Environment");
    Section.openTable(html, "Environment", "What", "Value");
    for (Map.Entry<String, String> part : proof.environment().entrySet()) {
      row(html, part.getKey(), part.getValue());
    }
    Section.closeTable(html);
    clocks(html);
    html.close();
  }

  private static void row(HtmlWriter html, String name, @Nullable String value) throws IOException {
    html.open("tr").element("th", name, "scope", "row");
    html.open("td", "class", "prose").textOrMissing(value).close();
    html.close();
  }

  private static void clocks(HtmlWriter html) throws IOException {
    html.element("h3", "Two clocks");
    html.element(
        "p",
        "Elapsed times are seconds on the monotonic clock since the start of a phase; they are what"
            + " durations, overlap and speedup are worked out from. Wall-clock times are ISO 8601"
            + " with zone; they say when it was and are never subtracted from one another.",
        "class",
        "lead");
  }
}
