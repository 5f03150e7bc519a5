package dev.regatta.server;

import dev.regatta.process.KnownProcess;
import dev.regatta.process.Signal;
import dev.regatta.run.LiveRuns;
import dev.regatta.run.RunFolder;
import dev.regatta.store.RunRow;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;

/** Runs over HTTP: to look at, to follow, to start and to stop. */
final class RunRoutes {
  static final String RUNS = "/api/v1/runs";

  private static final String RUN = RUNS + "/{run}";
  private static final String ATTEMPT = RUN + "/attempts/{attempt}";
  private static final int USUAL_PAGE = 50;
  private static final int LARGEST_PAGE = 1_000;
  private static final int LARGEST_REQUEST = 4 << 20;
  private static final int CHUNK = 64 * 1024;

  /** A journal grows without telling us. */
  private static final long LOOK_MILLIS = 50;

  private final CommandServer server;
  private final Runs runs;
  private final RunStarts starts;
  private final Semaphore followers;

  RunRoutes(CommandServer server, Runs runs, RunStarts starts) {
    this.server = server;
    this.runs = runs;
    this.starts = starts;
    this.followers = new Semaphore(server.settings().limits().sessions());
  }

  List<Route> routes() {
    return List.of(
        Route.get(RUNS, this::list),
        Route.post(RUNS, this::start),
        Route.get(RUN, visit -> visit.json(200, runs.shown(row(visit)))),
        Route.get(RUN + "/attempts", visit -> visit.json(200, attempts(visit).all())),
        Route.get(
            ATTEMPT, visit -> visit.json(200, attempts(visit).one(visit.parameter("attempt")))),
        Route.get(ATTEMPT + "/output", this::output),
        Route.get(RUN + "/report", this::report),
        Route.get(RUN + "/journal", this::journal),
        Route.post(RUN + "/cancel", this::cancel));
  }

  private RunRow row(Visit visit) throws Refused {
    return runs.row(visit.parameter("run"));
  }

  private Attempts attempts(Visit visit) throws Refused {
    return new Attempts(
        runs.journal(row(visit)).stream().map(entry -> entry.event()).toList(),
        runs.access().redact());
  }

  private void list(Visit visit) throws Refused, IOException {
    int most = (int) visit.query("limit", 1, LARGEST_PAGE, USUAL_PAGE);
    visit.json(200, runs.page(most, visit.query("before")));
  }

  private void start(Visit visit) throws Refused, IOException, InterruptedException {
    if (server.isStopping()) {
      throw new Refused(503, "the server is stopping");
    }
    String id = starts.start(RunRequest.of(visit.body(LARGEST_REQUEST)));
    server.log().info("run " + id + " started");
    visit.set("Location", RUNS + "/" + id);
    visit.json(201, runs.shown(runs.row(id)));
  }

  /** INT to who carries it out, wherever that was started; asked again it is in more of a hurry. */
  private void cancel(Visit visit) throws Refused, IOException {
    RunRow row = row(visit);
    Optional<LiveRuns.Living> living =
        runs.live().living().stream().filter(each -> each.run().equals(row.id())).findFirst();
    if (living.isEmpty() || !living.get().orchestrator().signal(Signal.INT)) {
      throw new Refused(409, "run " + row.id() + " does not run");
    }
    server.log().info("run " + row.id() + " was asked to stop");
    KnownProcess orchestrator = living.get().orchestrator();
    visit.json(
        202,
        Notices.object()
            .put("id", row.id())
            .put("pid", orchestrator.pid())
            .put("signal", Signal.INT.name()));
  }

  private void report(Visit visit) throws Refused, IOException {
    Path folder = runs.folder(row(visit)).path();
    RunsAccess access = runs.access();
    visit.text(200, Visit.JSON, access.redact().apply(access.report().apply(folder)));
  }

