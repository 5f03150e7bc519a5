package dev.regatta.report;

import dev.regatta.ensemble.Candidate;
import dev.regatta.ensemble.Choice;
import dev.regatta.ensemble.Criterion;
import dev.regatta.ensemble.Ensemble;
import dev.regatta.ensemble.EnsemblePlan;
import dev.regatta.ensemble.Judgement;
import dev.regatta.ensemble.Statistics;
import dev.regatta.ensemble.Tournament;
import dev.regatta.journal.Outcome;
import dev.regatta.run.Visible;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An ensemble as text, for a terminal or a file. */
public final class EnsembleText {
  private static final int LONGEST_TEXT = 500;
  private static final int LONGEST_CELL = 60;
  private static final String UNKNOWN = "-";

  private final Ensemble ensemble;
  private final Style style;
  private final StringBuilder out = new StringBuilder();

  private EnsembleText(Ensemble ensemble, Style style) {
    this.ensemble = ensemble;
    this.style = style;
  }

  /**
   * The report.
   *
   * @param colour whether words may be coloured, as for a terminal
   */
  public static String of(Ensemble ensemble, boolean colour) {
    EnsembleText text = new EnsembleText(ensemble, colour ? Style.ANSI : Style.PLAIN);
    text.write();
    return text.out.toString();
  }

  /** An answer for a terminal: its lines stay, what would act on the terminal is written out. */
  public static String visible(String answer) {
    StringBuilder lines = new StringBuilder();
    for (String line : answer.replace("\r\n", "\n").split("\n", -1)) {
      lines.append(lines.isEmpty() ? "" : "\n").append(Visible.of(line.replace("\t", "    ")));
    }
    return lines.toString();
  }

  private void write() {
    if (ensemble.rehearsal()) {
      line(
          style.warn("REHEARSAL: answered by a built-in model server on loopback, not by a model"));
      line("");
    }
    instances();
    checks();
    judge();
    choices();
    leftOut();
    answer();
    summary();
    notes();
    if (ensemble.rehearsal()) {
      line("");
      line(style.warn("REHEARSAL: nothing above is proof of real calls"));
    }
  }

  private void instances() {
    line(
        style.title(
            "Run "
                + Visible.line(ensemble.run(), 100)
                + ": "
                + Visible.line(ensemble.status(), 100)
                + ", "
                + ensemble.statistics().successful()
                + " of "
                + ensemble.statistics().total()
                + " instances gave an answer"));
    line("Prompt: " + Visible.line(ensemble.prompt(), LONGEST_TEXT));
    line("");
    Columns columns = new Columns("rllrlrrrrrl");
    columns.add(
        "#",
        "  agent",
        "  model",
        "  temp",
        "  credential",
        "  time",
        "  first",
        "  in",
        "  out",
        "  USD",
        "  outcome");
    ensemble.candidates().forEach(candidate -> columns.add(row(candidate)));
    columns.lines().forEach(this::line);
    for (Candidate candidate : ensemble.candidates()) {
      if (!candidate.eligible()) {
        line("Instance " + candidate.number() + ": " + why(candidate));
      }
    }
    if (ensemble.candidates().stream().anyMatch(it -> it.instance().temperature().isPresent())) {
      line(
          "No agent's program takes a temperature: what it stands for was said in words before the"
              + " prompt.");
    }
    if (ensemble.candidates().stream().anyMatch(Candidate::costFromPrices)) {
      line("A cost with * is worked out from tokens and list prices; the agent names none.");
    }
    times();
  }

  private static String[] row(Candidate candidate) {
    return new String[] {
      Integer.toString(candidate.number()),
      "  " + cell(candidate.instance().agent()),
      "  " + model(candidate),
      "  " + candidate.instance().temperature().map(EnsembleText::plain).orElse(UNKNOWN),
      "  " + credential(candidate),
      "  " + seconds(candidate.seconds()),
      "  " + seconds(candidate.firstOutputSeconds()),
      "  " + shown(candidate.inputTokens()),
      "  " + shown(candidate.outputTokens()),
      "  " + dollars(candidate.costUsd()) + (candidate.costFromPrices() ? "*" : ""),
      "  " + outcome(candidate),
    };
  }

  /** The model asked for, and the one that answered where it calls itself otherwise. */
  private static String model(Candidate candidate) {
    Optional<String> asked = candidate.instance().model();
    String answered = candidate.answeredBy();
    if (answered == null) {
      return cell(asked.orElse(UNKNOWN));
    }
    return asked.isEmpty() || asked.get().equals(answered)
        ? cell(answered)
        : cell(asked.get()) + " > " + cell(answered);
  }

