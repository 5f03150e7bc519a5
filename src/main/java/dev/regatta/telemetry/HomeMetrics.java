package dev.regatta.telemetry;

import dev.regatta.journal.Entry;
import dev.regatta.journal.JournalTail;
import dev.regatta.run.LiveRuns;
import dev.regatta.run.RunFolder;
import dev.regatta.telemetry.FollowedRun.CredentialState;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the runs of a {@code .regatta} folder do, whichever process carries them out, as metrics of
 * Prometheus. The journals of the runs that live, or that began since this was made, are read while
 * they grow, each line once; counted is what was written since. Others are never opened.
 */
public final class HomeMetrics {
  /** A folder that was changed just now may be changed again within the same tick of its time. */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  /** At every so manieth look the runs that have ended are looked at too. */
  private static final int SELDOM = 60;

  private final Path runs;
  private final LiveRuns live;
  private final InstantSource wall;
  private final Instant since;
  private final RunMetrics metrics;

  private final Set<String> seen = new HashSet<>();
  private final Map<String, Following> followed = new TreeMap<>();
  private Set<String> claimed = Set.of();
  private @Nullable FileTime listed;
  private long looks;

  /** A run and how far its journal was read. */
  private record Following(FollowedRun run, JournalTail tail) {}

  /**
   * Follows the runs of a folder from now on, when {@link #catchUp} is called.
   *
   * @param home the {@code .regatta} folder
   * @param registry where its metrics are
   * @param wall the wall clock
   * @throws UncheckedIOException if the folder can't be read
   */
  public HomeMetrics(Path home, PrometheusRegistry registry, InstantSource wall) {
    this.runs = home.resolve("runs");
    this.live = new LiveRuns(home);
    this.wall = wall;
    // What journals say of the time of their lines has milliseconds.
    this.since = Instant.ofEpochMilli(wall.millis());
    this.metrics = new RunMetrics(registry);
    names().ifPresent(seen::addAll);
    gauges(registry);
  }

  private void gauges(PrometheusRegistry registry) {
    gauge("regatta_attempts_running", "Attempts that run", registry, "agent", "rehearsal")
        .callback(
            told -> running().forEach((key, count) -> told.call(count, key.agent(), key.word())))
        .register(registry);
    gauge("regatta_tasks_waiting", "Tasks that no attempt was made of yet", registry, "rehearsal")
        .callback(told -> {
          told.call(waiting(false), "false");
          told.call(waiting(true), "true");
        })
        .register(registry);
    gauge("regatta_runs_running", "Runs that go on", registry, "rehearsal")
        .callback(told -> {
          told.call(going(false), "false");
          told.call(going(true), "true");
        })
        .register(registry);
    gauge(
            "regatta_credentials",
            "Credentials of the runs that go on, by state",
            registry,
            "provider",
            "state")
        .callback(told ->
            credentials().forEach((key, count) -> told.call(count, key.provider(), key.word())))
        .register(registry);
  }

  private static GaugeWithCallback.Builder gauge(
      String name, String help, PrometheusRegistry registry, String... labels) {
    return GaugeWithCallback.builder().name(name).help(help).labelNames(labels);
  }

  /**
   * Reads what was written since it was last called.
   *
   * @throws UncheckedIOException if the folder can't be listed
   */
  public synchronized void catchUp() {
    claimed = Set.copyOf(live.claimed());
    discover();
    looks++;
    followed.forEach((name, following) -> {
      // One that has ended is gone on with by somebody who claims it, or did so between two looks.
      if (claimed.contains(name) || !following.run().ended() || looks % SELDOM == 0) {
        read(following);
      }
    });
  }

  private void read(Following following) {
    try {
      List<Entry> entries = following.tail().next();
      while (!entries.isEmpty()) {
        entries.forEach(following.run()::take);
        entries = following.tail().next();
      }
    } catch (IOException e) {
      metrics.unreadable(); // the others are read all the same
    }
  }

  private void discover() {
    claimed.forEach(this::follow);
    names()
        .ifPresent(names -> {
          for (String name : names) {
            if (seen.add(name)) {
              follow(name);
            }
          }
          // Somebody deleted them: the server may be up for months, and nothing more comes of
          // those.
          seen.retainAll(names);
          followed.keySet().removeIf(name -> !names.contains(name) && !claimed.contains(name));
        });
  }

  /** How many runs it keeps something of. */
  synchronized int kept() {
    return Math.max(seen.size(), followed.size());
  }

  private void follow(String name) {
    followed.computeIfAbsent(
        name,
        run ->
            new Following(
                new FollowedRun(metrics, since),
                new JournalTail(runs.resolve(run).resolve(RunFolder.JOURNAL))));
  }

  /** The folders of all runs; empty if all is as it was when it was last looked at. */
  private Optional<Set<String>> names() {
    if (!Files.isDirectory(runs)) {
      return Optional.of(Set.of());
    }
    try {
      FileTime changed = Files.getLastModifiedTime(runs);
      if (changed.equals(listed)) {
        return Optional.empty();
      }
      Set<String> names;
      try (Stream<Path> folders = Files.list(runs)) {
        names =
            folders.map(folder -> String.valueOf(folder.getFileName())).collect(Collectors.toSet());
      }
      listed = changed.toInstant().plus(SETTLED).isBefore(wall.instant()) ? changed : null;
      return Optional.of(names);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Stream<FollowedRun> goingOn() {
    return claimed.stream()
        .flatMap(name -> Stream.ofNullable(followed.get(name)))
        .map(Following::run)
        .filter(FollowedRun::goesOn);
  }

  /** The labels of a number of attempts. */
  private record Running(String agent, boolean rehearsal) {
    String word() {
      return RunMetrics.word(rehearsal);
    }
  }

  private synchronized Map<Running, Long> running() {
    Map<Running, Long> counts = new HashMap<>();
    goingOn()
        .forEach(run ->
            run.running()
                .forEach(agent ->
                    counts.merge(
                        new Running(metrics.agents().of(agent), run.rehearsal()), 1L, Long::sum)));
    return counts;
  }

  private synchronized long waiting(boolean rehearsal) {
    return goingOn()
        .filter(run -> run.rehearsal() == rehearsal)
        .mapToLong(FollowedRun::waiting)
        .sum();
  }

  private synchronized long going(boolean rehearsal) {
    return goingOn().filter(run -> run.rehearsal() == rehearsal).count();
  }

  /** The labels of a number of credentials. */
  private record Credentials(String provider, CredentialState state) {
    String word() {
      return state.name().toLowerCase(Locale.ROOT);
    }
  }

  private static CredentialState worse(CredentialState one, CredentialState other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** One that several runs have counts once, as the worst that any of them knows of it. */
  private synchronized Map<Credentials, Long> credentials() {
    Map<String, CredentialState> worst = new HashMap<>();
    goingOn()
        .forEach(run ->
            run.credentials(wall.instant())
                .forEach((name, state) -> worst.merge(name, state, HomeMetrics::worse)));
    return worst.entrySet().stream()
        .map(each -> new Credentials(FollowedRun.provider(each.getKey()), each.getValue()))
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }
}
