package dev.regatta.server;

import dev.regatta.journal.JournalTail;
import dev.regatta.process.KnownProcess;
import dev.regatta.process.Signal;
import dev.regatta.run.LiveRuns;
import dev.regatta.run.RunFolder;
import dev.regatta.store.RunRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Where runs are asked for, whichever way: by a path of HTTP or by a tool. */
final class RunDesk {
  private final CommandServer server;
  private final Runs runs;
  private final RunStarts starts;
  private final Semaphore readers;

  RunDesk(CommandServer server, Runs runs, RunStarts starts) {
    this.server = server;
    this.runs = runs;
    this.starts = starts;
    this.readers = new Semaphore(server.settings().limits().sessions());
  }

  /** A journal that is being read, in one of the places that there are for it; for one thread. */
  static final class Reading implements AutoCloseable {
    private final JournalTail tail;
    private final Semaphore places;
    private final Deque<JournalTail.Line> waiting = new ArrayDeque<>();

    private Reading(JournalTail tail, Semaphore places) {
      this.tail = tail;
      this.places = places;
    }

    /** The next line, or empty when there is none yet. */
    Optional<JournalTail.Line> next() throws IOException {
      if (waiting.isEmpty()) {
        waiting.addAll(tail.lines());
      }
      return Optional.ofNullable(waiting.poll());
    }

    @Override
    public void close() {
      places.release();
    }
  }

  Runs runs() {
    return runs;
  }

  /**
   * Starts a run.
   *
   * @return the run, as it is shown
   * @throws Refused if the request is faulty, or the run doesn't begin
   */
  ObjectNode start(JsonNode request) throws Refused, InterruptedException {
    if (server.isStopping()) {
      throw new Refused(503, "the server is stopping");
    }
    String id = starts.start(RunRequest.of(request));
    server.log().info("run " + id + " started");
    return runs.shown(runs.row(id));
  }

  /** INT to who carries it out, wherever that was started; asked again it is in more of a hurry. */
  ObjectNode cancel(RunRow row) throws Refused {
    Optional<LiveRuns.Living> living =
        runs.live().living().stream().filter(each -> each.run().equals(row.id())).findFirst();
    if (living.isEmpty() || !living.get().orchestrator().signal(Signal.INT)) {
      throw new Refused(409, "run " + row.id() + " does not run");
    }
    server.log().info("run " + row.id() + " was asked to stop");
    KnownProcess orchestrator = living.get().orchestrator();
    return Notices.object()
        .put("id", row.id())
        .put("pid", orchestrator.pid())
        .put("signal", Signal.INT.name());
  }

  /** Its report as JSON. */
  String report(RunRow row) throws Refused {
    Path folder = runs.folder(row).path();
    return runs.access().redact().apply(runs.access().report().apply(folder));
  }

  /**
   * Opens a run's journal.
   *
   * @throws Refused if nothing is left of it, or too many are being read
   */
  Reading journal(RunRow row) throws Refused {
    RunFolder folder = runs.folder(row);
    if (!readers.tryAcquire()) {
      throw new Refused(503, "too many read journals at once; close one");
    }
    return new Reading(new JournalTail(folder.journal()), readers);
  }
}
