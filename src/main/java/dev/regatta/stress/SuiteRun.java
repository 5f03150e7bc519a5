package dev.regatta.stress;

import dev.regatta.journal.Event;
import dev.regatta.run.Run;
import dev.regatta.run.Visible;
import dev.regatta.secret.Redactor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tasks of a suite on a server, so many at once, tries again what failed, and writes all
 * of it into the run's journal. What came of it is read from there.
 */
public final class SuiteRun {
  private static final int LISTED = 300;
  private static final int LONGEST_MARKER = 80;

  private final Run run;
  private final SuiteOrder order;
  private final RemoteCommands commands;
  private final Redactor redactor;
  private final Function<String, Map<String, String>> handed;
  private final Confrontation confrontation;
  private final Comparison comparison;
  private final Semaphore places;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /**
   * A suite on a server.
   *
   * @param run that it is; the caller ends it
   * @param commands the server
   * @param redactor takes secrets out of what is kept
   * @param handed the variables that each attempt's command gets besides, by the attempt's name; no
   *     secrets, as the server may be somebody else's
   * @param comparison finds the best of a task's instances where that goes by their answers
   */
  public SuiteRun(
      Run run,
      SuiteOrder order,
      RemoteCommands commands,
      Redactor redactor,
      Function<String, Map<String, String>> handed,
      Comparison comparison) {
    this.run = run;
    this.order = order;
    this.commands = commands;
    this.redactor = redactor;
    this.handed = handed;
    this.confrontation = new Confrontation(order.configFolder());
    this.comparison = comparison;
    this.places = new Semaphore(order.jobs());
  }

  /**
   * Runs it.
   *
   * @return whether it came to its end: false if it was interrupted
   */
  public boolean carryOut() throws InterruptedException {
    writePlan();
    List<Thread> threads = new ArrayList<>();
    try (var wake = run.cancellation().onRequest(() -> places.release(1_000_000))) {
      for (TaskOrder task : order.tasks()) {
        begin(task, threads);
      }
    } finally {
      run.cancellation().join(threads);
    }
    Throwable broken = failure.get();
    if (broken != null) {
      throw new IllegalStateException("the suite broke off: " + broken.getMessage(), broken);
    }
    return !run.cancellation().requested();
  }

  private void writePlan() {
    Endpoint endpoint = order.endpoint();
    run.record(
        new Event.SuitePlanned(
            order.suite().id(),
            order.file(),
            order.server(),
            order.embedded(),
            Journalled.word(endpoint),
            endpoint instanceof Endpoint.Elsewhere elsewhere ? elsewhere.variable() : null,
            Journalled.url(endpoint),
            order.jobs(),
            order.suite().maxRetries(),
            order.load(),
            order.limitFactor(),
            Math.toIntExact(order.suite().tasks().count()),
            order.options()));
    List<TaskOrder> all = new ArrayList<>(order.tasks());
    all.addAll(order.skipped().keySet());
    all.sort(Comparator.comparingInt(each -> each.task().number()));
    all.forEach(each -> run.record(Journalled.plan(each, order.skipped().get(each))));
    run.record(
        new Event.TasksListed(
            order.tasks().stream()
                .map(each ->
                    new Event.ListedTask(
                        each.task().id(), Visible.line(each.command().line(), LISTED)))
                .toList()));
    order.warnings().forEach(text -> run.record(new Event.Noted("warning", text)));
  }

  /** Takes a place for each instance, in the order of the suite. */
  private void begin(TaskOrder task, List<Thread> threads) throws InterruptedException {
    Answers answers = new Answers(task.task());
    for (int number = 1; number <= task.task().instances(); number++) {
      places.acquire();
      if (run.cancellation().requested() || commands.gone().isPresent() || failure.get() != null) {
        places.release();
        if (number == 1) {
          run.record(
              new Event.TaskNotTried(task.task().id(), commands.gone().orElse("interrupted")));
        }
        return;
      }
      Instance instance = new Instance(task, number);
      threads.add(
          Thread.ofVirtual()
              .name("regatta-stress-" + instance.attempt(1))
              .start(() -> carryOut(instance, answers)));
    }
  }

