package dev.regatta.cli;

import dev.regatta.process.MachineLoad;
import dev.regatta.run.Problem;
import dev.regatta.stress.Limits;
import dev.regatta.stress.Lint;
import dev.regatta.stress.LintWarning;
import dev.regatta.stress.Selection;
import dev.regatta.stress.SuiteFile;
import dev.regatta.stress.SuiteProblem;
import dev.regatta.stress.SuiteTask;
import java.time.Instant;
import java.util.List;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;
import org.jspecify.annotations.Nullable;

/** {@code regatta stress}. */
@CommandDefinition(
    name = "stress",
    description =
        "Run a stress suite of commands and prompts and judge each task; exits with 1 if one did"
            + " not pass. Or only list it (--dry-run), check it (lint), or see how it stood"
            + " (history).",
    sortOptions = false)
public final class StressCommand extends CliCommand {
  @Arguments(description = "[lint] FILE | history [FILE]")
  @Nullable List<String> words;

  @Option(name = "dry-run", hasValue = false, description = "list what would be run, a line a task")
  boolean dryRun;

  @OptionList(
      name = "category",
      valueSeparator = '\0',
      description = "only the tasks of this category")
  @Nullable List<String> categories;

  @OptionList(name = "only", valueSeparator = '\0', description = "only the task with this id")
  @Nullable List<String> only;

  @OptionList(name = "skip", valueSeparator = '\0', description = "not the task with this id")
  @Nullable List<String> skip;

  @Option(name = "json", hasValue = false, description = "as JSON")
  boolean json;

  @Mixin SuiteOptions running = new SuiteOptions();
  @Mixin ComparisonOptions comparison = new ComparisonOptions();
  @Mixin JudgeOptions judge = new JudgeOptions();
  @Mixin CommonOptions common = new CommonOptions();

  @Override
  CommonOptions common() {
    return common;
  }

  @Override
  String examples() {
    return """
    regatta stress suite.json
    regatta stress suite.json --rehearsal --script answers.yaml --jobs 4
    regatta stress suite.json --server http://127.0.0.1:8004 --only simple_1
    regatta stress suite.json --judge-agent claude --check 'python3 -m py_compile /dev/stdin'
    regatta stress suite.json --dry-run
    regatta stress suite.json --dry-run --category simple --skip simple_2
    regatta stress suite.json --dry-run --json | jq -r '.tasks[].command'
    regatta stress lint suite.json
    regatta stress history                   all suites that were run, a line each
    regatta stress history suite.json        how it stands, its runs, its tasks
    regatta stress history SMALL --json      by what the suite is called\
    """;
  }

  @Override
  int run(Context context) throws InterruptedException {
    List<String> given = words == null ? List.of() : words;
    if (!given.isEmpty() && given.getFirst().equals("history")) {
      return history(context, given.subList(1, given.size()));
    }
    boolean lint = !given.isEmpty() && given.getFirst().equals("lint");
    String file = file(lint ? given.subList(1, given.size()) : given);
    Selection selection = selection();
    if (lint) {
      refuseListing(selection);
    }
    return look(context, file, lint, selection);
  }

  private int history(Context context, List<String> suites) {
    if (suites.size() > 1) {
      throw CliFailure.usage(
          "stress history takes one FILE or SUITE, and '" + suites.get(1) + "' is one too many");
    }
    if (dryRun || !selection().equals(new Selection(List.of(), List.of(), List.of()))) {
      throw CliFailure.usage(
          "history looks at runs that have been: leave out --dry-run, --category, --only and"
              + " --skip");
    }
    return new SuiteHistories(context, Homes.existing(context, this))
        .print(suites.isEmpty() ? null : suites.getFirst(), json, common.noColour);
  }

  private Selection selection() {
    return new Selection(named(categories), named(only), named(skip));
  }

  private static String file(List<String> files) {
    if (files.isEmpty()) {
      throw CliFailure.usage(
          "stress needs the file of a suite: regatta stress FILE, or regatta stress lint FILE");
    }
    if (files.size() > 1) {
      throw CliFailure.usage(
          "stress takes one FILE, or lint FILE, and '" + files.get(1) + "' is one too many");
    }
    return files.getFirst();
  }

  private void refuseListing(Selection selection) {
    if (dryRun) {
      throw CliFailure.usage(
          "lint and --dry-run exclude each other: one checks the suite, the other lists it");
    }
    if (!selection.equals(new Selection(List.of(), List.of(), List.of()))) {
      throw CliFailure.usage(
          "lint looks at the whole suite: leave out --category, --only and --skip");
    }
  }

  private int look(Context context, String name, boolean lint, Selection selection)
      throws InterruptedException {
    SuiteFile file;
    try {
      file = SuiteFile.read(context.folder().resolve(name), name);
    } catch (SuiteProblem e) {
      if (!json) {
        throw e;
      }
      Json.print(context.out(), new Faulty(name, e.faults()));
      return ExitCode.USAGE;
    }
    if (lint) {
      return lint(context, file);
    }
    List<SuiteTask> tasks = chosen(file, selection);
    if (dryRun) {
      return list(context, file, tasks);
    }
    file.lines(file.unknown()).forEach(line -> warn(context, line));
    return new Stressing(context, this, running, json).carryOut(file, tasks, selection);
  }

  private record Faulty(String file, List<String> faults) {}

  private static List<SuiteTask> chosen(SuiteFile file, Selection selection) {
    try {
      return selection.of(file.suite());
    } catch (IllegalArgumentException e) {
      throw CliFailure.usage(file.text().label() + ": " + e.getMessage());
    }
  }

  private int list(Context context, SuiteFile file, List<SuiteTask> tasks) {
    MachineLoad load = MachineLoad.now();
    SuiteListing listing = SuiteListing.of(file.suite(), tasks, load, Instant.now());
    if (json) {
      Json.print(context.out(), listing);
    } else {
      listing.lines().forEach(context.out()::println);
    }
    file.lines(file.unknown()).forEach(line -> warn(context, line));
    Limits.warning(load).ifPresent(line -> warn(context, line));
    return ExitCode.OK;
  }

  private static void warn(Context context, String line) {
    context.err().println("regatta: warning: " + line);
  }

  private record Warning(String rule, String place, String text, String better) {}

  private record Linted(String file, long tasks, List<Warning> warnings) {}

  private int lint(Context context, SuiteFile file) {
    List<LintWarning> warnings = Lint.of(file);
    long tasks = file.suite().tasks().count();
    if (json) {
      Json.print(
          context.out(),
          new Linted(
              file.text().label(),
              tasks,
              warnings.stream()
                  .map(it -> new Warning(it.rule().id(), it.place(), it.text(), it.better()))
                  .toList()));
      return ExitCode.OK;
    }
    List<Problem> lines =
        warnings.stream()
            .map(it ->
                new Problem(
                    it.place(), it.rule().id() + ": " + it.text() + "; better: " + it.better()))
            .toList();
    file.lines(lines).forEach(context.out()::println);
    context.out().println(tasks + " tasks, " + warnings.size() + " warnings");
    return ExitCode.OK;
  }

  private static List<String> named(@Nullable List<String> given) {
    return given == null ? List.of() : given;
  }
}
