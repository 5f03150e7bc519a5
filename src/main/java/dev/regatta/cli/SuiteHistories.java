package dev.regatta.cli;

import dev.regatta.report.HistoryReport;
import dev.regatta.run.Visible;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.Store;
import dev.regatta.store.StressHistory;
import dev.regatta.stress.SuiteFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code regatta stress history}: what came of suites in all their runs. */
final class SuiteHistories {
  private final Context context;
  private final Optional<RegattaHome> home;

  /**
   * Of a home.
   *
   * @param home where the store is; none if nothing was run yet
   */
  SuiteHistories(Context context, Optional<RegattaHome> home) {
    this.context = context;
    this.home = home;
  }

  /**
   * Prints them.
   *
   * @param named the file of a suite or what one is called, or null for a line a suite
   */
  int print(@Nullable String named, boolean json, boolean noColour) {
    Optional<String> suite = Optional.ofNullable(named).map(this::suite);
    List<HistoryReport> reports = reports(suite);
    if (suite.isPresent() && reports.isEmpty()) {
      throw CliFailure.usage(
          "there is no history of the suite '"
              + Visible.line(suite.get(), 100)
              + "'; regatta stress history lists the suites that have one");
    }
    if (json) {
      Json.print(context.out(), reports);
    } else if (suite.isEmpty()) {
      context
          .out()
          .print(HistoryReport.overview(reports, context.blocks(), ZoneId.systemDefault()));
    } else {
      boolean colour = context.colour(noColour);
      context
          .out()
          .print(
              String.join(
                  "\n",
                  reports.stream()
                      .map(report -> report.text(colour, context.blocks(), ZoneId.systemDefault()))
                      .toList()));
    }
    return ExitCode.OK;
  }

  /** What the suite is called: of a file, what that says. */
  private String suite(String named) {
    Path file = context.folder().resolve(named);
    return Files.isRegularFile(file) ? SuiteFile.read(file, named).suite().id() : named;
  }

  private List<HistoryReport> reports(Optional<String> suite) {
    if (home.isEmpty()) {
      return List.of();
    }
    try (Store store = Store.open(home.get())) {
      StressHistory history = store.stressHistory();
      return history.suites().stream()
          .filter(key -> suite.isEmpty() || key.suite().equals(suite.get()))
          .map(key -> HistoryReport.of(key, history.runs(key)))
          .toList();
    }
  }
}
