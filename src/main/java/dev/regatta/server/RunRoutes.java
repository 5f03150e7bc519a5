package dev.regatta.server;

import dev.regatta.journal.JournalTail;
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
import tools.jackson.databind.node.ObjectNode;

/** Runs over HTTP: to look at, to follow, to start and to stop. */
final class RunRoutes {
  static final String RUNS = "/api/v1/runs";

  private static final String RUN = RUNS + "/{run}";
  private static final String ATTEMPT = RUN + "/attempts/{attempt}";
  static final int USUAL_PAGE = 50;
  static final int LARGEST_PAGE = 1_000;
  static final int LARGEST_REQUEST = 4 << 20;
  private static final int CHUNK = 64 * 1024;

  /** A journal grows without telling us. */
  private static final long LOOK_MILLIS = 50;

  private final CommandServer server;
  private final RunDesk desk;
  private final Runs runs;

  RunRoutes(CommandServer server, RunDesk desk) {
    this.server = server;
    this.desk = desk;
    this.runs = desk.runs();
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
        Route.get(RUN + "/report", visit -> visit.text(200, Visit.JSON, desk.report(row(visit)))),
        Route.get(RUN + "/journal", this::journal),
        Route.post(RUN + "/cancel", visit -> visit.json(202, desk.cancel(row(visit)))));
  }

  private RunRow row(Visit visit) throws Refused {
    return runs.row(visit.parameter("run"));
  }

  private Attempts attempts(Visit visit) throws Refused {
    return runs.attempts(row(visit));
  }

  private void list(Visit visit) throws Refused, IOException {
    int most = (int) visit.query("limit", 1, LARGEST_PAGE, USUAL_PAGE);
    visit.json(200, runs.page(most, visit.query("before")));
  }

  private void start(Visit visit) throws Refused, IOException, InterruptedException {
    ObjectNode started = desk.start(visit.body(LARGEST_REQUEST));
    visit.set("Location", RUNS + "/" + started.get("id").asString());
    visit.json(201, started);
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
    boolean events = visit.header("Accept").orElse("").contains(EventStream.TYPE);
    long from = visit.afterLastEvent(visit.query("from", 1, Long.MAX_VALUE / 10, 1));
    try (RunDesk.Reading reading = desk.journal(row)) {
      if (events) {
        follow(visit, row, reading, from);
      } else {
        printed(visit, reading, from);
      }
    }
  }

  private static void printed(Visit visit, RunDesk.Reading reading, long from) throws IOException {
    Optional<JournalTail.Line> line = skip(reading, from); // while a failure can still be answered
    OutputStream out = visit.stream(200, "application/x-ndjson");
    if (visit.headOnly()) {
      return;
    }
    for (; line.isPresent(); line = reading.next()) {
      out.write((line.get().text() + "\n").getBytes(StandardCharsets.UTF_8));
    }
    out.flush();
  }

  /**
   * Until the run is over. A browser that comes back then is told, with 204, to come no more (HTML
   * Living Standard, 9.2.3).
   */
  private void follow(Visit visit, RunRow row, RunDesk.Reading reading, long from)
      throws IOException, InterruptedException {
    boolean living = runs.living(row);
    Optional<JournalTail.Line> line = skip(reading, from);
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
      line = reading.next();
    }
  }

  private static Optional<JournalTail.Line> skip(RunDesk.Reading reading, long from)
      throws IOException {
    Optional<JournalTail.Line> line = reading.next();
    while (line.isPresent() && line.get().number() < from) {
      line = reading.next();
    }
    return line;
  }
}
