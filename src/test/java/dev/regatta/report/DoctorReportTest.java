package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.regatta.doctor.Finding;
import dev.regatta.doctor.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DoctorReportTest {
  private static final Finding GOOD = new Finding("disk", Status.OK, "70 GiB free at /", null);
  private static final Finding KNOWN =
      new Finding("tool.codex", Status.INFO, "codex is not on the PATH", "nothing");
  private static final Finding WARNING =
      new Finding("port.8004", Status.WARN, "taken by process 7 (java)", "stop that program");
  private static final Finding FAILURE =
      new Finding("folder", Status.FAIL, "/x is not a folder", "make it one");

  @Test
  void linesAreAlignedAndEachFixStandsUnderItsFinding() {
    assertThat(DoctorReport.of(List.of(GOOD, KNOWN, WARNING, FAILURE)).text(false))
        .isEqualTo(
            """
            OK    disk        70 GiB free at /
            INFO  tool.codex  codex is not on the PATH
                              fix: nothing
            WARN  port.8004   taken by process 7 (java)
                              fix: stop that program
            FAIL  folder      /x is not a folder
                              fix: make it one

            1 to fix before a run, 1 to know of.
            """);
  }

  @Test
  void colourIsOnTheStatusAloneAndChangesNoPlace() {
    DoctorReport report = DoctorReport.of(List.of(GOOD, KNOWN, WARNING, FAILURE));
    String coloured = report.text(true);
    assertThat(coloured)
        .contains("\u001b[32mOK\u001b[0m ", "\nINFO ", "\u001b[33mWARN\u001b[0m ")
        .contains("\u001b[31mFAIL\u001b[0m ");
    assertThat(coloured.replaceAll("\u001b\\[\\d*m", "")).isEqualTo(report.text(false));
  }

  @Test
  void theLastLineSaysWhetherAnythingIsToBeDone() {
    assertThat(DoctorReport.of(List.of(GOOD, KNOWN)).text(false))
        .endsWith("\nEverything is as it should be.\n");
    assertThat(DoctorReport.of(List.of(WARNING, WARNING)).text(false))
        .endsWith("\nNothing to fix before a run, 2 to know of.\n");
    assertThat(DoctorReport.of(List.of(FAILURE)).text(false))
        .endsWith("\n1 to fix before a run, nothing to know of.\n");
  }

  @Test
  void onlyAFailureFails() {
    assertThat(DoctorReport.of(List.of(GOOD, KNOWN, WARNING)).failed()).isFalse();
    assertThat(DoctorReport.of(List.of(GOOD, FAILURE)).failed()).isTrue();
  }

  @Test
  void theJsonIsOfThePublishedForm() throws IOException {
    String form =
        Files.readString(
            Path.of(System.getProperty("regatta.project"), "docs/schema/doctor-1.schema.json"));
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(form);
    String json =
        JsonMapper.shared()
            .writeValueAsString(DoctorReport.of(List.of(GOOD, KNOWN, WARNING, FAILURE)));
    assertThat(schema.validate(json, InputFormat.JSON)).isEmpty();
    assertThat(schema.validate(json.replace("WARN", "BAD"), InputFormat.JSON)).isNotEmpty();
    assertThat(schema.validate(json.replace("disk", "disc"), InputFormat.JSON)).isNotEmpty();
  }
}
