package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class NotesTest {
  private final Notes notes = new Notes();

  @Test
  void notesAreReadInTheOrderTheyCame() throws Exception {
    notes.post("a.1", "first\nline");
    notes.post("b.1", "second");
    assertThat(notes.after(0, 10))
        .extracting(Notes.Note::text)
        .containsExactly("first\nline", "second");
    assertThat(notes.after(1, 10)).containsExactly(new Notes.Note(2, "b.1", "second"));
    assertThat(notes.after(0, 1)).hasSize(1);
    assertThat(notes.after(99, 10)).isEmpty();
    assertThat(notes.after(-3, 10)).hasSize(2);
  }

  @Test
  void whatATerminalWouldActOnIsWrittenOut() throws Exception {
    assertThat(notes.post("a.1", "red \u001b[31m\r\nback\u202e").text())
        .isEqualTo("red \\x1b[31m\nback\\u202e");
  }

  @Test
  void aNoteThatIsEmptyOrTooLongIsRefused() {
    assertRefused("a.1", " \n", "a note must not be empty");
    assertRefused(
        "a.1", "x".repeat(Notes.LONGEST + 1), "at most 4000 characters, and this one has 4001");
  }

  @Test
  void neitherOneAgentNorAllOfThemCanLeaveEndlessNotes() throws Exception {
    for (int agent = 0; agent * Notes.MOST_OF_ONE < Notes.MOST; agent++) {
      for (int i = 0; i < Notes.MOST_OF_ONE; i++) {
        notes.post("a." + agent, "note");
      }
      assertRefused("a." + agent, "one more", "may leave 50 notes, and you have");
    }
    assertRefused("late.1", "hello", "a run keeps 1000 notes, and there are as many");
    assertThat(notes.after(0, Integer.MAX_VALUE)).hasSize(Notes.MOST);
    assertThat(List.copyOf(notes.after(999, 5))).hasSize(1);
  }

  private void assertRefused(String author, String text, String reason) {
    assertThatThrownBy(() -> notes.post(author, text))
        .isInstanceOf(Notes.Refused.class)
        .hasMessageContaining(reason);
  }
}
