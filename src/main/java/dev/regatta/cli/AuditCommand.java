package dev.regatta.cli;

import dev.regatta.journal.JournalReader;
import dev.regatta.report.AuditTrail;
import dev.regatta.report.AuditTrail.Line;
import java.nio.file.Path;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Argument;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.csv.CsvMapper;

/** {@code regatta audit}. */
@CommandDefinition(
    name = "audit",
    description =
        "Print who did what, when, with which credential, on which files: of a run, or of the"
            + " latest.",
    sortOptions = false)
public final class AuditCommand extends CliCommand {
  private static final CsvMapper CSV = new CsvMapper();

  /** With these a table calculates a cell instead of showing it. */
  private static final String CALCULATED = "=+-@\t\r";

  @Argument(description = "RUN")
  @Nullable String run;

  @Option(name = "json", hasValue = false, description = "as JSON Lines, one object a line")
  boolean json;

  @Option(name = "csv", hasValue = false, description = "as CSV, for tables")
  boolean csv;

  @Mixin CommonOptions common = new CommonOptions();

  @Override
  CommonOptions common() {
    return common;
  }

  @Override
  String examples() {
    return """
    regatta audit                                        the latest run
    regatta audit 20261121-101500-3fa9 --csv > trail.csv
    regatta audit path/to/a/run/folder --json | jq 'select(.did == "called")'\
    """;
  }

  @Override
  int run(Context context) {
    if (json && csv) {
      throw CliFailure.usage("--json and --csv exclude each other: give one");
    }
    Path journal =
        run == null ? RunJournals.latest(context, this) : RunJournals.named(context, this, run);
    JournalReader.Contents contents = JournalReader.read(journal);
    List<Line> trail = AuditTrail.of(contents.entries());
    if (json) {
      trail.forEach(line -> Json.line(context.out(), line));
    } else if (csv) {
      context.out().print(table(trail));
    } else {
      AuditTrail.text(trail).forEach(context.out()::println);
    }
    if (contents.integrity() instanceof JournalReader.Broken broken) {
      RunJournals.sayBroken(context, journal, broken);
      return ExitCode.FAILED;
    }
    return ExitCode.OK;
  }

  private static String table(List<Line> trail) {
    return CSV.writer(CSV.schemaFor(Line.class).withHeader())
        .writeValueAsString(trail.stream().map(AuditCommand::shown).toList());
  }

  private static Line shown(Line line) {
    return new Line(
        line.seq(),
        line.at(),
        text(line.who()),
        text(line.did()),
        text(line.credential()),
        text(line.file()),
        text(line.detail()));
  }

  /** What agents wrote must not become a formula of whoever opens the table. */
  private static String text(String cell) {
    return !cell.isEmpty() && CALCULATED.indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
  }
}
