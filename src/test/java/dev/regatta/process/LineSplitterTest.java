package dev.regatta.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineSplitterTest {

  @Test
  void linesComeOutTheSameHoweverTheBytesAreCut() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      List<String> lines = new ArrayList<>();
      for (int i = random.nextInt(6); i >= 0; i--) {
        lines.add("zeile ü€😀 ".repeat(random.nextInt(4)) + i);
      }
      byte[] bytes = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
      List<String> seen = new ArrayList<>();
      LineSplitter splitter = new LineSplitter(line -> seen.add(line.text()));
      for (int at = 0; at < bytes.length; ) {
        int next = Math.min(bytes.length, at + 1 + random.nextInt(9));
        splitter.accept(Arrays.copyOfRange(bytes, at, next));
        at = next;
      }
      splitter.finish();
      assertThat(seen).as("seed 7, round " + round).isEqualTo(lines);
    }
  }

  @Test
  void aLineLongerThanTheBoundIsCutAndMarkedAndTheNextOneIsWhole() {
    List<LineSplitter.Line> seen = new ArrayList<>();
    LineSplitter splitter = new LineSplitter(10, seen::add);
    splitter.accept("0123456789abcdef".getBytes(StandardCharsets.UTF_8));
    splitter.accept("ghi\nshort\n0123456789\n".getBytes(StandardCharsets.UTF_8));
    assertThat(seen)
        .containsExactly(
            new LineSplitter.Line("0123456789", true),
            new LineSplitter.Line("short", false),
            new LineSplitter.Line("0123456789", false));
  }

  @Test
  void carriageReturnsBeforeLineEndsAreDroppedAndNulBytesAreNoticed() {
    List<LineSplitter.Line> seen = new ArrayList<>();
    LineSplitter splitter = new LineSplitter(seen::add);
    splitter.accept("a\r\n\n".getBytes(StandardCharsets.UTF_8));
    assertThat(splitter.binary()).isFalse();
    splitter.accept(new byte[] {'b', 0, (byte) 0xff});
    splitter.finish();
    splitter.finish();
    assertThat(seen)
        .containsExactly(
            new LineSplitter.Line("a", false),
            new LineSplitter.Line("", false),
            new LineSplitter.Line("b\0\ufffd", false));
    assertThat(splitter.binary()).isTrue();
  }
}
