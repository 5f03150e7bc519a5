package dev.regatta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regatta.secret.Redactor;
import dev.regatta.secret.Secret;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedBodiesTest {
  private static final String TOKEN = "sk-ant-api03-in-a-body";

  @TempDir Path folder;

  private RecordedBodies bodies() {
    return new RecordedBodies(folder, new Redactor(List.of(new Secret(TOKEN))));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void eachSideOfAnExchangeHasAFileForItsOwnerAlone() throws Exception {
    try (RecordedBody asked = bodies().request("r1-parallel-1", 7);
        RecordedBody answered = bodies().response("r1-parallel-1", 7)) {
      ByteBuffer piece = bytes("what?");
      asked.accept(piece);
      assertThat(piece.remaining()).as("it still goes on to the model API").isEqualTo(5);
      answered.accept(bytes("th"));
      answered.accept(bytes("at"));
    }
    assertThat(folder.resolve("r1-parallel-1.7.request")).hasContent("what?");
    assertThat(folder.resolve("r1-parallel-1.7.response")).hasContent("that");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("r1-parallel-1.7.request"))))
        .isEqualTo("rw-------");
  }

  @Test
  void aBodyThatNeverCameLeavesNoFile() {
    bodies().response("a", 1).close();
    try (RecordedBody empty = bodies().request("a", 1)) {
      empty.accept(bytes(""));
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aCredentialThatComesInPiecesIsTakenOut() {
    try (RecordedBody body = bodies().request("a", 1)) {
      body.accept(bytes("it is " + TOKEN.substring(0, 9)));
      body.accept(bytes(TOKEN.substring(9) + "!"));
    }
    assertThat(folder.resolve("a.1.request"))
        .content()
        .startsWith("it is [secret ")
        .endsWith("]!")
        .doesNotContain(TOKEN);
  }

  @Test
  void anEndlessBodyIsCutAndSaysSo() throws Exception {
    byte[] piece = new byte[1 << 20];
    try (RecordedBody body = bodies().response("a", 1)) {
      for (int i = 0; i < 20; i++) {
        body.accept(ByteBuffer.wrap(piece));
      }
    }
    Path file = folder.resolve("a.1.response");
    assertThat(Files.size(file)).isLessThan(RecordedBody.MOST_BYTES + 100L);
    byte[] all = Files.readAllBytes(file);
    assertThat(new String(all, all.length - 40, 40, StandardCharsets.UTF_8))
        .endsWith("\n[cut after 16777216 bytes]\n");
  }

  @Test
  void aFileThatIsInTheWayIsNotWrittenInto() throws Exception {
    Files.writeString(folder.resolve("a.1.request"), "another's");
    try (RecordedBody body = bodies().request("a", 1)) {
      assertThatThrownBy(() -> body.accept(bytes("x")))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("a.1.request can't be written");
    }
    assertThat(folder.resolve("a.1.request")).hasContent("another's");
  }
}
