package dev.regatta.agent;

import dev.regatta.journal.Outcome;
import dev.regatta.process.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A plain command: run as it stands, judged by its exit code alone. */
public final class CommandAdapter implements Adapter {
  /** What it is called. */
  public static final String NAME = "command";

  private static final Reading BLIND = new BlindReading();

  private final Set<String> credentialVariables;
  private volatile @Nullable Base base;

  /** The inherited environment, and what is left of it. */
  private record Base(Map<String, String> inherited, Map<String, String> kept) {}

  /** Takes the usual credential variables out of the environment. */
  public CommandAdapter() {
    this(Set.of());
  }

  /**
   * Takes further variables out of the environment.
   *
   * @param credentialVariables the names under which this run's credentials were given
   */
  public CommandAdapter(Set<String> credentialVariables) {
    this.credentialVariables = Set.copyOf(credentialVariables);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Launch launch(Assignment assignment) {
    Map<String, String> environment = new HashMap<>(kept(assignment.inherited()));
    environment.putAll(assignment.mark());
    assignment.agentTools().ifPresent(given -> environment.putAll(given.variables()));
    Optional<String> variable =
        assignment.credential().map(credential -> credential.kind().variable());
    assignment
        .credential()
        .ifPresent(credential ->
            environment.put(credential.kind().variable(), credential.value().reveal()));
    return new Launch(
        assignment.command(),
        environment,
        assignment.input().map(text -> text.getBytes(StandardCharsets.UTF_8)),
        assignment.folder(),
        variable);
  }

  // A run starts 1,700 commands a second with the same environment: worked out once. A record's
  // copy of an immutable map is the map itself, so identity holds.
  @SuppressWarnings("ReferenceEquality")
  private Map<String, String> kept(Map<String, String> inherited) {
    Base known = base;
    if (known == null || known.inherited() != inherited) {
      known =
          new Base(
              inherited,
              Map.copyOf(Environments.withoutCredentials(inherited, credentialVariables)));
      base = known;
    }
    return known.kept();
  }

  @Override
  public Reading reading() {
    return BLIND;
  }

  @Override
  public boolean readsLines() {
    return false;
  }

  @Override
  public Optional<Duration> stagger(int cores) {
    return Optional.empty();
  }

  private static final class BlindReading implements Reading {
    @Override
    public List<Sign> line(Channel channel, String line, boolean cut, long nanos) {
      return List.of();
    }

    @Override
    public Conclusion conclude(Ending ending) {
      return Endings.stop(ending)
          .orElseGet(() ->
              new Endings.Judgement(
                  Endings.clean(ending) ? Outcome.SUCCEEDED : Outcome.AGENT_ERROR,
                  Endings.end(ending)))
          .conclusion();
    }
  }
}
