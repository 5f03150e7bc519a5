package dev.regatta.evidence;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A signed statement: DSSE v1.0.2 around an in-toto Statement v1.
 *
 * @param payloadType what the payload is
 * @param payload the statement's bytes in Base64
 * @param signatures one
 */
record Envelope(String payloadType, String payload, List<Signed> signatures) {
  static final String IN_TOTO = "application/vnd.in-toto+json";
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** A signature and which key's it is. */
  record Signed(String keyid, String sig) {}

  static Envelope sign(byte[] statement, SigningKey key) {
    byte[] signature = key.sign(encoded(IN_TOTO, statement));
    return new Envelope(
        IN_TOTO,
        Base64.getEncoder().encodeToString(statement),
        List.of(
            new Signed(PublicKeys.id(key.open()), Base64.getEncoder().encodeToString(signature))));
  }

  static Envelope read(byte[] json) {
    return MAPPER.readValue(json, Envelope.class);
  }

  byte[] json() {
    return MAPPER.writeValueAsBytes(this);
  }

  byte[] statement() {
    return Base64.getDecoder().decode(payload);
  }

  /** Whether that key signed it, and nobody else. */
  boolean signedBy(PublicKey key) {
    return payloadType.equals(IN_TOTO)
        && signatures.size() == 1
        && signatures.getFirst().keyid().equals(PublicKeys.id(key))
        && PublicKeys.signed(
            key,
            encoded(payloadType, statement()),
            Base64.getDecoder().decode(signatures.getFirst().sig()));
  }

  /** What is signed: type and payload with their lengths (DSSE's pre-authentication encoding). */
  static byte[] encoded(String type, byte[] payload) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length + 100);
    int typeBytes = type.getBytes(StandardCharsets.UTF_8).length;
    bytes.writeBytes(
        ("DSSEv1 " + typeBytes + " " + type + " " + payload.length + " ")
            .getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(payload);
    return bytes.toByteArray();
  }
}
