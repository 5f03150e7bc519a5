package dev.regatta.cli;

import dev.regatta.journal.JournalReader;
import dev.regatta.run.RunFolder;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.RunRow;
import dev.regatta.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the journal of a run lies that somebody named: by its id, its beginning, or its folder. */
final class RunJournals {
  private RunJournals() {}

  static Path named(Context context, CliCommand command, String named) {
    Path folder = context.folder().resolve(named);
    if (Files.isRegularFile(folder.resolve(RunFolder.JOURNAL))) {
      return folder.resolve(RunFolder.JOURNAL);
    }
    return Homes.existing(context, command)
        .flatMap(home -> known(context, home, named))
        .map(place -> place.resolve(RunFolder.JOURNAL))
        .filter(Files::isRegularFile)
        .orElseThrow(() -> EarlierRun.unknown(named));
  }

  /** The journal of the run that began last. */
  static Path latest(Context context, CliCommand command) {
    return Homes.existing(context, command)
        .flatMap(RunJournals::latest)
        .map(row -> row.folder().resolve(RunFolder.JOURNAL))
        .filter(Files::isRegularFile)
        .orElseThrow(() -> CliFailure.usage("there is no run yet; regatta demo makes one"));
  }

  private static Optional<RunRow> latest(RegattaHome home) {
    try (Store store = Store.open(home)) {
      return store.runs().stream().findFirst();
    }
  }

  /** The index is not needed for a run that has its usual place and its whole id is given. */
  private static Optional<Path> known(Context context, RegattaHome home, String named) {
    Path usual = home.runFolder(named);
    try (Store store = Store.open(home)) {
      Optional<Path> listed = EarlierRun.row(store, named).map(RunRow::folder);
      listed
          .filter(folder -> !Files.isDirectory(folder))
          .ifPresent(folder -> {
            throw CliFailure.usage(
                "of run " + named + " nothing is left to show: its folder is gone, " + folder);
          });
      return listed.or(() -> Optional.of(usual));
    } catch (Store.StoreProblem e) {
      if (!Files.isDirectory(usual)) {
        throw e;
      }
      context.err().println("regatta: " + e.getMessage());
      return Optional.of(usual);
    }
  }

  /** Says from which line on a journal can't be believed. */
  static void sayBroken(Context context, Path journal, JournalReader.Broken broken) {
    context
        .err()
        .println(
            "regatta: "
                + journal
                + ":"
                + broken.line()
                + ": "
                + broken.why()
                + "; what follows is not shown");
  }
}
