package dev.regatta.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("journal.jsonl");
  }

  @Test
  void everyKindOfEventComesBackAsItWasWritten() {
    RandomEvents random = new RandomEvents(20261121);
    List<Event> events = new ArrayList<>();
    for (Class<?> kind : RandomEvents.kinds().values()) {
      for (int i = 0; i < 100; i++) {
        events.add((Event) random.record(kind));
      }
    }
    Journals.write(file, events);
    JournalReader.Contents contents = JournalReader.read(file);
    assertThat(contents.integrity()).isEqualTo(new JournalReader.Intact());
    for (int i = 0; i < events.size(); i++) {
      assertThat(contents.events().get(i)).as("seed 20261121, event " + i).isEqualTo(events.get(i));
    }
  }

  @Test
  void eachEventIsOneLineThatNoTerminalCanBeHarmedBy() throws IOException {
    RandomEvents random = new RandomEvents(3);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      events.add(random.any());
    }
    Journals.write(file, events);
    byte[] bytes = Files.readAllBytes(file);
    long ends = 0;
    for (byte each : bytes) {
      ends += each == '\n' ? 1 : 0;
      assertThat(each == '\n' || each < 0 || each >= ' ').as("no control character").isTrue();
    }
    assertThat(ends).isEqualTo(events.size());
  }

  @Test
  void aTextOfAMegabyteIsOneLineAndTheNextIsNotBurdenedByIt() {
    Event long1 = new Event.Noted("info", "😀\"\n".repeat(1 << 18));
    Event brief = new Event.Noted("info", "brief");
    Journals.write(file, List.of(brief, long1, brief, long1, brief));
    assertThat(JournalReader.read(file).events())
        .containsExactly(brief, long1, brief, long1, brief);
  }

  @Test
  void halfASurrogatePairComesBackAsItIsWhereverItStands() throws IOException {
    List<Event> events = new ArrayList<>();
    for (int before = 0; before < 40; before++) {
      for (String half : List.of("\ud83d", "\ude00", "\ude00\ud83d")) {
        // Around the sizes of the JSON writer's buffers, where a pair may be cut in two.
        events.add(new Event.Noted("info", "x".repeat(before) + half + "b"));
        events.add(new Event.Noted("info", "x".repeat(1980 + before) + half));
        events.add(new Event.Noted("info", "x".repeat(7980 + before) + half + "\ud83d\ude00"));
      }
    }
    Journals.write(file, events);
    JournalReader.Contents contents = JournalReader.read(file);
    assertThat(contents.integrity()).isEqualTo(new JournalReader.Intact());
    assertThat(contents.events()).isEqualTo(events);
    UnaryOperator<String> redact = text -> text.replace("bb", "[secret]");
    Path second = folder.resolve("second.jsonl");
    try (Journal journal = Journal.create(second, Journals.clock(), redact)) {
      journal.append(new Event.Noted("info", "bb \ud83d"));
    }
    assertThat(JournalReader.read(second).events())
        .containsExactly(new Event.Noted("info", "[secret] \ud83d"));
  }

  @Test
  void numberTimeAndElapsedTimeOfEachLineGoUp() throws IOException {
    Journals.lines(file, 3);
    List<Entry> entries = JournalReader.read(file).entries();
    assertThat(entries).extracting(Entry::sequence).containsExactly(1L, 2L, 3L);
    assertThat(entries)
        .extracting(Entry::nanos)
        .containsExactly(1_000_000L, 2_000_000L, 3_000_000L);
    assertThat(entries.getFirst().at()).hasToString("2026-11-21T10:14:02.501+01:00");
  }

  @Test
  void aSecretIsTakenOutOfValuesListsAndNames() throws IOException {
    // Found in the text as it is written: there the quote is escaped.
    UnaryOperator<String> escaped =
        text -> text.replace("tok\\\"en", "[secret]").replace("tok\"en", "[secret]");
    Path second = folder.resolve("second.jsonl");
    try (Journal journal = Journal.create(second, Journals.clock(), escaped)) {
      journal.append(
          new Event.PlanRecorded(
              1,
              1,
              List.of("has tok\"en in it"),
              List.of("clean"),
              List.of(),
              false,
              Map.of("tok\"en", 1.0),
              "command",
              "tok\"en",
              null));
    }
    JournalReader.Contents contents = JournalReader.read(second);
    assertThat(contents.integrity()).isEqualTo(new JournalReader.Intact());
    assertThat(contents.events())
        .containsExactly(
            new Event.PlanRecorded(
                1,
                1,
                List.of("has [secret] in it"),
                List.of("clean"),
                List.of(),
                false,
                Map.of("[secret]", 1.0),
                "command",
                "[secret]",
                null));
  }

  @Test
  void anEventOfALaterVersionIsKeptAsItStands() throws IOException {
    Event unknown =
        Lines.event(Lines.tree("{\"type\":\"moon-landed\",\"crew\":2,\"text\":\"<b>\"}"));
    assertThat(unknown)
        .isEqualTo(
            new Event.Unrecognized(
                "moon-landed", "{\"type\":\"moon-landed\",\"crew\":2,\"text\":\"<b>\"}"));
    Event more =
        Lines.event(
            Lines.tree("{\"type\":\"noted\",\"level\":\"info\",\"text\":\"t\",\"added\":1}"));
    assertThat(more).as("a field more is no harm").isEqualTo(new Event.Noted("info", "t"));
    assertThat(Lines.event(Lines.tree("{\"type\":\"attempt-ended\",\"outcome\":\"melted\"}")))
        .as("an outcome that is not in the closed set")
        .isInstanceOf(Event.Unrecognized.class);
  }

  @Test
  void onlyItsOwnerCanReadIt() throws IOException {
    Journals.lines(file, 1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void anInterruptedThreadWritesItsLineAndTheJournalStaysOpenForOthers() {
    try (Journal journal = Journal.create(file, Journals.clock(), UnaryOperator.identity())) {
      Thread.currentThread().interrupt();
      journal.append(new Event.Noted("info", "interrupted"));
      assertThat(Thread.interrupted()).as("the interrupt is not lost").isTrue();
      journal.append(new Event.Noted("info", "after"));
      Thread.currentThread().interrupt();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(JournalReader.read(file).events()).hasSize(2);
  }

  @Test
  void linesOfManyThreadsAreNeverMixedAndTheChainHolds() throws Exception {
    try (Journal journal = Journal.create(file, Journals.clock(), UnaryOperator.identity())) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String name = "thread " + i;
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  for (int j = 0; j < 200; j++) {
                    journal.append(new Event.Noted("info", name + " " + "x".repeat(j * 7)));
                  }
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    JournalReader.Contents contents = JournalReader.read(file);
    assertThat(contents.integrity()).isEqualTo(new JournalReader.Intact());
    assertThat(contents.entries()).hasSize(1600);
  }

  @Test
  void aFileThatIsThereIsNotWrittenOver() throws IOException {
    Files.writeString(file, "mine");
    assertThatThrownBy(() -> Journals.lines(file, 1))
        .isInstanceOf(JournalBroken.class)
        .hasMessage(file + " is there already; a run has a journal of its own");
    assertThat(file).hasContent("mine");
  }

  @Test
  void aFolderThatIsMissingOrAFileIsNamed() throws IOException {
    Path absent = folder.resolve("no/journal.jsonl");
    assertThatThrownBy(() -> Journals.lines(absent, 1))
        .isInstanceOf(JournalBroken.class)
        .hasMessage(
            "the journal " + absent + " could not be made: there is no such file or folder");
    Path plain = Files.writeString(folder.resolve("plain"), "x");
    Path within = plain.resolve("journal.jsonl");
    assertThatThrownBy(() -> Journals.lines(within, 1))
        .isInstanceOf(JournalBroken.class)
        .hasMessage("the journal " + within + " could not be made: Not a directory");
    assertThatThrownBy(() -> JournalReader.read(absent))
        .isInstanceOf(JournalBroken.class)
        .hasMessage(
            "the journal " + absent + " could not be read: there is no such file or folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/full", "/dev", "/dev/zero"})
  void whatIsNoPlainFileIsNotRead(String special) {
    assertThatThrownBy(() -> JournalReader.read(Path.of(special)))
        .isInstanceOf(JournalBroken.class)
        .hasMessage(special + " is not a plain file, so it is no journal");
  }

  @Test
  void aFullDiskIsAnErrorThatNamesTheFileAndNothingIsWrittenAfterIt() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    try (FileOutputStream out = new FileOutputStream(full.toFile())) {
      Journal journal =
          new Journal(full, Journals.clock(), UnaryOperator.identity(), out, 0, Lines.ORIGIN);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> journal.append(new Event.Noted("info", "x")))
            .isInstanceOf(JournalBroken.class)
            .hasMessage("the journal /dev/full could not be written: No space left on device");
      }
    }
  }

  @Test
  void afterItsEndNothingFollowsAndEndingTwiceIsFine() throws IOException {
    Journal journal = Journal.create(file, Journals.clock(), UnaryOperator.identity());
    journal.append(new Event.Noted("info", "x"));
    journal.close();
    journal.close();
    assertThatThrownBy(() -> journal.append(new Event.Noted("info", "y")))
        .isInstanceOf(JournalBroken.class)
        .hasMessage("the journal " + file + " is closed: nothing can follow");
    assertThat(Files.readString(file, StandardCharsets.UTF_8)).hasLineCount(1);
  }
}
