package dev.regatta.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Server-sent events to one client, who is waited for (HTML Living Standard, 9.2). */
final class EventStream {
  static final String TYPE = "text/event-stream";

  private final OutputStream out;

  EventStream(Visit visit) throws IOException {
    this.out = visit.stream(200, TYPE);
  }

  /** An event; its data must be one line, as JSON is. */
  void send(String id, String event, String line) throws IOException {
    StringBuilder text = new StringBuilder();
    if (!id.isEmpty()) {
      text.append("id: ").append(id).append('\n');
    }
    if (!event.isEmpty()) {
      text.append("event: ").append(event).append('\n');
    }
    out.write(
        text.append("data: ")
            .append(line)
            .append("\n\n")
            .toString()
            .getBytes(StandardCharsets.UTF_8));
  }

  void flush() throws IOException {
    out.flush();
  }

  /** Says nothing, so that what lies between doesn't take silence for the end. */
  void keepAlive() throws IOException {
    out.write(":\n\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
