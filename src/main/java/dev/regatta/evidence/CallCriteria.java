package dev.regatta.evidence;

import dev.regatta.evidence.Criterion.Status;
import dev.regatta.evidence.Figures.AttemptFigures;
import dev.regatta.evidence.Figures.PhaseFigures;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Outcome;
import dev.regatta.provider.Provider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What is checked of the calls, where a gateway or the agents' own files tell of them. */
final class CallCriteria {
  static final String WITNESSED = "calls-witnessed";
  static final String AGREE = "witnesses-agree";
  static final String REQUEST_IDS = "request-ids-unique";
  static final String PROVIDER = "calls-to-provider";
  private static final String OVERLAP = "exchanges-overlap";

  /** Calls that a server carries out one after another are at least this share of that longer. */
  private static final double QUEUED_SHARE = 0.8;

  private CallCriteria() {}

  static List<Criterion> of(Figures figures) {
    return of(figures, CallCriteria::exchangesOverlap);
  }

  /** Those of a tree of agents. */
  static List<Criterion> ofTree(Figures figures) {
    return of(figures, CallCriteria::severalOpen);
  }

  private static List<Criterion> of(Figures figures, Function<Figures, Criterion> overlap) {
    List<Criterion> criteria = new ArrayList<>();
    boolean witnessed = figures.gateway().isPresent();
    boolean written =
        figures.attempts().stream().anyMatch(attempt -> attempt.seen().transcript().isPresent());
    if (witnessed) {
      criteria.add(callsWitnessed(figures));
    }
    if (witnessed || written) {
      criteria.add(witnessesAgree(figures, written));
    }
    if (witnessed) {
      criteria.add(requestIdsUnique(figures));
      criteria.add(overlap.apply(figures));
      if (figures.providerEndpoint()) {
        criteria.add(callsToProvider(figures));
      }
      figures.prices().ifPresent(prices -> criteria.add(costsAgree(figures, prices)));
    }
    return criteria;
  }

  private static Criterion callsWitnessed(Figures figures) {
    String title = "the gateway saw calls of every attempt";
    List<AttemptFigures> attempts = figures.attempts();
    List<String> without =
        attempts.stream()
            .filter(attempt -> attempt.is(Outcome.SUCCEEDED))
            .filter(attempt -> figures.testimony(attempt).calls().isEmpty())
            .map(AttemptFigures::name)
            .toList();
    if (!without.isEmpty()) {
      return new Criterion(WITNESSED, Status.FAIL, title, "no call of " + Criteria.some(without));
    }
    List<String> silent =
        attempts.stream()
            .filter(attempt -> figures.testimony(attempt).calls().isEmpty())
            .map(AttemptFigures::name)
            .toList();
    if (attempts.isEmpty() || !silent.isEmpty()) {
      return new Criterion(
          WITNESSED,
          Status.UNKNOWN,
          title,
          attempts.isEmpty()
              ? "there was no attempt"
              : "none of " + Criteria.some(silent) + ", which did not succeed");
    }
    return new Criterion(
        WITNESSED,
        Status.PASS,
        title,
        calls(figures).size() + " calls of " + attempts.size() + " attempts");
  }

  private static List<Exchange> calls(Figures figures) {
    return figures.attempts().stream()
        .flatMap(attempt -> figures.testimony(attempt).calls().stream())
        .toList();
  }

