package dev.regatta.stress;

import dev.regatta.secret.Secret;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A connection for each command, for servers that know no ids: there a command ends with its
 * connection, and one that breaks takes it along.
 */
final class SingleCommands implements RemoteCommands {
  private static final int TIMES = 4;

  private final HttpClient client;
  private final URI address;
  private final Optional<Secret> token;
  private final Set<Line> lines = ConcurrentHashMap.newKeySet();

  SingleCommands(HttpClient client, URI address, Optional<Secret> token) {
    this.client = client;
    this.address = address;
    this.token = token;
  }

  @Override
  public boolean keepsLimits() {
    return false;
  }

  @Override
  public Optional<String> gone() {
    return Optional.empty();
  }

  @Override
  public RemoteCommand start(RemoteRequest request) {
    Line line = new Line(request);
    lines.add(line);
    line.begin();
    return line.command;
  }

  @Override
  public void close() {
    lines.forEach(line -> line.finish(new Said.Lost("the connection was closed")));
  }

  /** One connection with its command. */
  private final class Line {
    private final RemoteCommand command;
    private @Nullable Link link;

    Line(RemoteRequest request) {
      this.command = new RemoteCommand(request, this::cancel);
    }

    void begin() {
      try {
        Link opened = Link.open(client, address, token, PATIENCE, this::notice, this::broken);
        synchronized (this) {
          link = opened;
        }
        // Its own limit means something else there, so it is only to be longer than ours.
        double timeout = TIMES * command.request().timeout().toMillis() / 1000.0 + 60;
        CompletableFuture<JsonNode> answer =
            opened.ask(
                "execute",
                RemoteCommands.params()
                    .put("command", command.request().command())
                    .put("timeout", timeout));
        answer.whenComplete((result, failure) -> {
          if (failure == null) {
            command.accept(result);
          } else if (failure instanceof Link.Refusal refusal) {
            finish(new Said.Refused(String.valueOf(refusal.getMessage())));
          }
        });
      } catch (ServerUnreachable e) {
        finish(new Said.Lost(String.valueOf(e.getMessage())));
      }
    }

    private synchronized void cancel() {
      if (link != null) {
        link.ask("control", RemoteCommands.params().put("type", "CANCEL"));
      }
    }

    private void notice(String method, JsonNode params) {
      command.notice(method, params);
      if (command.over()) {
        hangUp();
      }
    }

    private void broken(String why) {
      finish(new Said.Lost(why + "; the server knows no commands by ids, so it ended with that"));
    }

    private void finish(Said last) {
      command.end(last);
      hangUp();
    }

    private synchronized void hangUp() {
      lines.remove(this);
      if (link != null) {
        link.close();
      }
    }
  }
}
