package dev.regatta.evidence;

import dev.regatta.evidence.Figures.AttemptFigures;
import dev.regatta.evidence.Figures.PhaseFigures;
import dev.regatta.evidence.Figures.Progress;
import dev.regatta.journal.Claims;
import dev.regatta.journal.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Figures of a proof in which all went well, to be spoilt in one place by each test. */
final class Measured {
  /** Three sequential attempts of 4 s, then the same at once: 12 s against 4.1 s. */
  static final Figures GOOD = figures(3, 12.0, 4.1, 3);

  private Measured() {}

  static Figures figures(int wanted, double sequentialWall, double parallelWall, int greatest) {
    return new Figures(
        wanted,
        Progress.COMPLETE,
        false,
        false,
        true,
        Optional.empty(),
        Optional.empty(),
        List.of(
            phase("r1-sequential", false, sequentialWall, 1, attempts("r1-sequential", wanted)),
            phase("r1-parallel", true, parallelWall, greatest, attempts("r1-parallel", wanted))),
        Optional.of(0.001),
        sequentialWall + parallelWall);
  }

  static PhaseFigures phase(
      String name, boolean parallel, double wall, int greatest, List<AttemptFigures> attempts) {
    return new PhaseFigures(
        name, parallel, true, wall, 4.0, greatest, 2.5, 0.75, Figures.WireFigures.NONE, attempts);
  }

  static List<AttemptFigures> attempts(String phase, int count) {
    List<AttemptFigures> attempts = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      attempts.add(attempt(phase + "-" + i, "print-" + i));
    }
    return attempts;
  }

  static AttemptFigures attempt(String name, String fingerprint) {
    return new AttemptFigures(
        name,
        Optional.of(Outcome.SUCCEEDED),
        true,
        4.0,
        claims("session-of-" + name, 3500L),
        true,
        Optional.of(fingerprint),
        Optional.of(fingerprint),
        Optional.of(true),
        Optional.of(true),
        Figures.Seen.NOTHING);
  }

  static Claims claims(String session, Long apiMs) {
    return new Claims(
        session,
        3900L,
        apiMs,
        0.01,
        10L,
        20L,
        0L,
        0L,
        "model",
        1,
        "answer",
        false,
        "success",
        null,
        "completed",
        0,
        "2.1.197",
        null);
  }

  /** The same with the n-th attempt of all, from 0, changed. */
  static Figures with(Figures figures, int which, UnaryOperator<AttemptFigures> change) {
    List<PhaseFigures> phases = new ArrayList<>();
    int at = 0;
    for (PhaseFigures phase : figures.phases()) {
      List<AttemptFigures> attempts = new ArrayList<>();
      for (AttemptFigures attempt : phase.attempts()) {
        attempts.add(at++ == which ? change.apply(attempt) : attempt);
      }
      phases.add(withAttempts(phase, attempts));
    }
    return withPhases(figures, phases);
  }

  static Figures withEach(Figures figures, UnaryOperator<AttemptFigures> change) {
    Figures changed = figures;
    for (int i = 0; i < figures.attempts().size(); i++) {
      changed = with(changed, i, change);
    }
    return changed;
  }

  static PhaseFigures withAttempts(PhaseFigures phase, List<AttemptFigures> attempts) {
    return Changed.of(phase, "attempts", attempts);
  }

  static Figures withPhases(Figures figures, List<PhaseFigures> phases) {
    return Changed.of(figures, "phases", phases);
  }

  static Figures withDrift(Figures figures, Optional<Double> drift) {
    return Changed.of(figures, "clockDrift", drift);
  }

  static Figures to(Figures figures, boolean complete, boolean rehearsal, boolean provider) {
    Figures changed =
        Changed.of(figures, "progress", complete ? Progress.COMPLETE : Progress.PHASE_MISSING);
    changed = Changed.of(changed, "rehearsal", rehearsal);
    return Changed.of(changed, "providerEndpoint", provider);
  }

  /** The same of plain commands, which claim nothing. */
  static Figures commands(Figures figures) {
    return Changed.of(withEach(figures, claiming(Claims.NONE)), "commands", true);
  }

  /** The same of a run that goes on, with these attempts, from 0, still running. */
  static Figures running(Figures figures, int... attempts) {
    Figures changed = Changed.of(figures, "progress", Progress.RUNNING);
    changed = withDrift(changed, Optional.empty());
    for (int which : attempts) {
      changed =
          with(
              changed,
              which,
              at -> Changed.of(claiming(Claims.NONE).apply(at), "outcome", Optional.empty()));
    }
    return changed;
  }

  static UnaryOperator<AttemptFigures> ending(Outcome outcome) {
    return at -> Changed.of(at, "outcome", Optional.of(outcome));
  }

  static UnaryOperator<AttemptFigures> neverStarted() {
    return at -> {
      AttemptFigures changed = ending(Outcome.SPAWN_FAILED).apply(at);
      changed = lasting(0).apply(Changed.of(changed, "started", false));
      return given(Optional.empty()).apply(claiming(Claims.NONE).apply(changed));
    };
  }

  static UnaryOperator<AttemptFigures> lasting(double seconds) {
    return at -> Changed.of(at, "duration", seconds);
  }

  static UnaryOperator<AttemptFigures> claiming(Claims claims) {
    return at -> Changed.of(at, "claims", claims);
  }

  static UnaryOperator<AttemptFigures> given(Optional<String> fingerprint) {
    return at -> Changed.of(at, "given", fingerprint);
  }

  static UnaryOperator<AttemptFigures> assigned(Optional<String> fingerprint) {
    return at -> given(fingerprint).apply(Changed.of(at, "assigned", fingerprint));
  }

  static UnaryOperator<AttemptFigures> checked(
      Optional<Boolean> challenge, Optional<Boolean> artifact) {
    return at -> Changed.of(Changed.of(at, "challenge", challenge), "artifact", artifact);
  }

  static UnaryOperator<AttemptFigures> disordered() {
    return at -> Changed.of(at, "ordered", false);
  }
}
