package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.process.Channel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Messages made from bytes are those that Jackson would make. */
class OutputMessagesTest {

  private static String byJackson(String type, String data, long sequence, String id) {
    ObjectNode params =
        Notices.object()
            .put("type", type)
            .put("data", data)
            .put("truncated", false)
            .put("sequence", sequence);
    if (!id.isEmpty()) {
      params.put("id", id).put("rehearsal", true);
    }
    return Notices.notification("process.output", params);
  }

  private static OutputLines.Piece piece(byte[] bytes, int from, int to) {
    return new OutputLines.Piece(bytes, from, to, OptionalInt.empty(), OptionalInt.empty(), false);
  }

  @Test
  void whateverIsPrintedComesOutAsJacksonWritesIt() {
    long seed = 20261201;
    Random random = new Random(seed);
    OutputMessages plain = new OutputMessages(Optional.empty(), false);
    OutputMessages named = new OutputMessages(Optional.of("a \"name\" ☃"), true);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      int kinds = random.nextInt(3);
      for (int i = 0; i < bytes.length && kinds < 2; i++) {
        bytes[i] = (byte) (kinds == 0 ? bytes[i] & 0x7f : 'a' + (bytes[i] & 15));
      }
      int from = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
      if (bytes.length > 0 && random.nextBoolean()) {
        bytes[bytes.length - 1] = '\n';
      }
      String data = new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
      OutputLines.Piece piece = piece(bytes, from, bytes.length);
      assertThat(new String(plain.of(Channel.OUTPUT, piece, round), StandardCharsets.UTF_8))
          .as("seed %d, round %d", seed, round)
          .isEqualTo(byJackson("stdout", data, round, ""));
      assertThat(new String(named.of(Channel.ERROR, piece, round), StandardCharsets.UTF_8))
          .isEqualTo(byJackson("stderr", data, round, "a \"name\" ☃"));
    }
  }

  @Test
  void aPartOfALineSaysWhichItIsAndOfHowManyWhereThatIsKnown() {
    OutputMessages messages = new OutputMessages(Optional.empty(), false);
    byte[] bytes = {'x'};
    OutputLines.Piece known =
        new OutputLines.Piece(bytes, 0, 1, OptionalInt.of(1), OptionalInt.of(2), false);
    OutputLines.Piece unknown =
        new OutputLines.Piece(bytes, 0, 1, OptionalInt.of(7), OptionalInt.empty(), true);
    assertThat(new String(messages.of(Channel.OUTPUT, known, 3), StandardCharsets.UTF_8))
        .endsWith(
            "\"data\":\"x\",\"truncated\":false,\"sequence\":3,\"chunk_index\":1,"
                + "\"total_chunks\":2}}");
    assertThat(new String(messages.of(Channel.OUTPUT, unknown, 4), StandardCharsets.UTF_8))
        .endsWith("\"truncated\":true,\"sequence\":4,\"chunk_index\":7,\"total_chunks\":null}}");
  }
}
