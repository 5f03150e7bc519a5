package dev.regatta.run;

import dev.regatta.journal.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The tool calls of one attempt: each is known until its answer is read. For one thread. */
final class ToolCalls {
  /** Any agent may print as many as it likes, and must fill no disk. */
  private static final int MOST = 1_000;

  private static final int LONGEST_NAME = 200;

  private final Run run;
  private final String attempt;
  private final Map<String, Call> open = new LinkedHashMap<>();
  private int calls;

  /** A call that has not been answered; when is on the run's axis. */
  private record Call(String tool, long calledNanos) {}

  ToolCalls(Run run, String attempt) {
    this.run = run;
    this.attempt = attempt;
  }

  /** A tool is called; a call that is told again is the same. */
  void called(String call, String tool, long atNanos) {
    String name = Visible.line(call, LONGEST_NAME);
    if (!open.containsKey(name) && ++calls <= MOST) {
      open.put(name, new Call(Visible.line(tool, LONGEST_NAME), atNanos));
    }
  }

  /** A tool has answered. */
  void answered(String call, boolean failed, long atNanos) {
    String name = Visible.line(call, LONGEST_NAME);
    Optional.ofNullable(open.remove(name))
        .ifPresent(made ->
            run.record(
                new Event.ToolUsed(
                    attempt, name, made.tool(), made.calledNanos(), atNanos, failed)));
  }

  /** The attempt is over, and what has not been answered never will be. */
  void end() {
    open.forEach((call, made) ->
        run.record(new Event.ToolUsed(attempt, call, made.tool(), made.calledNanos(), null, null)));
    open.clear();
  }
}
