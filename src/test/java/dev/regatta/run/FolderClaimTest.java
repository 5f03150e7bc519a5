package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderClaimTest {
  @TempDir Path folder;

  @Test
  void whoIsRefusedDoesNotEndTheClaimForOtherProcesses() throws Exception {
    Path place = folder.resolve("made");
    try (FolderClaim claim = FolderClaim.of(place)) {
      assertThatExceptionOfType(RunBusy.class).isThrownBy(() -> FolderClaim.of(place));
      assertThat(asAnotherProcessSeesIt(place)).isEqualTo("busy");
    }
    assertThat(place).isEmptyDirectory();
    assertThat(asAnotherProcessSeesIt(place)).isEqualTo("free");
  }

  private static String asAnotherProcessSeesIt(Path place) throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Other.class.getName(),
                place.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(other.waitFor()).isZero();
    return said;
  }

  /** Says whether it can have the folder. */
  static final class Other {
    public static void main(String[] arguments) {
      try (FolderClaim claim = FolderClaim.of(Path.of(arguments[0]))) {
        System.out.print("free");
      } catch (RunBusy e) {
        System.out.print("busy");
      }
    }
  }
}
