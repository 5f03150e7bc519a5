package dev.regatta.journal;

import dev.regatta.secret.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
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

  private static final byte[] HASH_MEMBER = ",\"hash\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final int SUFFIX = HASH_MEMBER.length + 64 + 2;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();
  static final ObjectWriter EVENTS = MAPPER.writerFor(Event.class);
  private static final ObjectReader EVENT = MAPPER.readerFor(Event.class);

  private Lines() {}

  static JsonNode tree(String json) {
    return MAPPER.readTree(json);
  }

  static byte[] bytes(JsonNode node) {
    return MAPPER.writeValueAsBytes(node);
  }

  /** What follows a line's body, of which the last brace is taken away. */
  static byte[] ending(String hash) {
    return (",\"hash\":\"" + hash + "\"}\n").getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * How many bytes of a line come before its hash; -1 if it has none in its place. With a brace
   * they are what is hashed.
   */
  static int bodyLength(byte[] line) {
    int at = line.length - SUFFIX;
    boolean whole =
        at > 0
            && Arrays.equals(line, at, at + HASH_MEMBER.length, HASH_MEMBER, 0, HASH_MEMBER.length)
            && line[line.length - 2] == '"'
            && line[line.length - 1] == '}';
    return whole ? at : -1;
  }

  static String hash(byte[] line) {
    return new String(line, line.length - 66, 64, StandardCharsets.ISO_8859_1);
  }

  /**
   * The hash that a line must have. Of its bytes as they are: decoded, two different ones that are
   * no UTF-8 would be the same.
   */
  static String chain(MessageDigest digest, String previous, byte[] line, int bodyLength) {
    begin(digest, previous);
    digest.update(line, 0, bodyLength);
    digest.update((byte) '}');
    return Sha256.of(digest);
  }

  static String chain(MessageDigest digest, String previous, LineBuffer body) {
    begin(digest, previous);
    body.update(digest);
    return Sha256.of(digest);
  }

  private static void begin(MessageDigest digest, String previous) {
    digest.update(previous.getBytes(StandardCharsets.ISO_8859_1));
    digest.update((byte) '\n');
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