  private void output(Visit visit) throws Refused, IOException {
    RunFolder folder = runs.folder(row(visit));
    String attempt = Runs.attempt(visit.parameter("attempt"));
    attempts(visit).one(attempt);
    String stream = visit.query("stream").orElse("stdout");
    Path file =
        switch (stream) {
          case "stdout" -> folder.output(attempt);
          case "stderr" -> folder.error(attempt);
          default -> throw new Refused(400, "stream must be stdout or stderr");
        };
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      visit.text(200, "text/plain; charset=utf-8", ""); // it printed nothing
      return;
    }
    copy(visit, file);
  }

  /** As it is: a browser is told that it is text, and must not guess otherwise. */
  private static void copy(Visit visit, Path file) throws Refused, IOException {
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      visit.set("Accept-Ranges", "bytes");
      FileRange range = range(visit, channel.size());
      visit.set("Content-Length", Long.toString(range.length()));
      if (range.part()) {
        visit.set("Content-Range", range.contentRange());
      }
      OutputStream out = visit.stream(range.part() ? 206 : 200, "text/plain; charset=utf-8");
      if (visit.headOnly()) {
        return;
      }
      channel.position(range.from());
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
      long left = range.length();
      while (left > 0) {
        chunk.clear().limit((int) Math.min(CHUNK, left));
        int count = channel.read(chunk);
        if (count <= 0) {
          throw new IOException("the file became shorter");
        }
        out.write(chunk.array(), 0, count);
        left -= count;
      }
      out.flush();
    }
  }

  private static FileRange range(Visit visit, long whole) throws Refused {
    Optional<FileRange> range = FileRange.of(visit.header("Range"), whole);
    if (range.isEmpty()) {
      visit.set("Content-Range", "bytes */" + whole); // RFC 9110, 14.4
      throw new Refused(416, "there are " + whole + " bytes, and none of them is in that range");
    }
    return range.get();
  }

  private void journal(Visit visit) throws Refused, IOException, InterruptedException {
    RunRow row = row(visit);
    RunFolder folder = runs.folder(row);
    boolean events = visit.header("Accept").orElse("").contains(EventStream.TYPE);
    long from = visit.query("from", 1, Long.MAX_VALUE / 10, 1);
    Optional<String> last = visit.header("Last-Event-ID");
    if (last.isPresent() && last.get().matches("[0-9]{1,18}")) {
      from = Long.parseLong(last.get()) + 1;
    }
    if (!followers.tryAcquire()) {
      throw new Refused(503, "too many read journals at once; close one");
    }
    try (JournalTail tail = new JournalTail(folder.journal())) {
      if (events) {
        follow(visit, row, tail, from);
      } else {
        printed(visit, tail, from);
      }
    } finally {
      followers.release();
    }
  }

  private static void printed(Visit visit, JournalTail tail, long from) throws IOException {
    Optional<JournalTail.Line> line = skip(tail, from); // while a failure can still be answered
    OutputStream out = visit.stream(200, "application/x-ndjson");
    if (visit.headOnly()) {
      return;
    }
    for (; line.isPresent(); line = tail.next()) {
      out.write((line.get().text() + "\n").getBytes(StandardCharsets.UTF_8));
    }
    out.flush();
  }

  /**
   * Until the run is over. A browser that comes back then is told, with 204, to come no more (HTML
   * Living Standard, 9.2.3).
   */
  private void follow(Visit visit, RunRow row, JournalTail tail, long from)
      throws IOException, InterruptedException {
    boolean living = runs.living(row);
    Optional<JournalTail.Line> line = skip(tail, from);
    if (line.isEmpty() && !living) {
      visit.empty(204);
      return;
    }
    EventStream events = new EventStream(visit);
    long said = System.nanoTime();
    while (!visit.headOnly() && !server.isStopping()) {
      if (line.isPresent()) {
        events.send(Long.toString(line.get().number()), "", line.get().text());
        said = System.nanoTime();
      } else if (!living) {
        events.send("", "end", "{}");
        events.flush();
        return;
      } else {
        events.flush();
        Thread.sleep(LOOK_MILLIS);
        if (System.nanoTime() - said > server.settings().times().ping().toNanos()) {
          events.keepAlive();
          said = System.nanoTime();
        }
        living = runs.living(row); // asked before the next look, which then sees the last line
      }
      line = tail.next();
    }
  }

  private static Optional<JournalTail.Line> skip(JournalTail tail, long from) throws IOException {
    Optional<JournalTail.Line> line = tail.next();
    while (line.isPresent() && line.get().number() < from) {
      line = tail.next();
    }
    return line;
  }
}
