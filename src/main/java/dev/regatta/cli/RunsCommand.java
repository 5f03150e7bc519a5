package dev.regatta.cli;

import dev.regatta.run.AbandonedRuns;
import dev.regatta.run.Visible;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.RunRow;
import dev.regatta.store.Store;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** {@code regatta runs}. */
@CommandDefinition(
    name = "runs",
    description = "List the runs there were, the latest first.",
    sortOptions = false)
public final class RunsCommand extends CliCommand {
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final int USUAL = 20;

  @Option(name = "limit", argument = "N", description = "how many at most (20)")
  @Nullable String limit;

  @Option(name = "json", hasValue = false, description = "as JSON")
  boolean json;

  @Mixin CommonOptions common = new CommonOptions();

  @Override
  CommonOptions common() {
    return common;
  }

  @Override
  String examples() {
    return """
    regatta runs
    regatta runs --json | jq '.[] | select(.status == "lost")'\
    """;
  }

  private record Row(
      String id,
      String kind,
      String title,
      String folder,
      String startedAt,
      @Nullable String endedAt,
      String status,
      boolean rehearsal,
      @Nullable Integer tasks,
      @Nullable Integer succeeded,
      @Nullable String parallel,
      @Nullable String calls) {}

  @Override
  int run(Context context) {
    int most = Words.count("--limit", limit, 1, 1_000_000, USUAL);
    List<RunRow> runs =
        Homes.existing(context, this).map(home -> latest(context, home, most)).orElse(List.of());
    if (json) {
      Json.print(context.out(), runs.stream().map(RunsCommand::row).toList());
      return ExitCode.OK;
    }
    if (runs.isEmpty()) {
      context.out().println("no runs yet; regatta demo makes one");
    }
    for (RunRow run : runs) {
      context
          .out()
          .printf(
              Locale.ROOT,
              "%s  %-6s  %s  %-11s  %12s  %s%s%n",
              run.id(),
              run.kind(),
              WHEN.format(run.startedAt().atZone(ZoneId.systemDefault())),
              run.status(),
              known(run)
                  ? String.format(Locale.ROOT, "%4d of %-4d", run.succeeded(), run.tasks())
                  : "   -        ",
              run.rehearsal() ? "REHEARSAL " : "",
              verdict(run));
    }
    return ExitCode.OK;
  }

  /** As they are now, the latest first. */
  static List<RunRow> latest(Context context, RegattaHome home, int most) {
    try (Store store = Store.open(home)) {
      Settled settled = new Settled(context, home, store);
      return store.runs().stream().limit(most).map(settled::row).toList();
    }
  }

  /** The index learns how many there are when a run ends, or from the journal of a killed one. */
  private static boolean known(RunRow run) {
    return run.tasks() > 0
        || !(run.status().equals("running") || run.status().equals(AbandonedRuns.LOST));
  }

  private static String verdict(RunRow run) {
    return run.verdict() == null
        ? Visible.line(run.title(), 60)
        : "parallel " + run.verdict() + ", calls " + run.calls();
  }

  private static Row row(RunRow run) {
    return new Row(
        run.id(),
        run.kind(),
        run.title(),
        run.folder().toString(),
        run.startedAt().toString(),
        run.endedAt() == null ? null : run.endedAt().toString(),
        run.status(),
        run.rehearsal(),
        known(run) ? run.tasks() : null,
        known(run) ? run.succeeded() : null,
        run.verdict(),
        run.calls());
  }
}
