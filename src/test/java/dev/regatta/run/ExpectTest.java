package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ExpectTest {
  @TempDir Path folder;

  @Test
  void allThatHoldsGivesNoFailure() throws IOException {
    Files.writeString(folder.resolve("a.txt"), "one two");
    Expect expect =
        new Expect(
            List.of("yes", "no"),
            Optional.of("n.\\b"),
            List.of(new CreatedFile("a.txt", List.of("two", "one"), Optional.of("one two"))));
    assertThat(expect.check("no or yes", folder)).isEmpty();
  }

  @Test
  void everythingThatDoesNotHoldIsTold() throws IOException {
    Files.writeString(folder.resolve("a.txt"), "one\n");
    Expect expect =
        new Expect(
            List.of("yes\u001b"),
            Optional.of("^n$"),
            List.of(new CreatedFile("a.txt", List.of("two"), Optional.of("one"))));
    assertThat(expect.check("maybe", folder))
        .containsExactly(
            "the answer does not contain 'yes\\x1b'",
            "nothing in the answer matches '^n$'",
            "file 'a.txt' differs from what it must equal, first at byte 4 (it has 4 bytes, 3"
                + " expected)",
            "file 'a.txt' does not contain 'two'");
  }

  @Test
  void aFileThatIsNotThereOrNoFileIsTold() throws IOException {
    Files.createDirectory(folder.resolve("sub"));
    assertThat(check("none.txt")).containsExactly("file 'none.txt' is missing");
    assertThat(check("sub")).containsExactly("file 'sub' is not a regular file");
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void aPipeIsNotWaitedOn() throws Exception {
    new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start().waitFor();
    assertThat(Files.exists(folder.resolve("pipe"))).isTrue();
    assertThat(check("pipe")).containsExactly("file 'pipe' is not a regular file");
  }

  @Test
  void aLinkOutOfTheFolderIsNotFollowedAndOneWithinIs(@TempDir Path outside) throws IOException {
    Files.writeString(outside.resolve("secret"), "x");
    Files.createSymbolicLink(folder.resolve("out"), outside.resolve("secret"));
    Files.createSymbolicLink(folder.resolve("away"), outside);
    Files.writeString(folder.resolve("real"), "x");
    Files.createSymbolicLink(folder.resolve("in"), Path.of("real"));
    assertThat(check("out"))
        .containsExactly("file 'out' is a link that leaves the folder; it was not opened");
    assertThat(check("away/secret"))
        .containsExactly("file 'away/secret' is a link that leaves the folder; it was not opened");
    assertThat(check("in")).isEmpty();
  }

  @Test
  void aFileBeyondTheBoundIsNotReadButMayBeThere() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("big").toFile(), "rw")) {
      file.setLength(FileCheck.BOUND + 1L);
    }
    assertThat(check("big"))
        .containsExactly("file 'big' is larger than 16 MB, so its content was not checked");
    assertThat(
            new Expect(
                    List.of(),
                    Optional.empty(),
                    List.of(new CreatedFile("big", List.of(), Optional.empty())))
                .check("", folder))
        .isEmpty();
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void anExpressionThatWouldNeverEndIsGivenUp() {
    Expect slow = new Expect(List.of(), Optional.of("(x+x+)+y"), List.of());
    assertThat(slow.check("x".repeat(5000), folder))
        .containsExactly(
            "the search for '(x+x+)+y' in the answer took too many steps; use a simpler"
                + " expression");
    Expect deep = new Expect(List.of(), Optional.of("(?:a|b)*c"), List.of());
    assertThat(deep.check("ab".repeat(1_000_000), folder)).hasSize(1);
  }

  @Test
  void anExpectationThatCanNotFailIsRefused() {
    refused(
        "at least one of contains, matches and files",
        () -> new Expect(List.of(), Optional.empty(), List.of()));
    refused(
        "an empty text is contained in everything",
        () -> new Expect(List.of(""), Optional.empty(), List.of()));
    refused(
        "'(' is no regular expression: Unclosed group",
        () -> new Expect(List.of(), Optional.of("("), List.of()));
  }

  @Test
  void aFileOutsideOfTheFolderCanNotBeNamed() {
    refused("must stay within", () -> new CreatedFile("../x", List.of(), Optional.empty()));
    refused("not absolute", () -> new CreatedFile("/etc/passwd", List.of(), Optional.empty()));
    refused("must not be empty", () -> new CreatedFile(" ", List.of(), Optional.empty()));
    refused("is no path", () -> new CreatedFile("a\0b", List.of(), Optional.empty()));
    refused("like a folder", () -> new CreatedFile("a/", List.of(), Optional.empty()));
  }

  private static void refused(String message, Runnable make) {
    assertThatIllegalArgumentException().isThrownBy(make::run).withMessageContaining(message);
  }

  private List<String> check(String path) {
    return new Expect(
            List.of(),
            Optional.empty(),
            List.of(new CreatedFile(path, List.of("x"), Optional.empty())))
        .check("", folder);
  }
}
