package dev.regatta.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.process.MachineLoad;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsTest {
  @TempDir Path folder;

  private String limits(String fields, double load) {
    SuiteFile file = Suites.ofTask(folder, fields);
    return Limits.of(
            file.suite().tasks().findFirst().orElseThrow(),
            file.suite().execution(),
            new MachineLoad(load))
        .words();
  }

  @Test
  void limitsAreThreeTimesAsLongFromALoadOfFourteenOn() {
    String fields = "command: x, verification: { timeout: 30, stall_timeout: 2.5 }";
    assertThat(limits(fields, 13.99)).isEqualTo("30 s, silence 2.5 s");
    assertThat(limits(fields, 14)).isEqualTo("90 s, silence 7.5 s");
    assertThat(limits("command: x", 0)).isEqualTo("120 s");
    assertThat(limits("command: x", 20)).isEqualTo("360 s");
  }

  @Test
  void aLoadBelowFiveOrUnknownIsNotWorthAWord() {
    assertThat(Limits.warning(new MachineLoad(-1))).isEmpty();
    assertThat(Limits.warning(new MachineLoad(4.99))).isEmpty();
    assertThat(Limits.warning(new MachineLoad(5)))
        .contains("the load average is 5.00: tasks may take longer than their time limits assume");
    assertThat(Limits.warning(new MachineLoad(14)))
        .contains("the load average is 14.00: time limits are multiplied by 3");
  }
}
