package dev.regatta.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal that is read while it grows. */
class JournalTailTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void file() {
    file = folder.resolve("journal.jsonl");
  }

  private static List<Entry> all(JournalTail tail) throws IOException {
    List<Entry> all = new ArrayList<>();
    List<Entry> part = tail.next();
    while (!part.isEmpty()) {
      all.addAll(part);
      part = tail.next();
    }
    return all;
  }

  private void append(byte[] bytes) throws IOException {
    Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Test
  void whatIsNotThereYetHasNothingToRead() throws IOException {
    assertThat(new JournalTail(file).next()).isEmpty();
  }

  @Test
  void eachLineComesOnceHoweverTheFileGrows() throws IOException {
    byte[] whole = Journals.lines(folder.resolve("made"), 300);
    Random random = new Random(7);
    JournalTail tail = new JournalTail(file);
    List<Entry> read = new ArrayList<>();
    int at = 0;
    while (at < whole.length) {
      int to = Math.min(whole.length, at + 1 + random.nextInt(400));
      append(Arrays.copyOfRange(whole, at, to));
      read.addAll(all(tail));
      at = to;
    }
    assertThat(read).isEqualTo(JournalReader.read(file).entries()).hasSize(300);
    assertThat(tail.next()).isEmpty();
  }

  @Test
  void aLineThatWasCutShortAndTakenAwayIsNotSeen() throws IOException {
    byte[] whole = Journals.lines(folder.resolve("made"), 3);
    append(whole);
    append("{\"seq\":4,\"at\":\"2026".getBytes("UTF-8"));
    JournalTail tail = new JournalTail(file);
    assertThat(all(tail)).hasSize(3);
    try (Journal journal = Journal.reopen(file, Journals.clock(), UnaryOperator.identity())) {
      journal.append(new Event.Noted("info", "went on"));
    }
    assertThat(all(tail))
        .singleElement()
        .extracting(Entry::event)
        .isEqualTo(new Event.Noted("info", "went on"));
  }

  @Test
  void whatIsNoJournalLineIsPassedOver() throws IOException {
    byte[] whole = Journals.lines(folder.resolve("made"), 1);
    append("no line\n{}\n\n{\"seq\":1,\"event\":{},\"hash\":\"x\"}\n".getBytes("UTF-8"));
    append(whole);
    assertThat(all(new JournalTail(file)))
        .isEqualTo(JournalReader.read(folder.resolve("made")).entries());
  }

  @Test
  void aLineOfManyMegabytesIsReadAndOneTooLongIsPassedOver() throws IOException {
    Path made = folder.resolve("made");
    Journals.write(
        made,
        List.of(new Event.Noted("info", "x".repeat(3 << 20)), new Event.Noted("info", "the next")));
    append(Files.readAllBytes(made));
    assertThat(all(new JournalTail(file))).isEqualTo(JournalReader.read(made).entries());
    assertThat(all(new JournalTail(file, 1 << 20)))
        .singleElement()
        .extracting(Entry::event)
        .isEqualTo(new Event.Noted("info", "the next"));
  }

  private static List<JournalTail.Line> lines(JournalTail tail) throws IOException {
    List<JournalTail.Line> all = new ArrayList<>();
    List<JournalTail.Line> part = tail.lines();
    while (!part.isEmpty()) {
      all.addAll(part);
      part = tail.lines();
    }
    return all;
  }

  @Test
  void linesComeAsTheyStandWithTheirNumbersOnceTheyAreWhole() throws IOException {
    JournalTail tail = new JournalTail(file);
    append("first\n\nth".getBytes(StandardCharsets.UTF_8));
    assertThat(lines(tail))
        .containsExactly(new JournalTail.Line(1, "first"), new JournalTail.Line(2, ""));
    append("i\u00e9\n\u00ff".getBytes(StandardCharsets.UTF_8));
    append(new byte[] {(byte) 0xff, '\n'});
    assertThat(lines(tail))
        .containsExactly(
            new JournalTail.Line(3, "thi\u00e9"), new JournalTail.Line(4, "\u00ff\ufffd"));
    assertThat(lines(tail)).isEmpty();
  }

  @Test
  void aLineThatIsTooLongIsCountedAndPassedOverHoweverItGrows() throws IOException {
    JournalTail tail = new JournalTail(file, 1_000);
    append("first\n".getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < 10; i++) {
      append("x".repeat(700).getBytes(StandardCharsets.UTF_8));
      assertThat(lines(tail)).hasSize(i == 0 ? 1 : 0);
    }
    append(("\nthird\n" + "y".repeat(999) + "\n").getBytes(StandardCharsets.UTF_8));
    assertThat(lines(tail))
        .containsExactly(
            new JournalTail.Line(3, "third"), new JournalTail.Line(4, "y".repeat(999)));
  }

  @Test
  void aFileThatCannotBeReadIsAnError() throws IOException {
    Files.createDirectory(file);
    Files.createFile(file.resolve("so that it has a size"));
    assertThatThrownBy(() -> new JournalTail(file).next()).isInstanceOf(IOException.class);
  }
}
