package dev.regatta.server;

import dev.regatta.journal.Event;
import dev.regatta.journal.JournalBroken;
import dev.regatta.journal.JournalReader;
import dev.regatta.run.LiveRuns;
import dev.regatta.run.RunFolder;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.RunRow;
import dev.regatta.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** The runs of a {@code .regatta} folder, by ids that can't lead anywhere else. */
final class Runs {
  // As RunOpening makes them, and whatever else is one plain name.
  private static final Pattern RUN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");
  private static final Pattern ATTEMPT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._~-]{0,299}");

  private final RunsAccess access;
  private final RegattaHome home;
  private final LiveRuns live;
  private final AttemptsRead attempts;

  Runs(RunsAccess access) {
    this.access = access;
    this.home = new RegattaHome(access.home());
    this.live = new LiveRuns(access.home());
    this.attempts = new AttemptsRead(access.redact());
  }

  RunsAccess access() {
    return access;
  }

  LiveRuns live() {
    return live;
  }

  /**
   * Some of them, the latest first.
   *
   * @param before only those that come after that one in the list
   */
  ObjectNode page(int most, Optional<String> before) throws Refused {
    List<RunRow> rows = all();
    int from = 0;
    if (before.isPresent()) {
      List<String> ids = rows.stream().map(RunRow::id).toList();
      from = ids.indexOf(before.get()) + 1;
      if (from == 0) {
        throw unknown(before.get());
      }
    }
    List<RunRow> page = rows.subList(from, Math.min(rows.size(), from + most));
    ObjectNode answer = Notices.object();
    page.forEach(row -> answer.withArray("runs").add(shown(row)));
    if (page.isEmpty()) {
      answer.putArray("runs");
    }
    answer.put("next", from + page.size() < rows.size() ? page.getLast().id() : null);
    return answer;
  }

  /** Those of the index, and before them those that are so new that it doesn't have them. */
  private List<RunRow> all() {
    List<RunRow> listed = access.rows().get();
    Set<String> ids = listed.stream().map(RunRow::id).collect(Collectors.toSet());
    List<RunRow> rows = new ArrayList<>();
    for (LiveRuns.Living each : live.living()) {
      if (!ids.contains(each.run())) {
        unlisted(each.run()).ifPresent(rows::add);
      }
    }
    rows.sort(Comparator.comparing(RunRow::startedAt).reversed());
    rows.addAll(listed);
    return rows;
  }

  /**
   * The run of that id, also one that is so new that the index doesn't have it.
   *
   * @throws Refused if there is none
   */
  RunRow row(String id) throws Refused {
    if (!RUN.matcher(id).matches()) {
      throw unknown(id);
    }
    return found(id).orElseThrow(() -> unknown(id));
  }

  /** Whether the index has that run, or it has begun its journal. */
  boolean knows(String id) {
    return found(id).isPresent();
  }

  private Optional<RunRow> found(String id) {
    return access.rows().get().stream()
        .filter(row -> row.id().equals(id))
        .findFirst()
        .or(() -> unlisted(id));
  }

  private Optional<RunRow> unlisted(String id) {
    RunFolder folder = RunFolder.of(home.runFolder(id));
    if (!Files.isRegularFile(folder.journal())) {
      return Optional.empty();
    }
    List<Event> events;
    try {
      events = JournalReader.read(folder.journal()).events();
    } catch (JournalBroken e) {
      return Optional.of(unreadable(id, folder, e));
    }
    if (events.isEmpty() || !(events.getFirst() instanceof Event.RunStarted start)) {
      return Optional.empty();
    }
    return Optional.of(
        RunRow.running(
            id,
            start.kind(),
            "",
            folder.path(),
            Instant.EPOCH.plusNanos(start.originEpochNanos()),
            start.rehearsal()));
  }

  /** It lives, which is all that is known of it; the others are listed all the same. */
  private static RunRow unreadable(String id, RunFolder folder, JournalBroken fault) {
    Instant changed;
    try {
      changed = Files.getLastModifiedTime(folder.journal()).toInstant();
    } catch (IOException e) {
      changed = Instant.EPOCH;
    }
    return RunRow.running(
        id, "unknown", String.valueOf(fault.getMessage()), folder.path(), changed, false);
  }

  /** A run that a process carried out since then, whether it is over or not. */
  Optional<String> startedBy(long pid, Instant since) {
    return access.rows().get().stream()
        .filter(row -> !row.startedAt().isBefore(since.minusSeconds(1)))
        .filter(row -> wroteIt(row, pid))
        .map(RunRow::id)
        .findFirst();
  }

  private static boolean wroteIt(RunRow row, long pid) {
    RunFolder folder = RunFolder.of(row.folder());
    if (!Files.isRegularFile(folder.journal())) {
      return false;
    }
    try {
      List<Event> events = JournalReader.read(folder.journal()).events();
      return !events.isEmpty()
          && events.getFirst() instanceof Event.RunStarted start
          && start.orchestratorPid() == pid;
    } catch (JournalBroken e) {
      return false; // another's: who wrote one just now can read it
    }
  }

  /** Why nothing of them can be known now. */
  Optional<String> problem() {
    try (Store opened = Store.open(home)) {
      return Optional.empty();
    } catch (Store.StoreProblem e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Refused unknown(String id) {
    return Refused.notFound("there is no run '" + Message.shown(id) + "'");
  }

  ObjectNode shown(RunRow row) {
    return Notices.object()
        .put("id", row.id())
        .put("kind", row.kind())
        .put("title", access.redact().apply(row.title()))
        .put("startedAt", row.startedAt().toString())
        .put("endedAt", row.endedAt() == null ? null : row.endedAt().toString())
        .put("status", row.status())
        .put("rehearsal", row.rehearsal())
        .put("tasks", row.tasks())
        .put("succeeded", row.succeeded())
        .put("parallel", row.verdict())
        .put("calls", row.calls());
  }

  /**
   * A run's attempts as they are now.
   *
   * @throws Refused if it has no journal, or that can't be read
   */
  Attempts attempts(RunRow row) throws Refused {
    RunFolder folder = folder(row);
    try {
      return attempts.of(folder.journal());
    } catch (JournalBroken e) {
      throw new Refused(500, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Where a run's files lie.
   *
   * @throws Refused if nothing is left of it
   */
  RunFolder folder(RunRow row) throws Refused {
    RunFolder folder = RunFolder.of(row.folder());
    if (!Files.isRegularFile(folder.journal())) {
      throw new Refused(410, "of run " + row.id() + " nothing is left: its folder is gone");
    }
    return folder;
  }

  /** Sees that this is an attempt's name, which is part of a file's. */
  static String attempt(String name) throws Refused {
    if (!ATTEMPT.matcher(name).matches()) {
      throw Refused.notFound("there is no attempt '" + Message.shown(name) + "'");
    }
    return name;
  }

  /** Whether somebody still carries it out, so that its journal may grow. */
  boolean living(RunRow row) {
    return live.has(row.id());
  }
}