  private static String credential(Candidate candidate) {
    return candidate.credential() == null
        ? UNKNOWN
        : cell(candidate.credential()) + " " + Objects.toString(candidate.fingerprint(), "");
  }

  private static String outcome(Candidate candidate) {
    Outcome outcome = candidate.outcome();
    if (outcome == null) {
      return candidate.attempts() == 0 ? "not tried" : "running";
    }
    String tries = candidate.attempts() > 1 ? " (" + candidate.attempts() + " attempts)" : "";
    return outcome.word()
        + (outcome == Outcome.SUCCEEDED && !candidate.eligible() ? ", no answer" : "")
        + tries;
  }

  private static String why(Candidate candidate) {
    return candidate.outcome() == Outcome.SUCCEEDED
        ? "it ended well and said nothing"
        : Visible.line(candidate.reason(), LONGEST_TEXT);
  }

  private void times() {
    Double wall = ensemble.wallSeconds();
    Double slowest = ensemble.slowestSeconds();
    if (wall != null && slowest != null && slowest > 0) {
      line(
          String.format(
              Locale.ROOT,
              "Wall time: %.2f s, %.3f times the slowest instance (%.2f s)",
              wall,
              wall / slowest,
              slowest));
    }
  }

  private void checks() {
    if (ensemble.candidates().stream().allMatch(candidate -> candidate.checks().isEmpty())) {
      return;
    }
    line("");
    line(style.title("Checks:"));
    Columns columns = new Columns("rlrll");
    for (Candidate candidate : ensemble.candidates()) {
      for (Candidate.Check check : candidate.checks()) {
        columns.add(
            Integer.toString(candidate.number()),
            "  " + (check.passed() ? "PASS" : check.outcome() == null ? "not run" : "FAIL"),
            "  " + seconds(check.seconds()),
            "  " + ending(check),
            "  " + Visible.line(check.command(), LONGEST_CELL));
      }
    }
    columns.lines().forEach(this::line);
  }

  private static String ending(Candidate.Check check) {
    if (check.outcome() == null) {
      return UNKNOWN;
    }
    return check.exitCode() == null ? check.outcome().word() : "exit " + check.exitCode();
  }

  private void judge() {
    List<Judgement> said = ensemble.judgements();
    if (said.isEmpty()) {
      return;
    }
    Tournament tournament = new Tournament(ensemble.candidates(), said);
    line("");
    line(style.title("Judge: " + Visible.line(Objects.toString(ensemble.judge(), ""), 100)));
    Columns columns = new Columns("lll");
    for (Tournament.Pair pair : tournament.pairs()) {
      columns.add(
          pair.one() + " and " + pair.other(),
          "  " + pair.winner().map(winner -> winner + " is better").orElse("tie"),
          "  " + standing(pair));
    }
    columns.lines().forEach(this::line);
    long whole = tournament.pairs().stream().filter(Tournament.Pair::whole).count();
    long same = tournament.pairs().stream().filter(Tournament.Pair::consistent).count();
    line(
        "Agreement: "
            + same
            + " of "
            + whole
            + " pairs with two verdicts were judged the same in both orders"
            + tournament
                .agreement()
                .map(share -> String.format(Locale.ROOT, " (%.0f %%)", share * 100))
                .orElse(""));
    said.stream()
        .filter(judgement -> !judgement.valid())
        .findFirst()
        .ifPresent(first ->
            line(
                said.stream().filter(judgement -> !judgement.valid()).count()
                    + " of "
                    + said.size()
                    + " verdicts are missing, the first because: "
                    + Visible.line(first.reason(), LONGEST_TEXT)));
    long cut = said.stream().filter(Judgement::cut).count();
    if (cut > 0) {
      line(cut + " of " + said.size() + " times an answer was too long to be shown whole");
    }
    line(
        "The judge's own cost, in no figure above: "
            + dollars(EnsembleJson.dollars(said))
            + " USD, "
            + shown(EnsembleJson.sum(said, Judgement::inputTokens))
            + " tokens in, "
            + shown(EnsembleJson.sum(said, Judgement::outputTokens))
            + " out");
  }

  private static String standing(Tournament.Pair pair) {
    if (!pair.whole()) {
      return "no two verdicts";
    }
    return pair.consistent() ? "in both orders" : "the order decided, so it counts for neither";
  }

