package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputTailTest {
  @TempDir Path folder;

  private OutputTail tail(String text) throws IOException {
    return OutputTail.of(Files.writeString(folder.resolve("out"), text), 3);
  }

  @Test
  void theLastLinesAreShownAndWhetherThereWereMore() throws IOException {
    assertThat(tail("a\nb\n").lines()).containsExactly("a", "b");
    assertThat(tail("a\nb\n").earlier()).isFalse();
    assertThat(tail("a\nb\nc\nd").lines()).containsExactly("b", "c", "d");
    assertThat(tail("a\nb\nc\nd").earlier()).isTrue();
    assertThat(tail("").lines()).isEmpty();
  }

  @Test
  void anEndlessLineIsItsEnd() throws IOException {
    OutputTail tail = tail("x".repeat(5_000_000) + "the end");
    assertThat(tail.lines()).hasSize(1);
    assertThat(tail.lines().getFirst()).hasSize(401).startsWith("…x").endsWith("the end");
    assertThat(tail.earlier()).isTrue();
    assertThat(tail("\u001b".repeat(3_000)).lines().getFirst()).hasSizeLessThan(402);
    assertThat(tail("y".repeat(100) + "😀".repeat(400)).lines().getFirst()).doesNotContain("?");
  }

  @Test
  void whatATerminalWouldActOnIsWrittenOutAndWhatIsNoTextIsNoFault() throws IOException {
    assertThat(tail("\u001b[2Jred\u202e\u0000").lines()).containsExactly("\\x1b[2Jred\\u202e\\x00");
    Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xff, 'a', '\n', (byte) 0xc3});
    assertThat(OutputTail.of(folder.resolve("bytes"), 3).lines()).containsExactly("�a", "�");
  }

  @Test
  void aFileThatIsGoneOrALinkIsNotRead() throws IOException {
    assertThat(OutputTail.of(folder.resolve("none"), 3).missing())
        .isEqualTo("the file is not there any more");
    Files.writeString(folder.resolve("secret"), "s3cret");
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("secret"));
    assertThat(OutputTail.of(folder.resolve("link"), 3).lines()).isEmpty();
  }
}
