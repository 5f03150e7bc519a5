package dev.regatta.store;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run in the index.
 *
 * @param id its id
 * @param kind the command: {@code prove}, {@code demo}, {@code run}
 * @param title what people see
 * @param folder where its journal lies
 * @param startedAt when it began
 * @param endedAt when it ended, or null
 * @param status {@code running}, {@code completed}, {@code interrupted}, {@code failed} or {@code
 *     lost}
 * @param rehearsal whether it was a rehearsal
 * @param tasks how many tasks it had, as far as known
 * @param succeeded how many of them did what they should
 * @param verdict what a proof came to, for example {@code confirmed}, or null
 * @param calls what its calls were, for example {@code rehearsal}, or null
 */
public record RunRow(
    String id,
    String kind,
    String title,
    Path folder,
    Instant startedAt,
    @Nullable Instant endedAt,
    String status,
    boolean rehearsal,
    int tasks,
    int succeeded,
    @Nullable String verdict,
    @Nullable String calls) {

  /** A run that has begun and of which no more is known. */
  public static RunRow running(
      String id, String kind, String title, Path folder, Instant startedAt, boolean rehearsal) {
    return new RunRow(
        id, kind, title, folder, startedAt, null, "running", rehearsal, 0, 0, null, null);
  }

  /** The same run, of which it is known that it has so many tasks. */
  public RunRow expecting(int knownTasks) {
    return new RunRow(
        id,
        kind,
        title,
        folder,
        startedAt,
        endedAt,
        status,
        rehearsal,
        knownTasks,
        succeeded,
        verdict,
        calls);
  }

  /** The same run when it has ended. */
  public RunRow ended(Instant when, String how, int allTasks, int goodTasks) {
    return new RunRow(
        id, kind, title, folder, startedAt, when, how, rehearsal, allTasks, goodTasks, verdict,
        calls);
  }
}