  private void carryOut(Instance instance, Answers answers) {
    try {
      tryUntilItPasses(instance, answers);
      if (answers.whole() && !run.cancellation().requested()) {
        compare(instance.order(), answers);
      }
      run.cancellation().sleep(order.pause().toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody interrupts it
    } catch (RuntimeException | Error e) {
      // A full disk, for example: nothing that follows could be written down.
      failure.accumulateAndGet(e, (first, next) -> first == null ? next : first);
    } finally {
      places.release();
    }
  }

  /** In the place of the instance that ended last, so that no more than allowed goes on at once. */
  private void compare(TaskOrder task, Answers answers) throws InterruptedException {
    for (Best best : answers.compared(comparison)) {
      run.record(
          new Event.InstancePicked(
              task.task().id(),
              best.criterion(),
              best.instance().isPresent() ? best.instance().getAsInt() : null,
              best.reason()));
    }
  }

  private void tryUntilItPasses(Instance instance, Answers answers) throws InterruptedException {
    int most = 1 + order.suite().maxRetries();
    for (int number = 1; number <= most; number++) {
      Tried tried = new Tried(instance, number, answers).carryOut();
      if (!tried.again() || number == most || !awaitNext(instance, number + 1, tried.reason())) {
        return;
      }
    }
  }

  /** Whether the time for the next try came. */
  private boolean awaitNext(Instance instance, int number, String reason)
      throws InterruptedException {
    Duration delay = order.delay(number);
    if (delay.isPositive()) {
      run.record(
          new Event.TryDelayed(
              instance.order().task().id(),
              instance.number(),
              number,
              delay.toNanos() / 1e9,
              reason,
              run.clock().nanos()));
    }
    return run.cancellation().sleep(delay.toNanos());
  }

  /** One try: asked for, followed, judged and written down. */
  private final class Tried {
    private final Instance instance;
    private final TaskOrder task;
    private final int number;
    private final String attempt;
    private final Answers answers;
    private @Nullable Judgement judgement;
    private @Nullable Ending ending;
    private boolean written;

    Tried(Instance instance, int number, Answers answers) {
      this.answers = answers;
      this.instance = instance;
      this.task = instance.order();
      this.number = number;
      this.attempt = instance.attempt(number);
    }

    /** Whether another try could help. */
    boolean again() {
      return judgement != null
          && !judgement.passed()
          && switch (Objects.requireNonNull(ending)) {
            case Ending.Refused _, Ending.Lost _, Ending.Interrupted _ -> false;
            case Ending.Exited _, Ending.Signalled _, Ending.TimedOut _, Ending.Stalled _ -> true;
          };
    }

    String reason() {
      return judgement == null ? "" : judgement.reason();
    }

    Tried carryOut() throws InterruptedException {
      long asked = run.clock().nanos();
      TryOutput output = new TryOutput(run.folder(), fileName(), redactor);
      TryRun.Ended ended;
      try (output) {
        ended =
            new TryRun(
                    commands,
                    run.cancellation(),
                    run.clock()::nanos,
                    task.plan().limits(),
                    output,
                    pid -> writeStart(asked, pid))
                .follow(request());
      }
      if (!written) {
        writeStart(asked, OptionalLong.empty());
      }
      conclude(ended, output);
      return this;
    }

    private RemoteRequest request() {
      Map<String, String> variables = new HashMap<>(instance.variables());
      variables.putAll(handed.apply(attempt));
      return new RemoteRequest(
          run.id() + "/" + attempt,
          task.command().line(),
          task.plan().limits().timeout(),
          task.plan().limits().stall(),
          order.folder(),
          variables);
    }

    /** The marker names it too; what no file name takes is left out of it. */
    private String fileName() {
      String marker = task.command().marker().replaceAll("[^A-Za-z0-9_-]", "_");
      return attempt + "." + marker.substring(0, Math.min(marker.length(), LONGEST_MARKER));
    }

    private void writeStart(long asked, OptionalLong pid) {
      written = true;
      run.record(
          new Event.AttemptStarted(
              attempt,
              task.task().id(),
              null,
              null,
              number,
              task.plan().agent().orElse("command"),
              null,
              null,
              null,
              null,
              null,
              pid.orElse(0),
              0,
              asked,
              run.clock().nanos()));
    }

    private void conclude(TryRun.Ended ended, TryOutput output) {
      Ending how = ended.ending();
      String text = output.text();
      Duration took = Duration.ofNanos(ended.endNanos() - ended.askedNanos());
      Judgement judged =
          new Judge(task.task(), task.command())
              .judge(new Outcome(how, text, took, fileFaults(how)));
      PrintedAnswer answer = PrintedAnswer.of(text);
      String said = answer.result().orElse(text);
      answers.take(new GivenAnswer(instance.number(), judged.passed(), said, took));
      TranscriptCheck check = check(answer);
      ending = how;
      judgement = judged;
      warnings(ended, output);
      run.record(Journalled.ended(attempt, ended, judged, output.bytes()));
      run.record(
          Journalled.judged(
              attempt,
              instance.number(),
              how,
              judged,
              check,
              output.path().map(Path::toString),
              said.length()));
    }

    private TranscriptCheck check(PrintedAnswer answer) {
      return order.suite().execution().transcriptVerification()
          ? confrontation.of(task.plan().agent(), answer)
          : TranscriptCheck.unknown("transcript_verification is false in the suite");
    }

    /** Files are only looked for after an end that could have made them. */
    private List<String> fileFaults(Ending how) {
      Verification verification = task.task().verification();
      if (verification.files().isEmpty() || !how.equals(new Ending.Exited(0))) {
        return List.of();
      }
      return order
          .folder()
          .map(verification::fileFaults)
          .orElse(List.of("its files can't be looked at: the server is on another machine"));
    }

    private void warnings(TryRun.Ended ended, TryOutput output) {
      ended.missed().ifPresent(what -> warn("the server gave up before they were read: " + what));
      output.warning().ifPresent(this::warn);
    }

    private void warn(String text) {
      run.record(new Event.Noted("warning", attempt + ": " + text));
    }
  }
}
