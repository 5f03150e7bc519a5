package dev.regatta.report;

import dev.regatta.experiment.Proof;
import java.io.IOException;

/** What the agents answered, word for word but bounded and made visible. */
final class Answers {
  private Answers() {}

  static void write(Proof proof, HtmlWriter html) throws IOException {
    Section.open(proof, html, "Answers");
    int all = 0;
    for (Proof.Phase phase : proof.phases()) {
      for (Proof.Attempt attempt : phase.attempts()) {
        if (all++ < Section.DRAWN_ATTEMPTS) {
          answer(phase, attempt, html);
        }
      }
    }
    Section.more(html, all, Section.DRAWN_ATTEMPTS, "answers");
    html.close();
  }

  private static void answer(Proof.Phase phase, Proof.Attempt attempt, HtmlWriter html)
      throws IOException {
    html.open("details");
    html.element(
        "summary",
        phase.name() + " · " + attempt.label() + " · " + HtmlText.brief(attempt.title(), 80));
    String result = attempt.result();
    if (result == null) {
      html.open("p").textOrMissing(null).close();
    } else {
      html.element("pre", result);
    }
    html.close();
  }
}