  private static Criterion witnessesAgree(Figures figures, boolean written) {
    String title =
        figures.gateway().isEmpty()
            ? "agents and their transcripts agree"
            : written ? "agents, transcripts and gateway agree" : "agents and gateway agree";
    List<String> against = against(figures, each -> each.other() != Witness.PRICES);
    List<String> cut =
        figures.attempts().stream()
            .filter(attempt -> !figures.testimony(attempt).whole())
            .map(AttemptFigures::name)
            .toList();
    if (against.isEmpty() && !cut.isEmpty()) {
      return new Criterion(
          AGREE,
          Status.UNKNOWN,
          title,
          "a call broke off, so that tokens could not be compared, in " + Criteria.some(cut));
    }
    boolean some =
        figures.attempts().stream()
            .anyMatch(attempt ->
                !attempt.seen().exchanges().isEmpty() || attempt.seen().transcript().isPresent());
    if (against.isEmpty() && !some) {
      return new Criterion(AGREE, Status.UNKNOWN, title, "nothing was seen of any attempt");
    }
    return Criteria.verdict(
        AGREE,
        against.isEmpty(),
        title,
        against.isEmpty() ? agreed(figures) : Criteria.some(against));
  }

  private static String agreed(Figures figures) {
    if (figures.gateway().isEmpty()) {
      return "on tokens, which is all that both hold";
    }
    boolean timed =
        figures.attempts().stream().allMatch(attempt -> attempt.claims().apiDurationMs() != null);
    return timed
        ? "on calls, ids, models, tokens and API time"
        : "on calls, ids and tokens; not every agent tells models and API time";
  }

  private static List<String> against(Figures figures, Predicate<Disagreement> which) {
    return figures.attempts().stream()
        .flatMap(attempt ->
            Corroboration.of(figures.testimony(attempt)).disagreements().stream()
                .filter(which)
                .map(each -> attempt.name() + " " + each.told()))
        .toList();
  }

  private static Criterion requestIdsUnique(Figures figures) {
    String title = "every call has a request id of its own";
    Set<String> ids = new HashSet<>();
    List<String> twice = new ArrayList<>();
    int missing = 0;
    List<Exchange> calls = calls(figures);
    for (Exchange call : calls) {
      String id = Objects.requireNonNull(call.answered()).requestId();
      if (id == null) {
        missing++;
      } else if (!ids.add(id)) {
        twice.add(id);
      }
    }
    if (!twice.isEmpty()) {
      return new Criterion(
          REQUEST_IDS, Status.FAIL, title, "more than once: " + Criteria.some(twice));
    }
    if (calls.isEmpty() || missing > 0) {
      return new Criterion(
          REQUEST_IDS,
          Status.UNKNOWN,
          title,
          calls.isEmpty()
              ? "no call was seen"
              : missing + " of " + calls.size() + " calls have none");
    }
    return new Criterion(
        REQUEST_IDS, Status.PASS, title, calls.size() + " calls, " + ids.size() + " ids");
  }

  /**
   * Calls that wait for each other are open one at a time; or, where a server makes them wait, open
   * together but on average (N + 1) / 2 times as long as alone.
   */
  private static Criterion exchangesOverlap(Figures figures) {
    String title = "the calls overlap on the wire";
    String id = OVERLAP;
    Optional<PhaseFigures> worst =
        figures.parallelPhases().stream()
            .min(Comparator.comparingInt(phase -> phase.wire().open()));
    if (worst.isEmpty() || worst.get().wire().open() == 0) {
      return new Criterion(id, Status.UNKNOWN, title, "no call was seen in a parallel phase");
    }
    Optional<PhaseFigures> cutShort = figures.cutShort(true);
    if (cutShort.isPresent()) {
      return Criteria.cutShort(id, title, cutShort.get());
    }
    PhaseFigures phase = worst.get();
    double longer = meanOf(figures, true) / meanOf(figures, false);
    String seen =
        String.format(
            Locale.ROOT,
            "at most %d open at once, %.2f on average, while %d processes ran at once%s",
            phase.wire().open(),
            phase.wire().average(),
            phase.greatest(),
            Double.isFinite(longer)
                ? String.format(Locale.ROOT, "; %.2f times as long as one at a time", longer)
                : "");
    boolean one = phase.greatest() > 1 && phase.wire().open() <= 1;
    boolean queued =
        phase.greatest() > 1 && longer >= QUEUED_SHARE * (figures.parallel() + 1) / 2.0;
    return Criteria.verdict(
        id,
        !one && !queued,
        title,
        one || queued ? seen + ": the processes overlap, but their calls queue" : seen);
  }

