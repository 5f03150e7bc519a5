package dev.regatta.cli;

import dev.regatta.ensemble.Ensemble;
import dev.regatta.experiment.ProofDerivation;
import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import dev.regatta.report.EnsembleJson;
import dev.regatta.report.EnsembleText;
import dev.regatta.report.JsonReport;
import dev.regatta.report.RunReport;
import dev.regatta.report.StressJson;
import dev.regatta.report.StressReport;
import dev.regatta.report.TextReport;
import dev.regatta.run.RunFolder;
import dev.regatta.stress.SuiteReading;
import dev.regatta.stress.SuiteResult;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Argument;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** {@code regatta show}: a run again, from its journal. */
@CommandDefinition(
    name = "show",
    description = "Print a run again, from its journal: by its id, or the beginning of it.",
    sortOptions = false)
public final class ShowCommand extends CliCommand {
  @Argument(description = "RUN")
  @Nullable String run;

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
    regatta show 20261121-101500-3fa9
    regatta show 20261121-101500-3fa9 --json | jq .verdict
    regatta show 20261121-1015              if no other run begins so
    regatta show path/to/a/run/folder\
    """;
  }

  @Override
  int run(Context context) {
    if (run == null) {
      throw CliFailure.usage("show needs the id of a run; regatta runs lists them");
    }
    Path journal = RunJournals.named(context, this, run);
    JournalReader.Contents contents = JournalReader.read(journal);
    switch (contents.integrity()) {
      case JournalReader.Intact ignored -> {
        // nothing to say
      }
      case JournalReader.Torn torn ->
          context
              .err()
              .println("regatta: " + journal + ":" + torn.line() + ": the last line was cut short");
      case JournalReader.Broken broken -> RunJournals.sayBroken(context, journal, broken);
    }
    show(context, journal, contents);
    return contents.integrity() instanceof JournalReader.Broken ? ExitCode.FAILED : ExitCode.OK;
  }

  private void show(Context context, Path journal, JournalReader.Contents contents) {
    Path folder =
        Objects.requireNonNull(journal.toAbsolutePath().normalize().getParent(), "of a file");
    Optional<SuiteResult> suite = suite(folder, contents);
    if (suite.isPresent()) {
      show(context, suite.get());
    } else {
      show(context, contents);
    }
  }

  private static Optional<SuiteResult> suite(Path folder, JournalReader.Contents contents) {
    return SuiteReading.of(contents.events(), folder, alive(contents.events()));
  }

  private void show(Context context, JournalReader.Contents contents) {
    boolean alive = alive(contents.events());
    boolean colour = context.colour(common.noColour);
    if (json) {
      context.out().println(json(contents));
      return;
    }
    context
        .out()
        .print(
            switch (kind(contents)) {
              case "run" -> RunReport.of(contents.entries(), alive).text();
              case Ensemble.KIND -> EnsembleText.of(Ensemble.of(contents.entries(), alive), colour);
              default -> TextReport.of(ProofDerivation.of(contents.entries(), alive), colour);
            });
  }

  /** A run's report as JSON, from its folder. */
  static String json(Path folder) {
    JournalReader.Contents contents = JournalReader.read(folder.resolve(RunFolder.JOURNAL));
    return suite(folder.toAbsolutePath(), contents)
        .map(suite -> StressJson.of(new StressReport(suite, List.of())))
        .orElseGet(() -> json(contents));
  }

  private static String json(JournalReader.Contents contents) {
    boolean alive = alive(contents.events());
    return switch (kind(contents)) {
      case "run" -> Json.text(RunReport.of(contents.entries(), alive));
      case Ensemble.KIND -> EnsembleJson.of(Ensemble.of(contents.entries(), alive));
      default -> JsonReport.of(ProofDerivation.of(contents.entries(), alive));
    };
  }

  /** The command that made it; empty if its journal doesn't say. */
  private static String kind(JournalReader.Contents contents) {
    for (Event event : contents.events()) {
      if (event instanceof Event.RunStarted start) {
        return start.kind();
      }
    }
    return "";
  }

  private void show(Context context, SuiteResult suite) {
    SuiteReports reports = new SuiteReports(context);
    reports.print(reports.again(suite, Homes.existing(context, this)), json, common.noColour);
  }

  /** A dead orchestrator's id may be another process's by now, but of none that is as old. */
  static boolean alive(List<Event> events) {
    return !events.isEmpty()
        && events.getFirst() instanceof Event.RunStarted started
        && ProcessHandle.of(started.orchestratorPid())
            .flatMap(process -> process.info().startInstant())
            .filter(start -> start.isBefore(latestStart(started)))
            .isPresent();
  }

  /** The system tells a process's start to a second or so. */
  private static Instant latestStart(Event.RunStarted started) {
    return Instant.EPOCH.plusNanos(started.originEpochNanos()).plusSeconds(2);
  }
}
