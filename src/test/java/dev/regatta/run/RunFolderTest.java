package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunFolderTest {
  @TempDir Path place;

  private Path write(String name, String text) throws IOException {
    Path file = place.resolve("out").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private RunFolder prepare() {
    return RunFolder.prepare(place.resolve("out"), List.of("report.txt"));
  }

  private void refusedFor(Path file) {
    assertThatExceptionOfType(RunFolder.Taken.class)
        .isThrownBy(this::prepare)
        .withMessageStartingWith(file.toString())
        .withMessageContaining("name another folder");
  }

  private RunFolder ended() throws IOException {
    RunFolder folder = prepare();
    Files.writeString(folder.journal(), "x");
    folder.madeJournal();
    Files.writeString(folder.output("r1-parallel-1"), "x");
    Files.writeString(folder.work("r1-parallel-1").resolve("answer.txt"), "x");
    folder.config("abc");
    Files.writeString(folder.begin("report.txt"), "x");
    folder.complete("report.txt");
    folder.recordManifest(List.of());
    return folder;
  }

  @Test
  void theNextRunClearsWhatTheEarlierOneMadeAndOnlyThat() throws Exception {
    Path out = ended().path();
    Path notes = write("notes.txt", "mine");

    prepare();

    assertThat(out.resolve("journal.jsonl")).doesNotExist();
    assertThat(out.resolve("report.txt")).doesNotExist();
    assertThat(out.resolve("work")).doesNotExist();
    assertThat(out.resolve("config")).doesNotExist();
    assertThat(out.resolve("attempts")).isEmptyDirectory();
    assertThat(notes).hasContent("mine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "config/database.yml",
        "work/thesis.txt",
        "attempts/first.txt",
        "report.txt",
        "report.txt.part",
        "journal.jsonl",
        "manifest.txt",
        "manifest.txt.part"
      })
  void aFileThatNoRunMadeIsRefusedAndKept(String name) throws Exception {
    Path mine = write(name, "mine");
    refusedFor(mine);
    assertThat(mine).hasContent("mine");
    assertThat(Files.list(place.resolve("out"))).as("nothing else was made").hasSize(1);
  }

  @Test
  void whatSomebodyPutIntoTheFoldersOfAnEndedRunIsRefusedBeforeAnythingIsCleared()
      throws Exception {
    RunFolder first = ended();
    Path mine = write("work/r1-parallel-1/mine.txt", "mine");
    refusedFor(mine);
    assertThat(mine).hasContent("mine");
    assertThat(first.path().resolve("report.txt")).exists();
    Files.delete(mine);
    prepare();
    assertThat(first.path().resolve("report.txt")).doesNotExist();
  }

  @Test
  void whatARunLeftThatWasKilledIsClearedWhole() throws Exception {
    RunFolder killed = prepare();
    Files.writeString(killed.journal(), "x");
    killed.madeJournal();
    Files.writeString(killed.output("r1-sequential-1"), "x");
    Files.writeString(killed.work("r1-sequential-1").resolve("out.txt"), "x");
    Files.writeString(killed.config("abc").resolve("settings.json"), "x");
    Files.writeString(killed.begin("report.txt"), "x");

    assertThat(prepare().work("r1-sequential-1")).isEmptyDirectory();

    assertThat(killed.path().resolve("config")).doesNotExist();
    assertThat(killed.journal()).doesNotExist();
    assertThat(killed.path().resolve("report.txt.part")).doesNotExist();
  }

  @Test
  void anAttemptsFolderIsNew() {
    RunFolder folder = prepare();
    folder.work("r1-sequential-1");
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> folder.work("r1-sequential-1"));
  }

  @Test
  void aReportIsNotWrittenOverAFileThatCameMeanwhile() throws Exception {
    RunFolder folder = prepare();
    folder.begin("report.txt");
    Path mine = write("report.txt", "mine");
    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> folder.complete("report.txt"));
    assertThat(mine).hasContent("mine");
    refusedFor(mine);
  }

  @Test
  void aForgedManifestLeadsNowhereElse() throws Exception {
    Path precious = Files.writeString(place.resolve("precious.txt"), "keep");
    Path linked = Files.createDirectory(place.resolve("elsewhere")).resolve("linked.txt");
    Files.writeString(linked, "keep");
    Path source = write("source.txt", "keep");
    Files.createSymbolicLink(place.resolve("out/link"), place.resolve("elsewhere"));
    Files.createSymbolicLink(place.resolve("out/work"), place.resolve("elsewhere"));
    ended(place.resolve("other"));
    String head = Files.readAllLines(place.resolve("other/manifest.txt")).getFirst();
    write(
        "manifest.txt",
        head
            + "\nmanifest.txt\n../precious.txt\n"
            + precious
            + "\nsource.txt\nlink/linked.txt\nwork/linked.txt\nall of work/\nall of /\n.\n..\n");
    refusedFor(place.resolve("out/work"));
    Files.delete(place.resolve("out/work"));
    prepare();
    assertThat(precious).hasContent("keep");
    assertThat(linked).hasContent("keep");
    assertThat(source).hasContent("keep");
  }

  private static void ended(Path out) {
    RunFolder.prepare(out).recordManifest(List.of());
  }

  @Test
  void aFileWhoseNameWouldForgeALineIsNotListed() throws Exception {
    RunFolder first = prepare();
    Path forged = first.work("a").resolve("x\rall of work");
    Files.createDirectory(forged);
    first.recordManifest(List.of());
    assertThat(first.path().resolve("manifest.txt")).content().doesNotContain("all of");
    assertThatExceptionOfType(RunFolder.Taken.class).isThrownBy(this::prepare);
  }

  @Test
  void aLinkThatAnAgentMadeIsRemovedAndNotFollowed() throws Exception {
    Path precious = Files.writeString(place.resolve("precious.txt"), "keep");
    for (boolean ended : new boolean[] {true, false}) {
      RunFolder first = prepare();
      Path link = first.work("a").resolve("link");
      Files.createSymbolicLink(link, place);
      if (ended) {
        first.recordManifest(List.of());
      }
      prepare();
      assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
      assertThat(precious).hasContent("keep");
    }
  }
}
