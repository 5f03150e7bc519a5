package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regatta.journal.Event;
import dev.regatta.journal.Journal;
import dev.regatta.journal.Outcome;
import dev.regatta.journal.RunClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The attempts of a run whose journal is written while it is asked for. */
class AttemptsTest {
  @TempDir Path folder;
  private final AttemptsRead read = new AttemptsRead(text -> text.replace("sesame", "***"));

  private Path file() {
    return folder.resolve("journal.jsonl");
  }

  private static Event started(String attempt) {
    return new Event.AttemptStarted(
        attempt, attempt, null, null, 1, "claude", null, null, null, null, null, 7, 0, 0, 0);
  }

  private static Event ended(String attempt) {
    return Event.AttemptEnded.withoutProcess(attempt, Outcome.LOST, "sesame is gone", 5);
  }

  private List<String> states(Path journal) {
    return read.of(journal)
        .all()
        .get("attempts")
        .valueStream()
        .map(each -> each.get("attempt").asString() + " " + each.get("state").asString())
        .toList();
  }

  @Test
  void whatIsWrittenMeanwhileIsInTheNextAnswerAndWhatWasAnsweredStaysAsItWas() throws Exception {
    try (Journal journal = Journal.create(file(), RunClock.system(), text -> text)) {
      assertThat(states(file())).isEmpty();
      journal.append(started("a.1"));
      journal.append(started("b.1"));
      assertThat(states(file())).containsExactly("a.1 running", "b.1 running");
      JsonNode before = read.of(file()).one("a.1");
      journal.append(ended("a.1"));
      journal.append(ended("c.1"));
      assertThat(states(file())).containsExactly("a.1 ended", "b.1 running", "c.1 ended");
      assertThat(before.get("state").asString()).isEqualTo("running");
      assertThat(read.of(file()).one("a.1").get("reason").asString()).isEqualTo("*** is gone");
      assertThatThrownBy(() -> read.of(file()).one("d.1"))
          .isInstanceOf(Refused.class)
          .hasMessageContaining("no attempt 'd.1'");
    }
  }

  @Test
  void whatWasReadIsNotReadAgain() throws IOException {
    try (Journal journal = Journal.create(file(), RunClock.system(), text -> text)) {
      journal.append(started("a.1"));
      assertThat(states(file())).containsExactly("a.1 running");
      byte[] bytes = Files.readAllBytes(file());
      bytes[10] ^= 1; // who read it from its beginning would come no further than this
      Files.write(file(), bytes);
      journal.append(ended("a.1"));
      assertThat(states(file())).containsExactly("a.1 ended");
    }
  }

  @Test
  void aJournalThatIsAnotherOneNowIsReadAnew() throws IOException {
    try (Journal journal = Journal.create(file(), RunClock.system(), text -> text)) {
      journal.append(started("a.1"));
      journal.append(started("b.1"));
    }
    assertThat(states(file())).hasSize(2);
    for (List<String> others : List.of(List.of("c.1"), List.of("d.1", "e.1", "f.1"))) {
      Files.delete(file());
      try (Journal journal = Journal.create(file(), RunClock.system(), text -> text)) {
        others.forEach(attempt -> journal.append(started(attempt)));
      }
      assertThat(states(file()))
          .containsExactlyElementsOf(others.stream().map(each -> each + " running").toList());
    }
  }

  @Test
  void beforeAFaultThereIsWhatThereIs() throws IOException {
    try (Journal journal = Journal.create(file(), RunClock.system(), text -> text)) {
      journal.append(started("a.1"));
      journal.append(started("b.1"));
    }
    String text = Files.readString(file());
    Files.write(file(), text.replace("b.1", "x.1").getBytes(StandardCharsets.UTF_8));
    assertThat(states(file())).containsExactly("a.1 running");
    assertThat(states(file())).containsExactly("a.1 running");
  }

  @Test
  void ofMoreRunsThanAreKeptEachIsAnsweredAllTheSame() throws IOException {
    for (int round = 0; round < 2; round++) {
      for (int run = 0; run < 20; run++) {
        Path journal = folder.resolve(run + ".jsonl");
        if (round == 0) {
          try (Journal made = Journal.create(journal, RunClock.system(), text -> text)) {
            made.append(started("r" + run));
          }
        }
        assertThat(states(journal)).containsExactly("r" + run + " running");
      }
    }
  }
}
