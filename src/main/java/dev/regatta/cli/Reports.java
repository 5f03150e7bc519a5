package dev.regatta.cli;

import dev.regatta.experiment.Proof;
import dev.regatta.report.JsonReport;
import dev.regatta.report.TextReport;
import dev.regatta.run.RunFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;

/** The three report files of a proof. */
final class Reports {
  static final List<String> NAMES = List.of("report.txt", "report.json", "report.html");

  private Reports() {}

  /** Writes all three, each whole or not at all, and none over another file. */
  static void write(Proof proof, RunFolder folder) {
    try {
      Files.writeString(folder.begin(NAMES.get(0)), TextReport.of(proof, false));
      try (OutputStream json = Files.newOutputStream(folder.begin(NAMES.get(1)))) {
        JsonReport.write(proof, json);
      }
      try (var page = Files.newBufferedWriter(folder.begin(NAMES.get(2)))) {
        dev.regatta.report.HtmlReport.write(proof, page);
      }
      for (String name : NAMES) {
        folder.complete(name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the reports could not be written into "
              + folder.path()
              + ": "
              + Reasons.of(e)
              + "; the journal is there, and `regatta show` prints the report again",
          e);
    }
  }
}
