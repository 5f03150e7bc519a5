package dev.regatta.stress;

import dev.regatta.secret.Secret;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Many commands on one connection, each by its id. A connection that breaks is opened again, and
 * what ran meanwhile is attached to from where it was heard last.
 */
final class NamedCommands implements RemoteCommands {
  private static final int UNKNOWN_METHOD = -32601;
  private static final int NOT_FOUND = -32002;
  private static final long FIRST_WAIT_MILLIS = 20;
  private static final long LONGEST_WAIT_MILLIS = 500;

  private final HttpClient client;
  private final URI address;
  private final Optional<Secret> token;
  private final Duration patience;
  private final Map<String, RemoteCommand> running = new ConcurrentHashMap<>();
  private @Nullable Link link;
  private boolean closed;
  private Optional<String> gone = Optional.empty();

  NamedCommands(HttpClient client, URI address, Optional<Secret> token, Duration patience) {
    this.client = client;
    this.address = address;
    this.token = token;
    this.patience = patience;
  }

  synchronized void open() {
    link = Link.open(client, address, token, PATIENCE, this::notice, this::broken);
  }

  /** Whether the server knows commands by ids; the older one does not know how to list them. */
  boolean knowsNames() {
    try {
      current()
          .ask("list", RemoteCommands.params())
          .orTimeout(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)
          .join();
      return true;
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new ServerUnreachable(
            address + " lets clients in and answers none within " + Limits.seconds(PATIENCE));
      }
      if (e.getCause() instanceof Link.Refusal refusal && refusal.code() == UNKNOWN_METHOD) {
        return false;
      }
      throw e.getCause() instanceof Link.Refusal refusal
          ? new ServerUnreachable(address + " says: " + refusal.getMessage())
          : e;
    }
  }

  private synchronized Link current() {
    if (link == null) {
      throw new IllegalStateException("it is not open");
    }
    return link;
  }

  @Override
  public boolean keepsLimits() {
    return true;
  }

  @Override
  public synchronized Optional<String> gone() {
    return gone;
  }

  @Override
  public RemoteCommand start(RemoteRequest request) {
    RemoteCommand command = new RemoteCommand(request, () -> cancel(request.id()));
    running.put(request.id(), command);
    Optional<String> nobody = gone();
    if (nobody.isPresent()) {
      lose(command, nobody.get());
    } else {
      execute(command);
    }
    return command;
  }

  private void cancel(String id) {
    ask(
        "control",
        RemoteCommands.params().put("type", "CANCEL").put("id", id),
        answer -> {},
        no -> {});
  }

  private void execute(RemoteCommand command) {
    RemoteRequest request = command.request();
    ObjectNode params =
        RemoteCommands.params()
            .put("command", request.command())
            .put("id", request.id())
            .put("timeout", seconds(request.timeout()));
    request.stall().ifPresent(limit -> params.put("stall_timeout", seconds(limit)));
    request.folder().ifPresent(folder -> params.put("cwd", folder.toString()));
    if (!request.variables().isEmpty()) {
      ObjectNode variables = params.putObject("env");
      request.variables().forEach(variables::put);
    }
    ask(
        "execute",
        params,
        command::accept,
        refusal -> {
          // One that was asked for twice, because the connection broke in between, runs once.
          if (!command.accepted()) {
            finish(command, new Said.Refused(String.valueOf(refusal.getMessage())));
          }
        });
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  /** What was not answered when the connection broke is asked anew once there is another. */
  private void ask(
      String method,
      ObjectNode params,
      Consumer<JsonNode> answered,
      Consumer<Link.Refusal> refused) {
    current()
        .ask(method, params)
        .whenComplete((result, failure) -> {
          if (failure == null) {
            answered.accept(result);
          } else if (failure instanceof Link.Refusal refusal) {
            refused.accept(refusal);
          }
        });
  }

  private void notice(String method, JsonNode params) {
    RemoteCommand command = running.get(params.path("id").asString(""));
    if (command != null) {
      command.notice(method, params);
      if (command.over()) {
        running.remove(command.request().id());
      }
    }
  }

  private void finish(RemoteCommand command, Said last) {
    running.remove(command.request().id());
    command.end(last);
  }

  private void lose(RemoteCommand command, String why) {
    finish(command, new Said.Lost(why));
  }

  private void broken(String why) {
    Thread.ofVirtual().name("regatta-reconnect").start(() -> openAgain(why));
  }

  private void openAgain(String why) {
    long deadline = System.nanoTime() + patience.toNanos();
    long wait = FIRST_WAIT_MILLIS;
    String last = why;
    while (!isClosed()) {
      try {
        open();
        attachAll();
        return;
      } catch (ServerUnreachable e) {
        last = String.valueOf(e.getMessage());
      }
      if (System.nanoTime() > deadline) {
        giveUp(why + "; and then " + last);
        return;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(wait);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // nobody interrupts it
        return;
      }
      wait = Math.min(LONGEST_WAIT_MILLIS, 2 * wait);
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void giveUp(String why) {
    synchronized (this) {
      gone = Optional.of(why);
    }
    running.values().forEach(command -> lose(command, why));
  }

  private void attachAll() {
    running.values().forEach(this::attach);
  }

  /** A request that got no answer may have been carried out, so it is looked for first. */
  private void attach(RemoteCommand command) {
    ask(
        "attach",
        RemoteCommands.params()
            .put("id", command.request().id())
            .put("fromSequence", command.lastSequence() + 1),
        command::accept,
        refusal -> {
          if (refusal.code() == NOT_FOUND && !command.accepted()) {
            execute(command);
          } else {
            lose(
                command,
                "the connection broke, and the server did not know it any more: "
                    + refusal.getMessage());
          }
        });
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      if (link != null) {
        link.close();
      }
    }
    giveUp("the connection was closed");
  }
}