  private void choices() {
    for (Choice choice : ensemble.choices()) {
      line("");
      line(style.title("Pick by " + choice.criterion() + ":"));
      Columns columns = new Columns("rl");
      for (Choice.Figure figure : choice.figures()) {
        boolean picked = choice.picked() != null && choice.picked() == figure.instance();
        columns.add(
            Integer.toString(figure.instance()),
            "  " + Visible.line(figure.shown(), LONGEST_CELL) + (picked ? "  <- picked" : ""));
      }
      columns.lines().forEach(this::line);
      String reason = Visible.line(choice.reason(), LONGEST_TEXT);
      line(choice.picked() == null ? style.bad("None: " + reason) : "Because " + reason);
    }
  }

  /** Where all are shown, what a reader may miss. */
  private void leftOut() {
    if (!ensemble.pick().equals(EnsemblePlan.ALL)) {
      return;
    }
    List<String> shown = ensemble.choices().stream().map(Choice::criterion).toList();
    List<String> missing =
        Criterion.WORDS.stream()
            .filter(word -> !shown.contains(word))
            .map(EnsembleText::leftOut)
            .toList();
    line("");
    if (!missing.isEmpty()) {
      line("Left out: " + String.join("; ", missing));
    }
    line(
        "No single answer is picked, so none is shown whole: name one criterion, or read them with"
            + " regatta show "
            + Visible.line(ensemble.run(), 100)
            + " --json");
  }

  private static String leftOut(String word) {
    return switch (word) {
      case "passes-most-checks" -> word + ", which needs --check";
      case "judge" -> word + ", which needs --judge-url and --judge-model, or --judge-agent";
      case "highest-model-temp" -> word + ", which needs --temperatures or --set";
      default -> word;
    };
  }

  private void answer() {
    ensemble
        .picked()
        .ifPresent(candidate -> {
          line("");
          line(style.title("Answer of instance " + candidate.number() + ":"));
          line(visible(candidate.text()));
        });
  }

  private void summary() {
    Statistics all = ensemble.statistics();
    line("");
    line(style.title("Summary:"));
    line(
        String.format(
            Locale.ROOT,
            "total_instances %d, successful_instances %d, failure_rate %.2f",
            all.total(),
            all.successful(),
            all.failureRate()));
    line(
        "average_execution_time "
            + seconds(all.averageTime())
            + ", fastest_time "
            + seconds(all.fastestTime())
            + ", slowest_time "
            + seconds(all.slowestTime())
            + ", average_output_length "
            + rounded(all.averageLength()));
    Statistics.TemperatureRange range = all.temperatures();
    if (range != null) {
      line(
          "temperature_range min "
              + plain(range.min())
              + ", max "
              + plain(range.max())
              + ", avg "
              + plain(Math.round(range.average() * 10_000) / 10_000.0));
    }
    Columns columns = new Columns("lrrrrr");
    columns.add(
        "model", "  count", "  successful", "  success_rate", "  avg_time", "  avg_output_length");
    for (Map.Entry<String, Statistics.ModelStatistics> model : all.models().entrySet()) {
      Statistics.ModelStatistics its = model.getValue();
      columns.add(
          cell(model.getKey()),
          "  " + its.count(),
          "  " + its.successful(),
          "  " + String.format(Locale.ROOT, "%.2f", its.successRate()),
          "  " + seconds(its.averageTime()),
          "  " + rounded(its.averageLength()));
    }
    columns.lines().forEach(this::line);
  }

  private void notes() {
    for (String note : ensemble.notes()) {
      line("Note: " + Visible.line(note, LONGEST_TEXT));
    }
    for (Candidate candidate : ensemble.candidates()) {
      candidate
          .folder()
          .filter(folder -> folder.kept() || folder.ref() != null)
          .ifPresent(folder ->
              line(
                  "Instance "
                      + candidate.number()
                      + ": "
                      + Visible.line(folder.reason(), LONGEST_TEXT)));
    }
  }

  private static String cell(String text) {
    return Visible.line(text, LONGEST_CELL);
  }

  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  private static String seconds(@Nullable Double value) {
    return value == null ? UNKNOWN : String.format(Locale.ROOT, "%.2f s", value);
  }

  private static String rounded(@Nullable Double value) {
    return value == null ? UNKNOWN : String.format(Locale.ROOT, "%.0f", value);
  }

  private static String shown(@Nullable Long value) {
    return value == null ? UNKNOWN : value.toString();
  }

  private static String dollars(@Nullable Double value) {
    return value == null ? UNKNOWN : String.format(Locale.ROOT, "%.4f", value);
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
