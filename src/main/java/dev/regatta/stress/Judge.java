package dev.regatta.stress;

import dev.regatta.run.Visible;
import dev.regatta.stress.Verification.Match;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Judges what came of a task: always the same for the same outcome. */
public final class Judge {
  private final SuiteTask task;
  private final TaskCommand command;

  /**
   * For a task.
   *
   * @param command the line that carried it out
   */
  public Judge(SuiteTask task, TaskCommand command) {
    this.task = task;
    this.command = command;
  }

  /** Whether the task has passed with that outcome. */
  public Judgement judge(Outcome outcome) {
    OutputSearch search = new OutputSearch(outcome.output());
    List<Sighting> sightings = task.verification().patterns().stream().map(search::look).toList();
    Optional<String> stopped = stopped(outcome.ending());
    if (stopped.isPresent()) {
      return new Judgement(false, stopped.get(), sightings);
    }
    if (task.verification().failureExpected()) {
      boolean failed = !outcome.ending().equals(new Ending.Exited(0));
      return new Judgement(
          failed,
          failed ? "failed as it must: " + words(outcome.ending()) : "expected non-zero, got 0",
          sightings);
    }
    Optional<String> fault = fault(outcome, sightings);
    return new Judgement(fault.isEmpty(), fault.orElseGet(() -> passed(sightings)), sightings);
  }

  private static Optional<String> stopped(Ending ending) {
    return switch (ending) {
      case Ending.TimedOut(var limit) -> Optional.of("timed out after " + Limits.seconds(limit));
      case Ending.Stalled(var limit, boolean begun) ->
          Optional.of(
              begun
                  ? "stalled: no more output for " + Limits.seconds(limit)
                  : "no output at all in the first "
                      + Limits.seconds(limit)
                      + ": a slow start, or it never began");
      case Ending.Refused(String reason) -> Optional.of("the server did not start it: " + reason);
      case Ending.Lost(String reason) -> Optional.of("its end is not known: " + reason);
      case Ending.Interrupted _ -> Optional.of("interrupted");
      case Ending.Exited _, Ending.Signalled _ -> Optional.empty();
    };
  }

  private Optional<String> fault(Outcome outcome, List<Sighting> sightings) {
    if (!outcome.ending().equals(new Ending.Exited(0))) {
      return Optional.of(words(outcome.ending()));
    }
    if (command.markerInPrompt() && !outcome.output().contains(command.marker())) {
      return Optional.of("the marker " + Visible.line(command.marker(), 80) + " did not come back");
    }
    Optional<String> missing = missing(sightings);
    return missing.isPresent() ? missing : outcome.fileFaults().stream().findFirst();
  }

  private Optional<String> missing(List<Sighting> sightings) {
    List<Sighting> missing = sightings.stream().filter(sighting -> !sighting.found()).toList();
    boolean enough =
        task.verification().match() == Match.ALL
            ? missing.isEmpty()
            : missing.isEmpty() || missing.size() < sightings.size();
    if (enough) {
      return Optional.empty();
    }
    Sighting first = missing.getFirst();
    return Optional.of(
        counted(sightings)
            + "; not "
            + first.pattern()
            + (first.detail().isEmpty() ? "" : " (" + first.detail() + ")")
            + (missing.size() > 1 ? " and " + (missing.size() - 1) + " more" : ""));
  }

  private String passed(List<Sighting> sightings) {
    return "exit 0, " + counted(sightings);
  }

  /** How many were found, and by which rule that is enough. */
  private String counted(List<Sighting> sightings) {
    if (sightings.isEmpty()) {
      return "no patterns";
    }
    return String.format(
        Locale.ROOT,
        "%d of %d patterns found, %s needed",
        sightings.stream().filter(Sighting::found).count(),
        sightings.size(),
        task.verification().match() == Match.ALL ? "all" : "any");
  }

  private static String words(Ending ending) {
    return switch (ending) {
      case Ending.Exited(int code) ->
          switch (code) {
            case 126 -> "exit 126 (the program may not be started)";
            case 127 -> "exit 127 (the program was not found)";
            default -> "exit " + code;
          };
      case Ending.Signalled(int number) -> "ended by signal " + number;
      case Ending.TimedOut _,
          Ending.Stalled _,
          Ending.Refused _,
          Ending.Lost _,
          Ending.Interrupted _ ->
          "stopped";
    };
  }
}
