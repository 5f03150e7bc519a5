package dev.regatta.report;

import dev.regatta.experiment.Proof;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One figure per round; with several, each in a box that opens, the first one open. */
final class Rounds {

  /** Draws one round's figure. */
  interface Figure {
    void draw(int round, List<Proof.Phase> phases) throws IOException;
  }

  private Rounds() {}

  static void each(Proof proof, HtmlWriter html, Figure figure) throws IOException {
    TreeMap<Integer, List<Proof.Phase>> rounds =
        proof.phases().stream()
            .collect(Collectors.groupingBy(Proof.Phase::round, TreeMap::new, Collectors.toList()));
    if (rounds.isEmpty()) {
      html.element("p", "No phase was run.");
    }
    boolean first = true;
    for (Map.Entry<Integer, List<Proof.Phase>> round :
        rounds.entrySet().stream().limit(Section.DRAWN_ROUNDS).toList()) {
      if (rounds.size() == 1) {
        figure.draw(round.getKey(), round.getValue());
      } else {
        String[] state = first ? new String[] {"open", "open"} : new String[0];
        html.open("details", state).element("summary", "Round " + round.getKey());
        figure.draw(round.getKey(), round.getValue());
        html.close();
        first = false;
      }
    }
    Section.more(html, rounds.size(), Section.DRAWN_ROUNDS, "rounds");
  }
}
