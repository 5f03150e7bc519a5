package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Lines and parts of lines, however the bytes arrive. */
class OutputLinesTest {
  private final List<OutputLines.Piece> pieces = new ArrayList<>();
  private final OutputLines lines = new OutputLines(pieces::add);

  private void feed(String text, int step) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i += step) {
      lines.accept(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + step)));
    }
  }

  private String all() {
    return pieces.stream().map(OutputLines.Piece::data).collect(Collectors.joining());
  }

  @Test
  void linesComeWithTheirEndsAndTheLastOneWithout() {
    feed("one\ntwo\r\n\nlast", 2);
    assertThat(pieces)
        .extracting(OutputLines.Piece::data)
        .containsExactly("one\n", "two\r\n", "\n");
    lines.finish();
    assertThat(pieces.getLast().data()).isEqualTo("last");
    assertThat(pieces).noneMatch(piece -> piece.truncated() || piece.part().isPresent());
  }

  @Test
  void aLineThatNeverEndsIsSentOnInPartsWhoseNumberIsNotKnownUntilItEnds() {
    String text = "añ🐟".repeat(700_000);
    feed(text, 65_536 - 1);
    assertThat(pieces).isNotEmpty().allMatch(OutputLines.Piece::truncated);
    assertThat(pieces).allMatch(piece -> piece.of().isEmpty());
    lines.finish();
    assertThat(all()).isEqualTo(text);
    OutputLines.Piece last = pieces.getLast();
    assertThat(last.truncated()).isFalse();
    assertThat(last.of()).hasValue(pieces.size());
    assertThat(last.part()).hasValue(pieces.size() - 1);
    assertThat(pieces).allMatch(piece -> piece.data().length() <= OutputLines.LONGEST);
  }

  @Test
  void whateverComesInWhateverStepsIsWholeAndInOrder() {
    long seed = 20261122;
    Random random = new Random(seed);
    for (int round = 0; round < 40; round++) {
      StringBuilder text = new StringBuilder();
      for (int line = 0; line < 6; line++) {
        text.append(
                new String[] {"x", "é", "漢", "🐟"}
                    [random.nextInt(4)].repeat(random.nextInt(round % 5 == 0 ? 400_000 : 70_000)))
            .append('\n');
      }
      pieces.clear();
      feed(text.toString(), 1 + random.nextInt(70_000));
      lines.finish();
      assertThat(all()).as("seed %d, round %d", seed, round).isEqualTo(text.toString());
    }
  }

  @Test
  void bytesThatAreNoTextAreReplacedAndLoseNothingElse() {
    lines.accept(new byte[] {'a', (byte) 0xff, (byte) 0xc3, '\n'});
    assertThat(all()).isEqualTo("a\ufffd\ufffd\n");
  }
}
