package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir Path place;

  @Test
  void theNextRunClearsWhatTheEarlierOneMadeAndOnlyThat() throws Exception {
    Path out = place.resolve("out");
    RunFolder first = RunFolder.prepare(out);
    Files.writeString(first.journal(), "x");
    Files.writeString(first.output("r1-parallel-1"), "x");
    Files.writeString(first.work("r1-parallel-1").resolve("answer.txt"), "x");
    Files.writeString(first.path().resolve("report.txt"), "x");
    first.recordManifest(List.of("report.txt"));
    Path notes = Files.writeString(out.resolve("notes.txt"), "mine");
    Path kept = Files.writeString(out.resolve("work/r1-parallel-1/mine.txt"), "mine");

    RunFolder second = RunFolder.prepare(out);

    assertThat(second.journal()).doesNotExist();
    assertThat(out.resolve("report.txt")).doesNotExist();
    assertThat(second.output("r1-parallel-1")).doesNotExist();
    assertThat(out.resolve("work/r1-parallel-1/answer.txt")).doesNotExist();
    assertThat(notes).hasContent("mine");
    assertThat(kept).as("made after the run, so not in its manifest").hasContent("mine");
  }

  @Test
  void emptyFoldersOfTheEarlierRunGoToo() throws Exception {
    RunFolder first = RunFolder.prepare(place.resolve("out"));
    Files.writeString(first.work("r1-sequential-1").resolve("answer.txt"), "x");
    first.config("abc");
    first.recordManifest(List.of());
    RunFolder.prepare(place.resolve("out"));
    assertThat(place.resolve("out/work")).doesNotExist();
    assertThat(place.resolve("out/config")).doesNotExist();
    assertThat(place.resolve("out/attempts")).isEmptyDirectory();
  }

  @Test
  void aForgedManifestLeadsNowhereElse() throws Exception {
    Path precious = Files.writeString(place.resolve("precious.txt"), "keep");
    Path elsewhere = Files.createDirectories(place.resolve("elsewhere"));
    Path linked = Files.writeString(elsewhere.resolve("linked.txt"), "keep");
    Path out = Files.createDirectories(place.resolve("out"));
    Files.createSymbolicLink(out.resolve("link"), elsewhere);
    Files.writeString(
        out.resolve("manifest.txt"),
        "../precious.txt\n" + precious + "\nlink/linked.txt\n.\n..\n\nabsent\n");
    RunFolder.prepare(out);
    assertThat(precious).hasContent("keep");
    assertThat(linked).hasContent("keep");
    assertThat(out).isDirectory();
  }

  @Test
  void aLinkThatAnAgentMadeIsRemovedAndNotFollowed() throws Exception {
    Path precious = Files.writeString(place.resolve("precious.txt"), "keep");
    RunFolder first = RunFolder.prepare(place.resolve("out"));
    Path link = first.work("a").resolve("link");
    Files.createSymbolicLink(link, precious);
    first.recordManifest(List.of());
    RunFolder.prepare(place.resolve("out"));
    assertThat(Files.exists(link, java.nio.file.LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(precious).hasContent("keep");
  }
}
