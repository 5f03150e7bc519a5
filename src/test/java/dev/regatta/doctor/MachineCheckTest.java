package dev.regatta.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.process.MachineLoad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineCheckTest {
  private static final long GIB = 1L << 30;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.25  | OK   | 0.25: time limits are the usual ones",
        "4.99  | OK   | 4.99: time limits are the usual ones",
        "5     | WARN | 5.00: times will be longer; time limits are the usual ones",
        "13.99 | WARN | 13.99: times will be longer; time limits are the usual ones",
        "14    | WARN | 14.00: the machine is busy, so time limits are 3 times as long",
        "80    | WARN | 80.00: the machine is busy, so time limits are 3 times as long",
        "-1    | INFO | the system does not say its load"
      })
  void theLoadIsShownWithWhatItMeansForLimits(double load, Status status, String found) {
    Finding finding = of(load, "machine.load");
    assertThat(finding.status()).isEqualTo(status);
    assertThat(finding.found()).isEqualTo(found);
  }

  @Test
  void whatIsSaidOfLimitsIsWhatARunDoes() {
    assertThat(new MachineLoad(13.99).limitFactor()).isEqualTo(1);
    assertThat(new MachineLoad(14).limitFactor()).isEqualTo(3);
  }

  @Test
  void memoryIsShownWithHowManyAgentsItIsEnoughFor() {
    assertThat(MachineCheck.memory(16 * GIB, OptionalLong.of(8 * GIB)))
        .isEqualTo(
            new Finding(
                "machine.memory",
                Status.OK,
                "8.0 GiB of 16.0 GiB available, enough for about 30 agents at once",
                null));
    assertThat(MachineCheck.memory(16 * GIB, OptionalLong.of(GIB)).status()).isEqualTo(Status.OK);
  }

  @Test
  void littleMemoryIsAWarning() {
    Finding finding = MachineCheck.memory(16 * GIB, OptionalLong.of(GIB - 1));
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.fix()).contains("--parallel");
  }

  @Test
  void aContainerHasNoMoreThanItsLimitWhateverTheMachineHas() {
    Finding finding = MachineCheck.memory(GIB / 2, OptionalLong.of(100 * GIB));
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.found()).startsWith("512 MiB of 512 MiB available, ");
  }

  @Test
  void aSystemThatDoesNotTellIsNoWarning() throws IOException {
    Path meminfo = Files.writeString(folder.resolve("meminfo"), "MemTotal: 1 kB\n");
    assertThat(MachineCheck.available(meminfo)).isEmpty();
    assertThat(MachineCheck.available(folder.resolve("absent"))).isEmpty();
    assertThat(MachineCheck.memory(GIB, OptionalLong.empty()).status()).isEqualTo(Status.INFO);
  }

  @Test
  void availableMemoryIsReadAsLinuxWritesIt() throws IOException {
    Path meminfo =
        Files.writeString(
            folder.resolve("meminfo"),
            "MemTotal:       24000000 kB\nMemFree: 5 kB\nMemAvailable:   2048 kB\n");
    assertThat(MachineCheck.available(meminfo)).hasValue(2048 * 1024);
  }

  @Test
  void coresAreShownWithTheSpacingOfStarts() {
    assertThat(MachineCheck.cores(1).found())
        .isEqualTo("1 core; regatta run spaces starts of claude by 0.3 s");
    assertThat(MachineCheck.cores(64).found()).isEqualTo("64 cores");
  }

  @Test
  void theJdkIsTheOneThatRunsThis() {
    Finding finding = of(0, "tool.java");
    assertThat(finding.status()).isEqualTo(Status.OK);
    assertThat(finding.found())
        .startsWith(Runtime.version().toString())
        .endsWith(System.getProperty("java.home"));
  }

  private static Finding of(double load, String id) {
    List<Finding> findings = new MachineCheck(new MachineLoad(load)).findings();
    assertThat(findings)
        .extracting(Finding::id)
        .containsExactly("tool.java", "machine.cores", "machine.memory", "machine.load");
    return findings.stream().filter(finding -> finding.id().equals(id)).findFirst().orElseThrow();
  }
}
