package dev.regatta.server;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What WebSocket clients can do with commands, over plain HTTP. */
final class ExecutionRoutes {
  private static final String ALL = "/api/v1/executions";
  private static final String ONE = ALL + "/{id}";
  private static final int BATCH_BYTES = 64 * 1024;
  private static final Set<String> FIELDS =
      Set.of("command", "agent", "credential", "timeout", "stall_timeout", "cwd", "env", "id");

  /**
   * Ends the id of the last event, so that who comes back with it is told that there is no more.
   */
  private static final String END = ".end";

  private final CommandServer server;
  private final Semaphore followers;

  ExecutionRoutes(CommandServer server) {
    this.server = server;
    this.followers = new Semaphore(server.settings().limits().sessions());
  }

  List<Route> routes() {
    return List.of(
        Route.get(ALL, this::list),
        Route.post(ALL, this::start),
        Route.get(ONE, visit -> visit.json(200, meant(visit).describe())),
        new Route("DELETE", ONE, Route.Caller.KNOWN, this::cancel),
        Route.post(ONE + "/control", this::control),
        Route.get(ONE + "/output", this::output));
  }

  private void list(Visit visit) throws IOException {
    List<ObjectNode> rows = new ArrayList<>();
    server.executions().named().forEach(execution -> rows.add(execution.describe()));
    visit.json(200, Map.of("executions", rows));
  }

  private void start(Visit visit) throws Refused, IOException {
    ObjectNode params = object(visit, FIELDS);
    if (!params.has("id")) {
      params.put("id", UUID.randomUUID().toString());
    }
    try {
      Execution execution = server.executions().start(ExecuteRequest.of(params));
      execution.begin(Optional.empty());
      visit.set("Location", ALL + "/" + segment(execution.id().orElseThrow()));
      visit.json(201, execution.describe());
    } catch (ProtocolError e) {
      throw refusal(e);
    }
  }

  /**
   * As it stands in a path; what encodes forms makes a plus of a space, which a path leaves one.
   */
  private static String segment(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private ObjectNode object(Visit visit, Set<String> fields) throws Refused, IOException {
    JsonNode body = visit.body(server.settings().limits().messageBytes());
    if (!(body instanceof ObjectNode object)) {
      throw Refused.invalid("the body must be a JSON object");
    }
    for (String name : object.propertyNames()) {
      if (!fields.contains(name)) {
        throw Refused.invalid(
            Message.shown(name)
                + " is no field here; there is "
                + String.join(", ", fields.stream().sorted().toList()));
      }
    }
    return object;
  }

  private Execution meant(Visit visit) throws Refused {
    try {
      return server.executions().named(visit.parameter("id"));
    } catch (ProtocolError e) {
      throw Refused.notFound(String.valueOf(e.getMessage()));
    }
  }

  private void cancel(Visit visit) throws Refused, IOException {
    order(visit, meant(visit), "CANCEL");
  }

  private void control(Visit visit) throws Refused, IOException {
    JsonNode type = object(visit, Set.of("type")).path("type");
    order(visit, meant(visit), type.isString() ? type.stringValue() : "");
  }

  private static void order(Visit visit, Execution execution, String type)
      throws Refused, IOException {
    Runnable answered = () -> {};
    try {
      switch (type) {
        case "PAUSE" -> execution.pause(answered);
        case "RESUME" -> execution.resume(answered);
        case "CANCEL" -> execution.cancel(answered);
        default -> throw Refused.invalid("type must be PAUSE, RESUME or CANCEL");
      }
    } catch (ProtocolError e) {
      throw new Refused(409, String.valueOf(e.getMessage()));
    }
    visit.json(202, execution.describe());
  }

  private static Refused refusal(ProtocolError error) {
    int status =
        switch (error.code()) {
          case NOT_ALLOWED -> 403;
          case NOT_FOUND -> 404;
          case RUNNING_LIMIT, SESSION_LIMIT, RATE_LIMIT -> 503;
          case INTERNAL -> 500;
          case PARSE, INVALID_REQUEST, INVALID_PARAMS, UNKNOWN_METHOD -> 422;
        };
    return new Refused(status, String.valueOf(error.getMessage()));
  }

  /**
   * The notifications of an execution, each with the number of the output that it is or follows.
   */
  private void output(Visit visit) throws Refused, IOException, InterruptedException {
    Execution execution = meant(visit);
    long from = visit.query("from", 1, Long.MAX_VALUE / 10, 1);
    Optional<String> last = visit.header("Last-Event-ID");
    if (last.isPresent() && last.get().endsWith(END)) {
      visit.empty(204);
      return;
    }
    from = visit.afterLastEvent(from);
    if (!followers.tryAcquire()) {
      throw new Refused(503, "too many read outputs at once; close one");
    }
    Semaphore more = new Semaphore(0);
    try (OutputLog.Reader reader = execution.log().reader(from, stream -> more.release())) {
      EventStream events = new EventStream(visit);
      if (!visit.headOnly()) {
        follow(execution, reader, events, more);
      }
    } finally {
      followers.release();
    }
  }

  private void follow(
      Execution execution, OutputLog.Reader reader, EventStream events, Semaphore more)
      throws IOException, InterruptedException {
    long ping = server.settings().times().ping().toNanos();
    while (true) {
      OutputLog.Batch batch = reader.take(BATCH_BYTES);
      if (batch.dropped() > 0) {
        events.send(
            "", "", Notices.notification("process.dropped", execution.dropped(batch.dropped())));
      }
      for (Entry entry : batch.entries()) {
        boolean end = batch.ended() && entry == batch.entries().getLast();
        events.send(entry.sequence() + (end ? END : ""), "", entry.text());
      }
      events.flush();
      if (batch.ended()) {
        return;
      }
      if (!batch.more()) {
        if (!more.tryAcquire(ping, TimeUnit.NANOSECONDS)) {
          events.keepAlive();
        }
        more.drainPermits();
      }
    }
  }
}
