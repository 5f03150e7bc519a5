package dev.regatta.evidence;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Transcript;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt says of itself, held against what others saw of it. docs/evidence.md says what
 * each level does and does not prove.
 *
 * @param level how much is corroborated
 * @param disagreements what is not; above the first level at most about prices
 */
public record Corroboration(Level level, List<Disagreement> disagreements) {
  /** An agent measures from within a busy process; this share and that much may lie between. */
  private static final double TIME_SHARE = 0.1;

  private static final long TIME_SLACK_MS = 500;

  /** A difference of costs that is worth saying. */
  private static final double COST_SHARE = 0.01;

  /** Copies. */
  public Corroboration {
    disagreements = List.copyOf(disagreements);
  }

  /** Holds them against each other. */
  public static Corroboration of(Testimony testimony) {
    List<Disagreement> found = new ArrayList<>();
    againstGateway(testimony, found);
    testimony.transcript().ifPresent(transcript -> againstTranscript(testimony, transcript, found));
    // Other prices are no lie: the agent's may be older than ours, or ours than the agent's.
    boolean contradicted = found.stream().anyMatch(each -> each.other() != Witness.PRICES);
    return new Corroboration(contradicted ? Level.CLAIMED : level(testimony), found);
  }

  private static Level level(Testimony testimony) {
    Claims claims = testimony.claims();
    boolean told = claims.sessionId() != null && Usage.of(claims).isPresent();
    if (told && testimony.witnessed() && !testimony.calls().isEmpty()) {
      return testimony.challengeSeen() ? Level.WITNESSED_AND_CHALLENGED : Level.WITNESSED;
    }
    boolean written =
        testimony.transcript().filter(transcript -> transcript.fault().isEmpty()).isPresent();
    return told && written && !testimony.witnessed()
        ? Level.TRANSCRIPT_CORROBORATED
        : Level.CLAIMED;
  }

  private static void againstGateway(Testimony testimony, List<Disagreement> found) {
    Optional<Usage> claimed = Usage.of(testimony.claims());
    if (!testimony.witnessed() || claimed.isEmpty()) {
      return;
    }
    List<Exchange> calls = testimony.calls();
    if (calls.isEmpty()) {
      if (!claimed.get().isNone()) {
        found.add(
            claimAgainst(
                "calls", claimed.get().output() + " output tokens", Witness.GATEWAY, "no call"));
      }
      return;
    }
    if (testimony.whole()) {
      Usage seen = Usage.sum(calls.stream().map(call -> Usage.of(message(call))).toList());
      compare("", Witness.AGENT, claimed.get(), Witness.GATEWAY, seen, found);
      atMost(testimony.claims(), seen, found);
      cost(testimony, found);
    }
    models(testimony.claims(), calls, found);
    challenge(testimony, found);
    apiTime(testimony, calls, found);
  }

  /** An agent that answers a challenge by itself, beside calls about something else. */
  private static void challenge(Testimony testimony, List<Disagreement> found) {
    boolean answered = testimony.challenge().equals(Optional.of(true));
    if (answered
        && testimony.calls().stream().allMatch(call -> Boolean.FALSE.equals(marked(call)))) {
      found.add(
          claimAgainst(
              "challenge",
              "the reordered marker in its answer",
              Witness.GATEWAY,
              "in no model's answer"));
    }
  }

  private static @Nullable Boolean marked(Exchange call) {
    return Objects.requireNonNull(call.answered()).holdsChallenge();
  }

  private static Disagreement claimAgainst(
      String about, String claimed, Witness other, String otherSays) {
    return new Disagreement(about, Witness.AGENT, claimed, other, otherSays);
  }

  /** One line for each kind of token that two witnesses count differently. */
  private static void compare(
      String of, Witness one, Usage first, Witness other, Usage second, List<Disagreement> found) {
    Map<String, Long> counted = second.counts();
    first
        .counts()
        .forEach((kind, count) -> {
          Long seen = Objects.requireNonNull(counted.get(kind));
          if (!seen.equals(count)) {
            found.add(new Disagreement(kind + of, one, "" + count, other, "" + seen));
          }
        });
  }

  /** What an agent says of itself without its sub-agents, which reports show too. */
  private static void atMost(Claims claims, Usage seen, List<Disagreement> found) {
    Map<String, Long> counted = seen.counts();
    Usage.withoutModels(claims)
        .counts()
        .forEach((kind, count) -> {
          long most = Objects.requireNonNull(counted.get(kind));
          boolean said = found.stream().anyMatch(each -> each.about().equals(kind));
          if (count > most && !said) {
            found.add(
                claimAgainst(kind + " in all", "" + count, Witness.GATEWAY, "at most " + most));
          }
        });
  }

