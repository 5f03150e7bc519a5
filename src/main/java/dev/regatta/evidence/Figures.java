package dev.regatta.evidence;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Outcome;
import dev.regatta.journal.Transcript;
import java.util.List;
import java.util.Optional;

/**
 * What a proof measured, as the criteria look at it. All times are seconds.
 *
 * @param parallel N, how many were to run at once
 * @param progress how far the run got
 * @param commands whether the agents were plain commands, whose API calls nobody could see
 * @param rehearsal whether a rehearsal server answered
 * @param providerEndpoint whether agents were sent to the provider's own address
 * @param gateway what stood between the agents and the model API, if anything
 * @param prices what models cost, if costs are to be compared
 * @param phases the phases in order
 * @param clockDrift wall clock less monotonic clock between the run's origin and its end, if both
 *     were read
 * @param elapsed of the whole run on the monotonic clock
 */
public record Figures(
    int parallel,
    Progress progress,
    boolean commands,
    boolean rehearsal,
    boolean providerEndpoint,
    Optional<GatewayFigures> gateway,
    Optional<PriceTable> prices,
    List<PhaseFigures> phases,
    Optional<Double> clockDrift,
    double elapsed) {

  /** How far a run got. */
  public enum Progress {
    /** It goes on. */
    RUNNING,
    /** It went to its end, and every planned phase ended. */
    COMPLETE,
    /** It went no further, before each of its phases had begun. */
    PHASE_MISSING,
    /** It went no further, before each of its phases had ended. */
    PHASE_OPEN,
    /** Every planned phase ended; of the run itself nobody saw the end. */
    END_UNSEEN,
    /** Every planned phase ended, and then the run was stopped. */
    INTERRUPTED
  }

  /**
   * The gateway.
   *
   * @param ownAuthority whether it believes certificates of an authority that the user named
   * @param proxied whether it reached the model API through a proxy
   */
  public record GatewayFigures(boolean ownAuthority, boolean proxied) {}

  /** Copies. */
  public Figures {
    phases = List.copyOf(phases);
  }

  /**
   * One phase.
   *
   * @param name its name
   * @param isParallel whether its attempts were to run at once
   * @param whole whether every one of its tasks was carried out to an end of its own; of any other
   *     phase the times say only how long somebody watched
   * @param wall its length
   * @param longest its longest attempt
   * @param greatest the greatest number at once
   * @param average average number at once
   * @param shareAll share of its length with all N at once
   * @param wire how its calls overlapped
   * @param attempts its attempts
   */
  public record PhaseFigures(
      String name,
      boolean isParallel,
      boolean whole,
      double wall,
      double longest,
      int greatest,
      double average,
      double shareAll,
      WireFigures wire,
      List<AttemptFigures> attempts) {}

  /**
   * How the calls of a phase overlapped, as the gateway saw them.
   *
   * @param open the greatest number of calls that were open at once
   * @param average calls open on average over the phase's length: the parallelism of API time
   * @param mean length of a call
   */
  public record WireFigures(int open, double average, double mean) {
    /** Of a phase without a call. */
    public static final WireFigures NONE = new WireFigures(0, 0, 0);
  }

  /**
   * One attempt.
   *
   * @param name its name
   * @param outcome how it ended; empty while it runs
   * @param started whether there was a process
   * @param duration from spawn to exit
   * @param claims what the agent says
   * @param ordered whether its timing points come in their order
   * @param assigned fingerprint of the credential it was to have
   * @param given fingerprint of the one its process really had
   * @param challenge whether the challenge came back; empty when there was none
   * @param artifact whether its file was as it should be; empty when there was none
   * @param seen what others saw of its calls
   */
  public record AttemptFigures(
      String name,
      Optional<Outcome> outcome,
      boolean started,
      double duration,
      Claims claims,
      boolean ordered,
      Optional<String> assigned,
      Optional<String> given,
      Optional<Boolean> challenge,
      Optional<Boolean> artifact,
      Seen seen) {

    boolean is(Outcome word) {
      return outcome.equals(Optional.of(word));
    }

    /** Whether somebody saw its end. */
    boolean endSeen() {
      return outcome.isPresent() && !is(Outcome.LOST);
    }
  }

  /**
   * What others saw of an attempt's calls.
   *
   * @param placeholder fingerprint of what its process was to get in place of the credential, where
   *     a gateway puts that in
   * @param transcript what the agent wrote into its files
   * @param exchanges what the gateway saw
   * @param retryWaitMs what the agent says it waited before repeated calls
   */
  public record Seen(
      Optional<String> placeholder,
      Optional<Transcript> transcript,
      List<Exchange> exchanges,
      long retryWaitMs) {
    /** Nobody saw anything. */
    public static final Seen NOTHING = new Seen(Optional.empty(), Optional.empty(), List.of(), 0);

    /** Copies. */
    public Seen {
      exchanges = List.copyOf(exchanges);
    }
  }

  /** What there is about an attempt's calls. */
  public Testimony testimony(AttemptFigures attempt) {
    return new Testimony(
        attempt.claims(),
        attempt.seen().transcript(),
        gateway.isPresent(),
        attempt.seen().exchanges(),
        attempt.seen().retryWaitMs(),
        prices,
        attempt.challenge());
  }

  boolean running() {
    return progress == Progress.RUNNING;
  }

  /** All attempts of all phases. */
  List<AttemptFigures> attempts() {
    return phases.stream().flatMap(phase -> phase.attempts().stream()).toList();
  }

  List<PhaseFigures> parallelPhases() {
    return phases.stream().filter(PhaseFigures::isParallel).toList();
  }

  /** The first phase, of those that are asked for, whose times are no measure of anything. */
  Optional<PhaseFigures> cutShort(boolean parallelOnly) {
    return phases.stream()
        .filter(phase -> phase.isParallel() || !parallelOnly)
        .filter(phase -> !phase.whole())
        .findFirst();
  }

  double wall(boolean isParallel) {
    return phases.stream()
        .filter(phase -> phase.isParallel() == isParallel)
        .mapToDouble(PhaseFigures::wall)
        .sum();
  }

  boolean hasBothModes() {
    return phases.stream().anyMatch(PhaseFigures::isParallel)
        && phases.stream().anyMatch(phase -> !phase.isParallel());
  }
}
