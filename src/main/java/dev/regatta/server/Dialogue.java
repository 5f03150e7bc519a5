package dev.regatta.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What is said between one client and the server: each request, and what is answered to it. */
final class Dialogue {
  private final CommandServer server;
  private final Connection connection;
  private final ClientWriter writer;
  private @Nullable Execution own;
  private boolean closed;

  // Messages are carried out one after another.
  private final MessageRate rate;
  private final List<Execution> started = new ArrayList<>();

  Dialogue(CommandServer server, Connection connection, ClientWriter writer) {
    this.server = server;
    this.connection = connection;
    this.writer = writer;
    ServerLimits limits = server.settings().limits();
    this.rate =
        new MessageRate(limits.messagesPerSecond(), limits.messagesAtOnce(), System::nanoTime);
  }

  /** Carries a message out and answers it. */
  void take(Message message) {
    server.metrics().message();
    if (!rate.takes()) {
      refuse(message);
      return;
    }
    switch (message) {
      case Message.Pong ignored -> {
        // Nothing ever ends for want of one, and nothing is said to one.
      }
      case Message.Faulty(JsonNode id, ProtocolError error) -> fail(id, error);
      case Message.Request request -> {
        try {
          carryOut(request);
        } catch (ProtocolError e) {
          fail(request.id(), e);
        } catch (RuntimeException e) {
          fail(
              request.id(), new ProtocolError(ProtocolError.Code.INTERNAL, "Internal error: " + e));
        }
      }
    }
  }

  /** The connection stays: who sends too much may have work that runs. */
  private void refuse(Message message) {
    JsonNode id =
        switch (message) {
          case Message.Request request -> request.id();
          case Message.Faulty faulty -> faulty.id();
          case Message.Pong ignored -> null;
        };
    fail(
        id,
        new ProtocolError(
            ProtocolError.Code.RATE_LIMIT,
            "Too many messages: "
                + server.settings().limits().messagesPerSecond()
                + " a second are carried out"));
  }

  private void fail(@Nullable JsonNode id, ProtocolError error) {
    server.metrics().error(error.code());
    writer.answer(Notices.error(id, error));
  }

  private void carryOut(Message.Request request) throws ProtocolError {
    switch (request.method()) {
      case "execute" -> execute(request);
      case "control" -> control(request);
      case "status" -> answer(request, status(request.params()));
      case "list" -> answer(request, list());
      case "attach" -> attach(request);
      case "hook_status" ->
          answer(
              request, Notices.object().put("enabled", false).put("message", "there are no hooks"));
      default ->
          throw new ProtocolError(
              ProtocolError.Code.UNKNOWN_METHOD,
              "Unknown method: " + Message.shown(request.method()));
    }
  }

  private void answer(Message.Request request, ObjectNode result) {
    writer.answer(Notices.result(request.id(), result));
  }

  /** Its process, while it has one of its own that isn't over. */
  private synchronized Optional<Execution> ownRunning() {
    return Optional.ofNullable(own).filter(execution -> !execution.isOver());
  }

  private void execute(Message.Request request) throws ProtocolError {
    ExecuteRequest wanted = ExecuteRequest.of(request.params());
    if (wanted.id().isEmpty() && ownRunning().isPresent()) {
      throw ProtocolError.params("A process is already running");
    }
    started.removeIf(Execution::isOver);
    if (started.size() >= server.settings().limits().runningEach()) {
      throw new ProtocolError(
          ProtocolError.Code.RUNNING_LIMIT,
          started.size() + " processes of this connection run, and no more may: wait for one");
    }
    Execution execution = server.executions().start(wanted);
    started.add(execution);
    answer(request, execution.accepted());
    writer.follow(execution, 1);
    execution.begin(Optional.of(connection.id()));
    if (wanted.id().isEmpty()) {
      own(execution);
    }
  }

  private synchronized void own(Execution execution) {
    own = execution;
    if (closed) {
      abandon(execution); // the client left while it was being started
    }
  }

  private static void abandon(Execution execution) {
    execution.log().close();
    execution.stop(Execution.Why.CLIENT_GONE);
  }

  /** The execution that is meant: by its id, or this connection's own. */
  private Execution meant(ObjectNode params) throws ProtocolError {
    Optional<String> id = ExecuteRequest.id(params);
    if (id.isPresent()) {
      return server.executions().named(id.get());
    }
    return ownRunning()
        .orElseThrow(
            () -> new ProtocolError(ProtocolError.Code.NOT_FOUND, "No process is running"));
  }

  private void control(Message.Request request) throws ProtocolError {
    JsonNode type = request.params().get("type");
    String order = type != null && type.isString() ? type.stringValue() : "";
    if (!order.equals("PAUSE") && !order.equals("RESUME") && !order.equals("CANCEL")) {
      throw ProtocolError.params("type must be PAUSE, RESUME or CANCEL");
    }
    Execution execution = meant(request.params());
    switch (order) {
      case "PAUSE" -> execution.pause(() -> answer(request, did("paused")));
      case "RESUME" -> execution.resume(() -> answer(request, did("resumed")));
      default -> execution.cancel(() -> answer(request, did("canceled")));
    }
  }

  private static ObjectNode did(String word) {
    return Notices.object().put("status", word);
  }

  private ObjectNode status(ObjectNode params) throws ProtocolError {
    if (ExecuteRequest.id(params).isPresent()) {
      return meant(params).describe();
    }
    ObjectNode status = Notices.object();
    Optional<Execution> running = ownRunning();
    status.put("status", running.isPresent() ? "running" : "idle");
    status.put("session_id", connection.id());
    status.put("version", server.settings().version());
    status.put("active_sessions", server.sessions());
    status.put("running", server.executions().runningCount());
    if (running.isPresent()) {
      status.set("process", running.get().describe());
    } else {
      status.putNull("process");
    }
    return status;
  }

  private ObjectNode list() {
    ObjectNode list = Notices.object();
    ArrayNode rows = list.putArray("executions");
    ownRunning().ifPresent(execution -> rows.add(execution.describe()));
    server.executions().named().forEach(execution -> rows.add(execution.describe()));
    return list;
  }

  private void attach(Message.Request request) throws ProtocolError {
    if (ExecuteRequest.id(request.params()).isEmpty()) {
      throw ProtocolError.params("attach needs the id that execute was given");
    }
    JsonNode from = request.params().get("fromSequence");
    boolean given = from != null && !from.isNull();
    if (given && !(from.isIntegralNumber() && from.canConvertToLong() && from.longValue() >= 0)) {
      throw ProtocolError.params("fromSequence must be a whole number, 0 or more");
    }
    Execution execution = meant(request.params());
    answer(request, execution.describe().put("attached", true));
    writer.follow(execution, given ? Math.max(1, from.longValue()) : 1);
  }

  /** The client is gone, and what was its alone goes with it. */
  synchronized void close() {
    closed = true;
    if (own != null) {
      abandon(own);
    }
  }
}
