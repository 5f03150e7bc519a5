package dev.regatta.report;

import dev.regatta.experiment.Proof;
import dev.regatta.journal.Outcome;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** All that is known of each attempt; what nobody gave stands there as missing. */
final class AttemptTable {
  private static final int SHOWN = 1_000;

  private static final String[] HEADINGS = {
    "Attempt",
    "Title",
    "Outcome",
    "Reason",
    "Session id",
    "Pid",
    "Credential",
    "Fingerprint",
    "Started (wall clock)",
    "Ready (s)",
    "Spawn (s)",
    "First byte (s)",
    "API response (s)",
    "Last output (s)",
    "Exit (s)",
    "File verified (s)",
    "Duration (s)",
    "API time (ms)",
    "Retry waits (ms)",
    "of these 429 (ms)",
    "Cost (claimed)",
    "Input tokens",
    "Output tokens",
    "Cache read",
    "Cache written",
    "Model",
    "Turns",
    "CPU time (s)",
    "Peak memory (MiB)",
    "Exit code",
    "Signal",
    "Challenge",
    "Artifact",
    "Missing fields"
  };

  private AttemptTable() {}

  static void write(Proof proof, HtmlWriter html) throws IOException {
    Section.open(proof, html, "Attempts");
    html.element(
        "p",
        "Columns in seconds are elapsed time on the monotonic clock since the start of the"
            + " attempt’s phase. ‘Started’ is the wall clock, ISO 8601 with zone. Session id,"
            + " API time, cost, tokens, model and turns are what the agent says of itself.",
        "class",
        "lead");
    int all = 0;
    for (Proof.Phase phase : proof.phases()) {
      int room = Math.max(0, SHOWN - all);
      all += phase.attempts().size();
      if (room > 0) {
        phase(proof, phase, room, html);
      }
    }
    Section.more(html, all, SHOWN, "attempts");
    html.close();
  }

  private static void phase(Proof proof, Proof.Phase phase, int room, HtmlWriter html)
      throws IOException {
    String name =
        proof.rounds() > 1 ? "Round " + phase.round() + ", " + phase.mode() : phase.mode();
    html.element("h3", name);
    Section.openTable(html, "Attempts: " + HtmlText.brief(name, 80), HEADINGS);
    for (Proof.Attempt attempt : phase.attempts().stream().limit(room).toList()) {
      row(attempt, html);
    }
    Section.closeTable(html);
  }

  private static void row(Proof.Attempt a, HtmlWriter html) throws IOException {
    html.open("tr");
    html.element("th", a.label() + (a.number() > 1 ? ", try " + a.number() : ""), "scope", "row");
    html.element("td", HtmlText.brief(a.title(), 200), "class", "prose");
    String glyph =
        switch (a.outcome()) {
          case SUCCEEDED -> "✓ ";
          case null -> "… ";
          default -> "✗ ";
        };
    html.element("td", glyph + a.standing(), "class", "finding " + finding(a.outcome()));
    html.element("td", a.reason(), "class", "prose");
    code(html, a.sessionId());
    Section.number(html, Long.toString(a.pid()));
    Proof.Credential credential = a.credential();
    Section.cell(html, credential == null ? null : credential.name());
    code(html, credential == null ? null : fingerprint(credential));
    times(a, html);
    claims(a, html);
    system(a, html);
    html.close();
  }

  private static String finding(@Nullable Outcome outcome) {
    return switch (outcome) {
      case SUCCEEDED -> "pass";
      case null -> "unknown";
      default -> "fail";
    };
  }

  private static void times(Proof.Attempt a, HtmlWriter html) throws IOException {
    Section.cell(html, HtmlNumbers.clock(a.startedAt()));
    Section.number(html, HtmlNumbers.seconds(a.scheduledSeconds()));
    Section.number(html, HtmlNumbers.seconds(a.spawnSeconds()));
    Section.number(html, HtmlNumbers.seconds(a.firstByteSeconds()));
    Section.number(html, HtmlNumbers.seconds(a.responseSeconds()));
    Section.number(html, HtmlNumbers.seconds(a.lastOutputSeconds()));
    Section.number(html, HtmlNumbers.seconds(a.exitSeconds()));
    Section.number(html, HtmlNumbers.seconds(a.verifiedSeconds()));
    Section.number(html, HtmlNumbers.seconds(a.durationSeconds()));
  }

  private static void claims(Proof.Attempt a, HtmlWriter html) throws IOException {
    Section.number(html, HtmlNumbers.count(a.apiDurationMs()));
    Section.number(html, HtmlNumbers.count(a.retryWaitMs()));
    Section.number(html, HtmlNumbers.count(a.rateLimitWaitMs()));
    Section.number(html, HtmlNumbers.dollars(a.costUsd()));
    CredentialTable.tokens(a.tokens(), html);
    code(html, a.model());
    Integer turns = a.turns();
    Section.number(html, turns == null ? null : turns.toString());
  }

  private static void system(Proof.Attempt a, HtmlWriter html) throws IOException {
    Section.number(html, HtmlNumbers.seconds(a.cpuSeconds()));
    Section.number(html, HtmlNumbers.mebibytes(a.peakMemoryBytes()));
    Integer exitCode = a.exitCode();
    Integer signal = a.signal();
    Section.number(html, exitCode != null ? exitCode.toString() : signal == null ? null : "none");
    Section.number(html, signal != null ? signal.toString() : exitCode == null ? null : "none");
    Boolean challenge = a.challengePassed();
    Section.cell(
        html, challenge == null ? null : challenge ? "✓ came back" : "✗ did not come back");
    Proof.Artifact artifact = a.artifact();
    html.open("td", "class", "prose");
    html.textOrMissing(artifact == null ? null : artifact(artifact)).close();
    html.element(
        "td", a.missing().isEmpty() ? "none" : String.join(", ", a.missing()), "class", "prose");
  }

  private static String artifact(Proof.Artifact artifact) {
    return (artifact.passed() ? "✓ " : "✗ ") + artifact.path() + ": " + artifact.detail();
  }

  private static @Nullable String fingerprint(Proof.Credential credential) {
    String given = credential.givenFingerprint();
    String assigned = credential.fingerprint();
    if (assigned == null) {
      return given == null ? null : "given " + given;
    }
    return credential.differs() ? assigned + ", given " + given : assigned;
  }

  private static void code(HtmlWriter html, @Nullable String text) throws IOException {
    html.open("td");
    if (text == null) {
      html.textOrMissing(null);
    } else {
      html.element("code", text);
    }
    html.close();
  }
}
