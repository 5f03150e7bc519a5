package dev.regatta.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reference page says what the code does. */
class DoctorDocumentTest {
  private final List<String> lines =
      Files.readAllLines(Path.of(System.getProperty("regatta.project"), "docs", "doctor.md"));

  DoctorDocumentTest() throws IOException {}

  @Test
  void theTableHasEveryFindingInItsOrderAndNoOther() {
    assertThat(table("| id | status | when | fix |"))
        .containsExactlyElementsOf(
            Arrays.stream(Diagnosis.values())
                .map(diagnosis ->
                    "| `"
                        + diagnosis.id()
                        + "` | "
                        + diagnosis.status()
                        + " | "
                        + diagnosis.when()
                        + " | "
                        + (diagnosis.fix().isEmpty() ? "" : diagnosis.fix() + " ")
                        + "|")
                .toList());
  }

  @Test
  void theProgramsStandThereEachWithHowItIsInstalled() {
    assertThat(table("| program | install |"))
        .containsExactlyElementsOf(
            Arrays.stream(Tool.values())
                .map(tool -> "| `" + tool.program() + "` | " + tool.install() + " |")
                .toList());
  }

  @Test
  void everyFindingThatIsNotAsItShouldBeSaysWhatHelps() {
    for (Diagnosis diagnosis : Diagnosis.values()) {
      switch (diagnosis.status()) {
        case WARN, FAIL -> assertThat(diagnosis.fix()).as(diagnosis.name()).isNotEmpty();
        case OK -> assertThat(diagnosis.fix()).as(diagnosis.name()).isEmpty();
        case INFO -> {
          // Some have nothing to be done about.
        }
      }
    }
  }

  private List<String> table(String head) {
    int at = lines.indexOf(head);
    assertThat(at).as("a table with the head %s", head).isNotNegative();
    return lines.subList(at + 2, lines.size()).stream()
        .takeWhile(line -> line.startsWith("|"))
        .toList();
  }
}
