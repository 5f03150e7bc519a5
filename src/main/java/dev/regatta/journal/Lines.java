package dev.regatta.journal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** The form of a journal's lines: what is in them, and how each is chained to the one before. */
final class Lines {
  /** The hash 'before' the first line. */
  static final String ORIGIN = "0".repeat(64);

  private static final String HASH_MEMBER = ",\"hash\":\"";
  private static final int SUFFIX = HASH_MEMBER.length() + 64 + 2;

  private static final HexFormat HEX = HexFormat.of();
  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();
  static final ObjectWriter EVENTS = MAPPER.writerFor(Event.class);
  private static final ObjectReader EVENT = MAPPER.readerFor(Event.class);

  private Lines() {}

  static JsonNode tree(String json) {
    return MAPPER.readTree(json);
  }

  static String text(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  /** What follows a line's body, of which the last brace is taken away. */
  static byte[] ending(String hash) {
    return (HASH_MEMBER + hash + "\"}\n").getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * The part of a line that is hashed: all but the hash. Null if the line has none in its place.
   */
  static @Nullable String body(String line) {
    int at = line.length() - SUFFIX;
    return at > 0 && line.startsWith(HASH_MEMBER, at) && line.endsWith("\"}")
        ? line.substring(0, at) + "}"
        : null;
  }

  static String hash(String line) {
    return line.substring(line.length() - 66, line.length() - 2);
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String chain(MessageDigest digest, String previous, String body) {
    LineBuffer line = new LineBuffer();
    line.put(body.getBytes(StandardCharsets.UTF_8));
    return chain(digest, previous, line);
  }

  static String chain(MessageDigest digest, String previous, LineBuffer body) {
    digest.update(previous.getBytes(StandardCharsets.ISO_8859_1));
    digest.update((byte) '\n');
    body.update(digest);
    return HEX.formatHex(digest.digest());
  }

  /** The event of a line's tree; one of a later version comes back as it stands. */
  static Event event(JsonNode node) {
    String type = node.path("type").asString("");
    try {
      return EVENT.readValue(node);
    } catch (JacksonException e) {
      return new Event.Unrecognized(type, MAPPER.writeValueAsString(node));
    }
  }
}