  private static void models(Claims claims, List<Exchange> calls, List<Disagreement> found) {
    Set<String> claimed = new TreeSet<>();
    if (claims.models() != null && !claims.models().isEmpty()) {
      claims.models().keySet().forEach(name -> claimed.add(plain(name)));
    } else if (claims.model() != null) {
      claimed.add(plain(claims.model()));
    }
    Set<String> seen =
        calls.stream()
            .map(call -> message(call).model())
            .filter(Objects::nonNull)
            .map(Corroboration::plain)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!claimed.isEmpty() && !seen.isEmpty() && !claimed.equals(seen)) {
      found.add(
          claimAgainst(
              "models", String.join(", ", claimed), Witness.GATEWAY, String.join(", ", seen)));
    }
  }

  /** The CLI writes the size of the context behind a model's name, as in {@code x[1m]}. */
  private static String plain(String model) {
    int bracket = model.indexOf('[');
    return bracket > 0 ? model.substring(0, bracket) : model;
  }

  /** Worked out anew from what was seen; the agent's own prices may be old. */
  private static void cost(Testimony testimony, List<Disagreement> found) {
    Double claimed = testimony.claims().costUsd();
    Optional<PriceTable.Cost> worked = worked(testimony);
    if (claimed == null || worked.isEmpty()) {
      return;
    }
    PriceTable.Cost cost = worked.get();
    if (claimed < cost.least() * (1 - COST_SHARE) || claimed > cost.most() * (1 + COST_SHARE)) {
      String dollars =
          cost.most() - cost.least() < 0.000_001
              ? dollars(cost.least())
              : dollars(cost.least()) + " to " + dollars(cost.most());
      found.add(claimAgainst("cost", dollars(claimed), Witness.PRICES, dollars));
    }
  }

  /** What the calls that were seen cost; empty if one of their models has no price. */
  static Optional<PriceTable.Cost> worked(Testimony testimony) {
    return testimony
        .prices()
        .flatMap(
            table -> table.cost(testimony.calls().stream().map(Corroboration::message).toList()));
  }

  private static String dollars(double amount) {
    return String.format(Locale.ROOT, "$%.6f", amount);
  }

  private static void apiTime(Testimony testimony, List<Exchange> calls, List<Disagreement> found) {
    Long claimed = testimony.claims().apiDurationMs();
    if (claimed == null) {
      return;
    }
    long seen = testimony.apiTimeMs();
    double slack = TIME_SLACK_MS + TIME_SHARE * seen;
    if (claimed > seen + testimony.retryWaitMs() + slack || claimed < seen - slack) {
      found.add(
          claimAgainst(
              "API time",
              seconds(claimed),
              Witness.GATEWAY,
              seconds(seen) + " in " + calls.size() + " calls"));
    }
  }

  private static String seconds(long milliseconds) {
    return String.format(Locale.ROOT, "%.2f s", milliseconds / 1000.0);
  }

  private static void againstTranscript(
      Testimony testimony, Transcript transcript, List<Disagreement> found) {
    if (testimony.witnessed()) {
      eachMessage(testimony, transcript, found);
      return;
    }
    Usage written = Usage.sum(transcript.messages().stream().map(Usage::of).toList());
    Usage.of(testimony.claims())
        .ifPresent(
            claimed -> compare("", Witness.AGENT, claimed, Witness.TRANSCRIPT, written, found));
  }

  private static void eachMessage(
      Testimony testimony, Transcript transcript, List<Disagreement> found) {
    Map<String, Exchange> seen = new HashMap<>();
    testimony.calls().forEach(call -> seen.put(Objects.requireNonNull(message(call).id()), call));
    for (Transcript.Message written : transcript.messages()) {
      Exchange call = seen.remove(written.id());
      if (call == null) {
        found.add(
            new Disagreement(
                "message " + written.id(),
                Witness.TRANSCRIPT,
                "holds it",
                Witness.GATEWAY,
                "did not see it"));
      } else {
        message(written, call, found);
      }
    }
    seen.forEach((id, call) -> {
      // One that the API broke off itself is asked for again, and was never the agent's.
      if (call.ending() == Exchange.Ending.COMPLETE && message(call).stopReason() != null) {
        found.add(
            new Disagreement(
                "message " + id, Witness.TRANSCRIPT, "lacks it", Witness.GATEWAY, "saw it"));
      }
    });
  }

  private static void message(Transcript.Message written, Exchange call, List<Disagreement> found) {
    String request = Objects.requireNonNull(call.answered()).requestId();
    if (differ(written.requestId(), request)) {
      found.add(
          new Disagreement(
              "request id of " + written.id(),
              Witness.TRANSCRIPT,
              "" + written.requestId(),
              Witness.GATEWAY,
              "" + request));
    }
    if (call.ending() == Exchange.Ending.COMPLETE) {
      compare(
          " of " + written.id(),
          Witness.TRANSCRIPT,
          Usage.of(written),
          Witness.GATEWAY,
          Usage.of(message(call)),
          found);
    }
  }

  private static boolean differ(@Nullable String written, @Nullable String seen) {
    return written != null && seen != null && !written.equals(seen);
  }

  private static Exchange.Message message(Exchange call) {
    return Objects.requireNonNull(Objects.requireNonNull(call.answered()).message());
  }
}
