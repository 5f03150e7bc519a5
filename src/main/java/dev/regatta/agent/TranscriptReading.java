package dev.regatta.agent;

import dev.regatta.journal.Transcript;
import dev.regatta.process.LineSplitter;
import dev.regatta.secret.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads one transcript file. The agent wrote it, so whatever it holds is bounded. */
final class TranscriptReading {
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final int MOST_MESSAGES = 10_000;
  private static final int PIECE = 1 << 16;
  private static final int LONGEST_TEXT = 200;

  private final String session;
  private final Map<String, Transcript.Message> messages;
  private final long most;
  private final MessageDigest digest = Sha256.begin();
  private final LineSplitter lines = new LineSplitter(this::line);
  private long bytes;
  private String fault = "";

  /**
   * Adds what it finds to those messages.
   *
   * @param most how many bytes it may read
   */
  TranscriptReading(String session, Map<String, Transcript.Message> messages, long most) {
    this.session = session;
    this.messages = messages;
    this.most = most;
  }

  void read(Path file) throws IOException {
    byte[] piece = new byte[PIECE];
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
        if (bytes + got > most) {
          fault = "it is too long to be read whole";
          break;
        }
        digest.update(piece, 0, got);
        bytes += got;
        lines.accept(Arrays.copyOf(piece, got));
      }
    }
    lines.finish();
  }

  Transcript.Source source(String path) {
    return new Transcript.Source(path, bytes, Sha256.of(digest));
  }

  long bytes() {
    return bytes;
  }

  /** Why it was not read whole; empty if it was. */
  String fault() {
    return fault;
  }

  private void line(LineSplitter.Line line) {
    if (line.text().isBlank()) {
      return;
    }
    if (line.cut()) {
      // A tool's result may be as long as it likes; a message of the model's is bounded.
      fault = line.text().contains("\"type\":\"assistant\"") ? "a line is too long" : fault;
      return;
    }
    try {
      event(MAPPER.readTree(line.text()));
    } catch (JacksonException e) {
      fault = "a line is not JSON";
    }
  }

  private void event(JsonNode event) {
    JsonNode message = event.path("message");
    String id = text(message, "id");
    if (!"assistant".equals(Numbers.text(event, "type")) || id == null) {
      return; // kinds of lines come and go with versions
    }
    if (!session.equals(Numbers.text(event, "sessionId"))) {
      fault = "it holds lines of another session";
      return;
    }
    if (message.path("usage").isMissingNode() || isOfTheCliItself(message)) {
      return;
    }
    if (messages.size() >= MOST_MESSAGES && !messages.containsKey(id)) {
      fault = "only its first " + MOST_MESSAGES + " messages were read";
      return;
    }
    messages.merge(id, read(event, message, id), (first, last) -> last.since(first.at()));
  }

  /** An error is told as a message that no model wrote. */
  private static boolean isOfTheCliItself(JsonNode message) {
    String model = Numbers.text(message, "model");
    return model != null && model.startsWith("<");
  }

  private static Transcript.Message read(JsonNode event, JsonNode message, String id) {
    JsonNode usage = message.path("usage");
    return new Transcript.Message(
        id,
        text(event, "requestId"),
        text(message, "model"),
        text(event, "timestamp"),
        text(message, "stop_reason"),
        Numbers.count(usage, "input_tokens"),
        Numbers.count(usage, "output_tokens"),
        Numbers.count(usage, "cache_read_input_tokens"),
        Numbers.count(usage, "cache_creation_input_tokens"));
  }

  private static @Nullable String text(JsonNode parent, String field) {
    String text = Numbers.text(parent, field);
    return text == null || text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }
}
