package dev.regatta.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.process.Launcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuCheckTest {
  @TempDir Path folder;

  private Finding look(String script, Duration limit) throws Exception {
    Ward ward = new Ward(folder);
    if (!script.isEmpty()) {
      ward.program("nvidia-smi", script);
    }
    return look(ward, limit);
  }

  private Finding look(Ward ward, Duration limit) throws Exception {
    try (Launcher launcher = Launcher.open()) {
      return new GpuCheck(ward.environment, folder, new ShortRun(launcher, ward.environment, limit))
          .findings()
          .getFirst();
    }
  }

  @Test
  void theUseOfEachGpuIsShown() throws Exception {
    Path asked = folder.resolve("asked");
    Finding finding =
        look(
            "echo \"$@\" > "
                + asked
                + "; echo 'NVIDIA A100, 12, 345, 40960'; echo 'NVIDIA T4, [N/A], 0, 15360'",
            Duration.ofSeconds(30));
    assertThat(finding)
        .isEqualTo(
            new Finding(
                "machine.gpu",
                Status.INFO,
                "NVIDIA A100: 12 % busy, 345 of 40960 MiB in use; NVIDIA T4: [N/A] % busy, 0 of"
                    + " 15360 MiB in use",
                null));
    assertThat(asked)
        .content()
        .contains("--query-gpu=name,utilization.gpu,memory.used,memory.total")
        .contains("--format=csv,noheader,nounits");
  }

  @Test
  void withoutTheProgramNothingIsKnownAndNothingIsWrong() throws Exception {
    Finding finding = look("", Duration.ofSeconds(30));
    assertThat(finding.status()).isEqualTo(Status.INFO);
    assertThat(finding.fix()).isNull();
  }

  @Test
  void aDriverThatIsNotThereIsAWarningInItsOwnWords() throws Exception {
    Finding finding =
        look(
            "echo \"NVIDIA-SMI has failed because it couldn't communicate\"; exit 9",
            Duration.ofSeconds(30));
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.found())
        .isEqualTo(
            "nvidia-smi ended with 9: NVIDIA-SMI has failed because it couldn't communicate");
    assertThat(finding.fix()).contains("driver");
  }

  @Test
  void somethingElseThanTheTableIsAWarning() throws Exception {
    Finding finding = look("echo No devices were found", Duration.ofSeconds(30));
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.found())
        .isEqualTo("nvidia-smi printed something else than was asked for: No devices were found");
    assertThat(look("true", Duration.ofSeconds(30)).status()).isEqualTo(Status.WARN);
  }

  @Test
  void aHangingProgramIsAWarning() throws Exception {
    Finding hanging = look("sleep 1000", Duration.ofSeconds(1));
    assertThat(hanging.status()).isEqualTo(Status.WARN);
    assertThat(hanging.found()).isEqualTo("nvidia-smi did not answer within 1 s");
  }

  @Test
  void anUnrunnableProgramIsAWarning() throws Exception {
    Ward ward = new Ward(folder);
    Files.writeString(ward.bin.resolve("nvidia-smi"), "");
    Finding finding = look(ward, Duration.ofSeconds(30));
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.found()).contains("has no execute permission");
  }
}
