package dev.regatta.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FolderCheckTest {
  private static final long MIB = 1L << 20;

  @TempDir Path folder;

  private Finding look(Path home) {
    List<Finding> findings = new FolderCheck(home).findings();
    assertThat(findings).extracting(Finding::id).containsExactly("disk", "folder");
    return findings.getLast();
  }

  private Path home(String permissions) throws IOException {
    Path home = Files.createDirectory(folder.resolve(".regatta"));
    return Files.setPosixFilePermissions(home, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void aFolderThatIsNotThereCanBeMadeAndIsNotMade() {
    Path home = folder.resolve("a/b/.regatta");
    assertThat(look(home))
        .isEqualTo(
            new Finding("folder", Status.OK, "no " + home + " yet; the first run makes it", null));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFolderOfTheOwnersAloneIsAsItShouldBe() throws IOException {
    Path home = home("rwx------");
    assertThat(look(home).status()).isEqualTo(Status.OK);
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void aFolderThatOthersCanReadIsAWarningWithTheCommandThatCloses() throws IOException {
    Path home = home("rwxr-x---");
    Finding finding = look(home);
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.found())
        .isEqualTo(home + " is open to others (rwxr-x---): agents' output lies there");
    assertThat(finding.fix()).isEqualTo("chmod 700 " + home);
  }

  @Test
  void aFileInItsPlaceFails() throws IOException {
    Path home = Files.writeString(folder.resolve(".regatta"), "");
    Finding finding = look(home);
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found()).isEqualTo(home + " is not a folder");
    assertThat(finding.fix()).contains("--home DIR");
  }

  @Test
  void aFileAboveItFails() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    Finding finding = look(folder.resolve("file/.regatta"));
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found()).endsWith("/file cannot be written");
  }

  @Test
  void aFolderThatCannotBeWrittenFails() throws IOException {
    assumeFalse(System.getProperty("user.name").equals("root"), "root may write everywhere");
    Finding finding = look(home("r-x------"));
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found()).endsWith(" cannot be written");
  }

  @ParameterizedTest
  @CsvSource({
    "2048, OK, 2.0 GiB",
    "1024, OK, 1.0 GiB",
    "1023, WARN, 1023 MiB",
    "100, WARN, 100 MiB",
    "99, FAIL, 99.0 MiB",
    "0, FAIL, 0.0 MiB"
  })
  void littleRoomIsAWarningAndNoneAFailure(long mebibytes, Status status, String shown) {
    Finding finding = FolderCheck.disk(Path.of("/some/where"), mebibytes * MIB);
    assertThat(finding.id()).isEqualTo("disk");
    assertThat(finding.status()).isEqualTo(status);
    assertThat(finding.found()).isEqualTo(shown + " free at /some/where");
  }

  @Test
  void roomIsMeasuredWhereTheFolderWillBe() {
    Finding disk = new FolderCheck(folder.resolve("x/.regatta")).findings().getFirst();
    assertThat(disk.found()).endsWith(" free at " + folder);
  }
}
