package dev.regatta.cli;

import dev.regatta.ensemble.Scratches;
import dev.regatta.run.AbandonedRuns;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.RunRow;
import dev.regatta.store.Store;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Opens the {@code .regatta} folder, and first clears up after runs that were killed in it. */
final class Homes {
  private Homes() {}

  /** Opens it, and makes it if it is not there. */
  static RegattaHome open(Context context, CliCommand command) {
    RegattaHome home = RegattaHome.open(command.home(context));
    List<AbandonedRuns.Found> killed = new AbandonedRuns(home.path()).clearUp();
    killed.forEach(found -> {
      say(context, found);
      clearFolders(context, found);
    });
    if (!killed.isEmpty()) {
      noteLost(context, home, killed);
    }
    return home;
  }

  /** Opens it if it is there; commands that only look make nothing. */
  static Optional<RegattaHome> existing(Context context, CliCommand command) {
    return Files.exists(command.home(context))
        ? Optional.of(open(context, command))
        : Optional.empty();
  }

  /** What its agents worked in; one that can't be cleared keeps nobody from starting. */
  private static void clearFolders(Context context, AbandonedRuns.Found found) {
    try {
      Scratches.clearUp(
          found.run(),
          found.events(),
          context.environment(),
          line -> context.err().println("regatta: " + line));
    } catch (UncheckedIOException e) {
      context.err().println("regatta: " + e.getMessage());
    }
  }

  private static void say(Context context, AbandonedRuns.Found found) {
    int stopped = found.stopped().size();
    String left =
        switch (stopped) {
          case 0 -> "it left no process";
          case 1 -> "stopped 1 process that it left";
          default -> "stopped " + stopped + " processes that it left";
        };
    context
        .err()
        .println(
            "regatta: run "
                + found.run()
                + " was killed; "
                + left
                + found
                    .damage()
                    .map(damage -> ". Its journal is damaged: " + damage)
                    .orElse(". regatta show " + found.run() + " prints what there is of it."));
  }

  /** An index that still says 'running' of a dead run would say it for ever. */
  private static void noteLost(
      Context context, RegattaHome home, List<AbandonedRuns.Found> killed) {
    try (Store store = Store.open(home)) {
      for (AbandonedRuns.Found found : killed) {
        Optional<RunRow> known = store.run(found.run()).filter(row -> row.id().equals(found.run()));
        if (known.isEmpty()) {
          known = fromJournal(found);
        }
        LostCount count = LostCount.of(found.events());
        known
            .filter(row -> row.status().equals("running"))
            .ifPresent(row ->
                store.put(
                    row.ended(
                        Instant.now(), AbandonedRuns.LOST, count.tasks(), count.succeeded())));
      }
    } catch (Store.StoreProblem | UncheckedIOException e) {
      context.err().println("regatta: " + e.getMessage());
    }
  }

  /** The row of a run that was killed before it had one. */
  private static Optional<RunRow> fromJournal(AbandonedRuns.Found found) {
    return found
        .start()
        .map(start ->
            RunRow.running(
                start.run(),
                start.kind(),
                "",
                found.folder(),
                Instant.EPOCH.plusNanos(start.originEpochNanos()),
                start.rehearsal()));
  }
}
