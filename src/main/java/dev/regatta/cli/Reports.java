package dev.regatta.cli;

import dev.regatta.experiment.Proof;
import dev.regatta.report.JsonReport;
import dev.regatta.report.TextReport;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The three report files of a proof. */
final class Reports {
  static final List<String> NAMES = List.of("report.txt", "report.json", "report.html");

  private Reports() {}

  /** Writes all three, each whole or not at all. */
  static void write(Proof proof, Path folder) {
    try {
      Files.writeString(fresh(folder, 0), TextReport.of(proof, false));
      try (OutputStream json = Files.newOutputStream(fresh(folder, 1))) {
        JsonReport.write(proof, json);
      }
      try (var page = Files.newBufferedWriter(fresh(folder, 2))) {
        dev.regatta.report.HtmlReport.write(proof, page);
      }
      for (int i = 0; i < NAMES.size(); i++) {
        Files.move(
            fresh(folder, i),
            folder.resolve(NAMES.get(i)),
            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the reports could not be written into "
              + folder
              + ": "
              + Reasons.of(e)
              + "; the journal is there, and `regatta show` prints the report again",
          e);
    }
  }

  private static Path fresh(Path folder, int which) {
    return folder.resolve(NAMES.get(which) + ".part");
  }
}
