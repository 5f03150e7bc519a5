package dev.regatta.server;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection. Its messages are carried out one after another, each on a virtual thread
 * of its own, so that nothing a client does holds up the threads that select.
 */
public final class Connection implements Session.Listener {
  private final CommandServer server;
  private final String id = UUID.randomUUID().toString();
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile @Nullable Session session;
  private volatile @Nullable ClientWriter writer;
  private volatile @Nullable Dialogue dialogue;

  Connection(CommandServer server) {
    this.server = server;
  }

  String id() {
    return id;
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    session = opened;
    ClientWriter out = new ClientWriter(opened, server.settings().times());
    writer = out;
    Optional<ProtocolError> refusal = server.enter(this);
    if (refusal.isPresent()) {
      server.metrics().error(refusal.get().code());
      refuse(opened, refusal.get());
      return;
    }
    dialogue = new Dialogue(server, this, out);
    out.answer(
        Notices.notification(
            "connected",
            Notices.object()
                .put("session_id", id)
                .put("version", "1.0.0")
                .set("capabilities", Notices.words("execute", "control", "stream"))));
    Thread.ofVirtual().name("regatta-client-" + id).start(() -> write(opened, out));
    opened.demand();
  }

  private static void refuse(Session opened, ProtocolError refusal) {
    opened.sendText(
        Notices.error(null, refusal),
        Callback.from(
            () ->
                opened.close(StatusCode.POLICY_VIOLATION, "Session limit exceeded", Callback.NOOP),
            failure -> opened.disconnect()));
  }

  private void write(Session opened, ClientWriter out) {
    try {
      out.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody interrupts it: it ends with the connection
    } finally {
      gone();
      if (opened.isOpen() && !server.isStopping()) {
        opened.disconnect();
      }
    }
  }

  @Override
  public void onWebSocketText(String text) {
    take(Optional.of(text));
  }

  @Override
  public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
    callback.succeed();
    take(Optional.empty());
  }

  private void take(Optional<String> text) {
    Dialogue known = dialogue;
    Session opened = session;
    ClientWriter out = writer;
    if (known == null || opened == null || out == null) {
      return;
    }
    Thread.ofVirtual()
        .name("regatta-message-" + id)
        .start(() -> {
          try {
            known.take(text.map(Message::read).orElseGet(Message::binary));
            out.awaitRoom();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts it
          } finally {
            opened.demand(); // else this client would be deaf from now on
          }
        });
  }

  @Override
  public void onWebSocketClose(int status, @Nullable String reason, Callback callback) {
    gone();
    callback.succeed();
  }

  @Override
  public void onWebSocketError(Throwable cause) {
    // Whoever sends may be told here, and he may be the one who reads the pipes of all.
    Thread.startVirtualThread(this::gone);
  }

  private void gone() {
    if (!over.compareAndSet(false, true)) {
      return;
    }
    Dialogue known = dialogue;
    if (known != null) {
      known.close();
    }
    ClientWriter out = writer;
    if (out != null) {
      out.close();
    }
    server.left(this);
  }

  /** Whether its client has got all that there was. */
  boolean isIdle() {
    ClientWriter out = writer;
    return out == null || out.isIdle();
  }

  /** Says goodbye. */
  void shut() {
    Session opened = session;
    if (opened != null) {
      opened.close(StatusCode.SHUTDOWN, "the server stops", Callback.NOOP);
    }
  }
}