  /**
   * All that can be told of a tree, which has no sequential phase: nobody knows how long its calls
   * would be alone, and so whether a server makes them wait for each other.
   */
  private static Criterion severalOpen(Figures figures) {
    String title = "more than one call was open at once";
    Optional<PhaseFigures> tree = figures.parallelPhases().stream().findFirst();
    if (tree.isEmpty() || tree.get().wire().open() == 0) {
      return new Criterion(OVERLAP, Status.UNKNOWN, title, "no call was seen in the tree");
    }
    Optional<PhaseFigures> cutShort = figures.cutShort(true);
    if (cutShort.isPresent()) {
      return Criteria.cutShort(OVERLAP, title, cutShort.get());
    }
    PhaseFigures phase = tree.get();
    String seen =
        String.format(
            Locale.ROOT,
            "at most %d, %.2f on average, while %d processes ran at once",
            phase.wire().open(),
            phase.wire().average(),
            phase.greatest());
    if (phase.greatest() <= 1) {
      return new Criterion(OVERLAP, Status.UNKNOWN, title, seen);
    }
    boolean several = phase.wire().open() > 1;
    return Criteria.verdict(
        OVERLAP,
        several,
        title,
        several ? seen : seen + ": the processes overlap, but not their calls");
  }

  private static double meanOf(Figures figures, boolean isParallel) {
    return figures.phases().stream()
        .filter(phase -> phase.isParallel() == isParallel && phase.wire().mean() > 0)
        .mapToDouble(phase -> phase.wire().mean())
        .average()
        .orElse(Double.NaN);
  }

  private static Criterion callsToProvider(Figures figures) {
    String title = "every call went to the provider over TLS";
    List<Exchange> calls = calls(figures);
    List<String> elsewhere =
        calls.stream()
            .filter(call -> !toProvider(call))
            .map(call -> "call " + call.number() + " of " + call.attempt())
            .toList();
    if (calls.isEmpty()) {
      return new Criterion(PROVIDER, Status.UNKNOWN, title, "no call was seen");
    }
    return Criteria.verdict(
        PROVIDER,
        elsewhere.isEmpty(),
        title,
        elsewhere.isEmpty()
            ? calls.size() + " calls to " + hosts(calls)
            : "not " + Criteria.some(elsewhere));
  }

  private static String hosts(List<Exchange> calls) {
    return calls.stream()
        .map(call -> Objects.requireNonNull(call.upstream()).host())
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static boolean toProvider(Exchange call) {
    Exchange.Upstream upstream = call.upstream();
    return upstream != null
        && Provider.answering(call.asked().path())
            .filter(provider -> upstream.host().equalsIgnoreCase(provider.host()))
            .isPresent()
        && upstream.tls() != null
        && upstream.certificate() != null;
  }

  private static Criterion costsAgree(Figures figures, PriceTable prices) {
    String title = "costs are as the prices of " + prices.dated() + " say, within 1 %";
    List<String> against = against(figures, each -> each.other() == Witness.PRICES);
    int unknown = 0;
    int known = 0;
    for (AttemptFigures attempt : figures.attempts()) {
      Testimony testimony = figures.testimony(attempt);
      if (testimony.calls().isEmpty() || attempt.claims().costUsd() == null) {
        continue;
      }
      if (!testimony.whole() || Corroboration.worked(testimony).isEmpty()) {
        unknown++;
        continue;
      }
      known++;
    }
    if (!against.isEmpty()) {
      return new Criterion("costs-agree", Status.FAIL, title, Criteria.some(against));
    }
    return known == 0 || unknown > 0
        ? new Criterion(
            "costs-agree",
            Status.UNKNOWN,
            title,
            known + unknown == 0
                ? "no call with a cost was seen"
                : unknown + " attempts used a model without a price, or broke off")
        : new Criterion("costs-agree", Status.PASS, title, known + " of " + known);
  }
}
