package dev.regatta.cli;

import dev.regatta.report.StressHtml;
import dev.regatta.report.StressJson;
import dev.regatta.report.StressJunit;
import dev.regatta.report.StressReport;
import dev.regatta.report.StressText;
import dev.regatta.run.RunFolder;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.Store;
import dev.regatta.store.StressHistory;
import dev.regatta.stress.Remembered;
import dev.regatta.stress.SuiteResult;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLStreamException;

/** The reports of a stress suite: on the terminal, as files, and what histories keep of it. */
final class SuiteReports {
  /** The files, in the order in which they are made. */
  static final List<String> NAMES =
      List.of("report.txt", "report.json", "report.html", "junit.xml");

  private final Context context;

  SuiteReports(Context context) {
    this.context = context;
  }

  /** Keeps what came of a suite, and makes its report with all that was kept before. */
  StressReport remembered(SuiteResult result, RegattaHome home) {
    try (Store store = Store.open(home)) {
      StressHistory history = store.stressHistory();
      history.put(Remembered.of(result));
      return new StressReport(result, runs(history, result));
    } catch (Store.StoreProblem e) {
      context.err().println("regatta: " + e.getMessage());
      context.err().println("regatta: this run is missing from the suite's history");
      return new StressReport(result, List.of());
    }
  }

  /** The report again, with what the history knows by now of runs until then. */
  StressReport again(SuiteResult result, Optional<RegattaHome> home) {
    if (home.isEmpty() || !Files.exists(home.get().database())) {
      return new StressReport(result, List.of());
    }
    try (Store store = Store.open(home.get())) {
      return new StressReport(result, runs(store.stressHistory(), result));
    } catch (Store.StoreProblem e) {
      context.err().println("regatta: " + e.getMessage());
      return new StressReport(result, List.of());
    }
  }

  private static List<dev.regatta.store.StressRun> runs(StressHistory history, SuiteResult result) {
    return history.runs(new StressHistory.Key(result.suite(), result.endpoint().rehearsal()));
  }

  /** Prints it. */
  void print(StressReport report, boolean json, boolean noColour) {
    context
        .out()
        .print(
            json
                ? StressJson.of(report) + "\n"
                : StressText.of(
                    report, context.colour(noColour), context.blocks(), ZoneId.systemDefault()));
  }

  /** Writes all files, each whole or not at all, and none over another one. */
  void write(StressReport report, RunFolder folder) {
    ZoneId zone = ZoneId.systemDefault();
    try {
      Files.writeString(
          folder.beginOwnerOnly(NAMES.get(0)), StressText.of(report, false, true, zone));
      try (OutputStream json = Files.newOutputStream(folder.beginOwnerOnly(NAMES.get(1)))) {
        StressJson.write(report, json);
      }
      try (var page = Files.newBufferedWriter(folder.beginOwnerOnly(NAMES.get(2)))) {
        StressHtml.write(report, zone, page);
      }
      try (OutputStream xml = Files.newOutputStream(folder.beginOwnerOnly(NAMES.get(3)))) {
        StressJunit.write(report, xml);
      } catch (XMLStreamException e) {
        throw new IOException(e.getMessage(), e);
      }
      for (String name : NAMES) {
        folder.complete(name);
      }
      folder.recordManifest(List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the reports could not be written into "
              + folder.path()
              + ": "
              + Reasons.of(e)
              + "; the journal is in the run's folder, and regatta show "
              + report.result().run()
              + " prints the report again",
          e);
    }
  }
}
