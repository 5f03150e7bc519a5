package dev.regatta.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was done to a journal after it was written is found, and where. */
class JournalChainTest {
  @TempDir Path folder;

  @Test
  void aHashIsThatOfTheLineBeforeAndOfThisLineWithoutItsHash() throws Exception {
    Path file = folder.resolve("journal.jsonl");
    Journals.lines(file, 5);
    String previous = "0".repeat(64);
    for (String line : Files.readAllLines(file)) {
      int hashAt = line.lastIndexOf(",\"hash\":\"");
      byte[] body = (previous + "\n" + line.substring(0, hashAt) + "}").getBytes("UTF-8");
      String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
      assertThat(line).endsWith(",\"hash\":\"" + hash + "\"}");
      previous = hash;
    }
    assertThat(JournalReader.read(file).entries().getLast().hash()).isEqualTo(previous);
  }

  @Test
  void anyByteThatIsFlippedIsFoundInItsLine() throws IOException {
    byte[] whole = Journals.lines(folder.resolve("whole"), 6);
    Random random = new Random(11);
    Path file = folder.resolve("flipped");
    for (int at = 0; at < whole.length; at++) {
      byte[] bytes = whole.clone();
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bytes);
      long line = lineOf(whole, at);
      JournalReader.Contents contents = JournalReader.read(file);
      assertThat(contents.entries()).as("byte %s", at).hasSize((int) line - 1);
      if (at == whole.length - 1) {
        assertThat(contents.integrity()).isEqualTo(new JournalReader.Torn(line));
      } else {
        assertThat(brokenAt(contents)).as("byte %s", at).isEqualTo(line);
      }
    }
  }

  @Test
  void bytesThatAreNoUtf8AreFoundAlsoWhereAReplacementCharacterStood() throws IOException {
    Path file = folder.resolve("journal.jsonl");
    Journals.write(file, List.of(new Event.Noted("info", "\ufffd"), new Event.Noted("info", "b")));
    byte[] bytes = Files.readAllBytes(file);
    String latin = new String(bytes, StandardCharsets.ISO_8859_1);
    // Decoded, the byte FF is the same replacement character as the three that stood there.
    Files.write(
        file, latin.replace("\u00ef\u00bf\u00bd", "\u00ff").getBytes(StandardCharsets.ISO_8859_1));
    assertThat(brokenAt(JournalReader.read(file))).isEqualTo(1);
  }

  @Test
  void aLineThatIsMissingIsFoundWhereItStood() throws IOException {
    List<String> lines = lines(7);
    for (int missing = 0; missing < 6; missing++) {
      List<String> others = new ArrayList<>(lines);
      others.remove(missing);
      assertThat(brokenAt(read(others))).isEqualTo(missing + 1);
    }
  }

  @Test
  void linesThatChangedPlacesAreFoundAtTheFirstOfThem() throws IOException {
    List<String> lines = lines(7);
    for (int first = 0; first < 6; first++) {
      List<String> swapped = new ArrayList<>(lines);
      Collections.swap(swapped, first, first + 1);
      assertThat(brokenAt(read(swapped))).isEqualTo(first + 1);
    }
  }

  @Test
  void aLineThatStandsTwiceOrWasPutInIsFound() throws IOException {
    List<String> lines = lines(4);
    List<String> twice = new ArrayList<>(lines);
    twice.add(2, lines.get(1));
    assertThat(brokenAt(read(twice))).isEqualTo(3);
    List<String> empty = new ArrayList<>(lines);
    empty.add(2, "");
    assertThat(brokenAt(read(empty))).isEqualTo(3);
  }

  @Test
  void whatFollowsAPlaceIsReadAsIfTheWholeHadBeen() throws IOException {
    Path file = folder.resolve("journal.jsonl");
    byte[] whole = Journals.lines(file, 6);
    JournalReader.Contents all = JournalReader.read(file);
    int third = 0;
    for (int lines = 0; lines < 3; third++) {
      lines += whole[third] == '\n' ? 1 : 0;
    }
    Files.write(file, Arrays.copyOf(whole, third + 5));
    JournalReader.Contents begun = JournalReader.read(file);
    assertThat(begun.integrity()).isEqualTo(new JournalReader.Torn(4));
    JournalReader.Place place = JournalReader.Place.BEGINNING.after(begun);
    assertThat(place.lines()).isEqualTo(3);
    assertThat(place.bytes()).isEqualTo(third);
    Files.write(file, whole);
    JournalReader.Contents rest = JournalReader.read(file, place);
    assertThat(rest.entries()).isEqualTo(all.entries().subList(3, 6));
    assertThat(rest.integrity()).isEqualTo(new JournalReader.Intact());
    assertThat(rest.wholeBytes()).isEqualTo(all.wholeBytes());
    assertThat(place.after(rest)).isEqualTo(JournalReader.Place.BEGINNING.after(all));
    whole[third + 10] ^= 1;
    Files.write(file, whole);
    assertThat(brokenAt(JournalReader.read(file, place))).isEqualTo(4);
    assertThat(place.after(JournalReader.read(file, place))).isEqualTo(place);
  }

  @Test
  void aFaultIsToldInWords() throws IOException {
    List<String> lines = lines(2);
    assertThat(read(List.of("hello")).integrity())
        .isEqualTo(
            new JournalReader.Broken(1, "it is no journal line: it does not end with a hash"));
    assertThat(read(List.of(lines.get(0).replace("line 1", "line X"), lines.get(1))).integrity())
        .isEqualTo(
            new JournalReader.Broken(
                1,
                "its hash does not follow from it and the line before: one of them was changed"));
  }

  @Test
  void aRightHashDoesNotMakeALineOutOfNonsense() throws Exception {
    for (String body : List.of("{nonsense}", "{}", "{\"seq\":2}", "[[[[{}]]]]}", "{\"seq\":1}")) {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(("0".repeat(64) + "\n" + body).getBytes(StandardCharsets.UTF_8));
      String hash = HexFormat.of().formatHex(digest);
      String line = body.substring(0, body.length() - 1) + ",\"hash\":\"" + hash + "\"}";
      assertThat(brokenAt(read(List.of(line)))).as(body).isEqualTo(1);
    }
  }

  @Test
  void aLastLineCutAnywhereIsTornAndGoneOnWithWithoutIt() throws IOException {
    byte[] whole = Journals.lines(folder.resolve("whole"), 3);
    int lastLine = start(whole, 3);
    Path file = folder.resolve("torn");
    for (int length = lastLine + 1; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      JournalReader.Contents contents = JournalReader.read(file);
      assertThat(contents.integrity()).isEqualTo(new JournalReader.Torn(3));
      assertThat(contents.entries()).hasSize(2);
      assertThat(contents.wholeBytes()).isEqualTo(lastLine);
      try (Journal journal = Journal.reopen(file, Journals.clock(), UnaryOperator.identity())) {
        journal.append(new Event.Noted("info", "gone on"));
      }
      JournalReader.Contents after = JournalReader.read(file);
      assertThat(after.integrity()).isEqualTo(new JournalReader.Intact());
      assertThat(after.entries()).extracting(Entry::sequence).containsExactly(1L, 2L, 3L);
      assertThat(after.events().getLast()).isEqualTo(new Event.Noted("info", "gone on"));
    }
  }

  @Test
  void anEmptyFileIsIntactAndCanBeGoneOnWith() throws IOException {
    Path file = Files.createFile(folder.resolve("empty"));
    assertThat(JournalReader.read(file).integrity()).isEqualTo(new JournalReader.Intact());
    try (Journal journal = Journal.reopen(file, Journals.clock(), UnaryOperator.identity())) {
      journal.append(new Event.Noted("info", "first"));
    }
    assertThat(JournalReader.read(file).entries()).hasSize(1);
  }

  @Test
  void aBrokenJournalIsRefusedWithFileLineAndReasonAndLeftAsItIs() throws IOException {
    Path file = folder.resolve("broken");
    List<String> lines = lines(3);
    Files.writeString(file, String.join("\n", lines.get(0), lines.get(2), lines.get(1)) + "\n");
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(() -> Journal.reopen(file, Journals.clock(), UnaryOperator.identity()))
        .isInstanceOf(JournalBroken.class)
        .hasMessage(
            file
                + ":2: its hash does not follow from it and the line before: one of them was"
                + " changed; it is not gone on with");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  private List<String> lines(int count) throws IOException {
    Path file = folder.resolve("lines-" + System.nanoTime());
    Journals.lines(file, count);
    return Files.readAllLines(file);
  }

  private JournalReader.Contents read(List<String> lines) throws IOException {
    Path file = folder.resolve("changed");
    Files.writeString(file, String.join("\n", lines) + "\n");
    return JournalReader.read(file);
  }

  private static long brokenAt(JournalReader.Contents contents) {
    assertThat(contents.integrity()).isInstanceOf(JournalReader.Broken.class);
    return ((JournalReader.Broken) contents.integrity()).line();
  }

  private static long lineOf(byte[] bytes, int at) {
    long line = 1;
    for (int i = 0; i < at; i++) {
      line += bytes[i] == '\n' ? 1 : 0;
    }
    return line;
  }

  private static int start(byte[] bytes, long line) {
    int at = 0;
    while (lineOf(bytes, at) < line) {
      at++;
    }
    return at;
  }
}
