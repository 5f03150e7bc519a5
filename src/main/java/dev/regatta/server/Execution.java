package dev.regatta.server;

import dev.regatta.agent.Stopped;
import dev.regatta.process.Channel;
import dev.regatta.process.Child;
import dev.regatta.process.ChildEvent;
import dev.regatta.process.Leftovers;
import dev.regatta.process.Limits;
import dev.regatta.process.Lingering;
import dev.regatta.process.Mark;
import dev.regatta.process.Signal;
import dev.regatta.process.StopLadder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A command or agent that runs: one thread reads what its process does, in a straight loop that
 * waits for no client, until it is gone with all that it started. Orders come from other threads.
 */
final class Execution {
  /** Outputs are handed to the log together, but no more of them than that. */
  private static final int TOGETHER_BYTES = 64 * 1024;

  /**
   * What is dealt with on the thread that reads all pipes: most outputs are a line or two, and two
   * wakes of other threads cost each of them more than all the rest. So is what piles up of such
   * lines on a busy machine, which has no time for the wakes either.
   */
  private static final int AT_ONCE_LINES = 256;

  /** But a stream that fills a pipe so much more often than not has threads of its own. */
  private static final int FLOOD_READS = 3;

  /** What a pipe holds (pipe(7)), and what is read at once. */
  private static final int FULL_BYTES = 64 * 1024;

  /** Where it is in its life. */
  private enum State {
    RUNNING,
    PAUSED,
    STOPPING,
    ENDED
  }

  /** Why a process is stopped. */
  enum Why {
    CANCELED("canceled", Stopped.CANCELLED),
    TIMED_OUT("timeout", Stopped.TIMED_OUT),
    STALLED("stalled", Stopped.STALLED),
    /** An agent printed that going on is of no use. */
    HOPELESS("hopeless", Stopped.HOPELESS),
    CLIENT_GONE("connection closed", Stopped.CANCELLED),
    SERVER_STOPS("server stops", Stopped.CANCELLED);

    private final String word;
    private final Stopped stopped;

    Why(String word, Stopped stopped) {
      this.word = word;
      this.stopped = stopped;
    }
  }

  private final ExecuteRequest request;
  private final Optional<AgentWork> agent;
  private final Child child;
  private final Mark mark;
  private final OutputLog log;
  private final Sweeping sweeping;
  private final StopLadder ladder;
  private final Consumer<Execution> whenOver;
  private final Instant started = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private final LongAdder outputBytes = new LongAdder();
  private final CountDownLatch over = new CountDownLatch(1);
  private final OutputLines outputLines = new OutputLines(piece -> tell(Channel.OUTPUT, piece));
  private final OutputLines errorLines = new OutputLines(piece -> tell(Channel.ERROR, piece));
  private final OutputMessages messages;
  private final OutputSigns signs = new OutputSigns();
  private final Set<Channel> open = EnumSet.allOf(Channel.class);

  // Guards what follows: an order and the end must not pass each other.
  private final ReentrantLock lock = new ReentrantLock();
  private State state = State.RUNNING;
  private @Nullable Why why;
  private boolean urgent;
  private boolean killed;
  private ChildEvent.@Nullable Exited exited;

  // Of the reading thread alone, but for the first, which a resume sets.
  private volatile long quietSince;
  private boolean printed;
  private boolean atOnce;
  private int floods;
  private @Nullable Lingering lingering;
  private boolean swept;
  private List<Long> left = List.of();
  private final List<byte[]> untold = new ArrayList<>();
  private int untoldBytes;
  private long outputs;
  private Optional<String> session = Optional.empty();
  private OutputSigns.Sign.@Nullable Done done;
  private double doneSeconds;

  Execution(
      ExecuteRequest request,
      Optional<AgentWork> agent,
      Child child,
      Mark mark,
      OutputLog log,
      Sweeping sweeping,
      Duration grace,
      Consumer<Execution> whenOver) {
    this.request = request;
    this.agent = agent;
    this.child = child;
    this.mark = mark;
    this.log = log;
    this.sweeping = sweeping;
    this.ladder = StopLadder.fromTerminate(grace);
    this.whenOver = whenOver;
    this.messages = new OutputMessages(request.id(), rehearsal());
    this.quietSince = child.spawnNanos();
  }

  private boolean rehearsal() {
    return agent.filter(AgentWork::rehearsal).isPresent();
  }

  /** What others find it by. */
  Optional<String> id() {
    return request.id();
  }

  /** What the server's log calls it; never what it does, in which there may be secrets. */
  String called() {
    return child.pid()
        + request.id().map(id -> " '" + id + "'").orElse("")
        + request.agent().map(name -> ", agent " + name).orElse("")
        + (rehearsal() ? " (REHEARSAL)" : "");
  }

  /** How it ended, for the log. */
  String end() {
    return status() + ", exit code " + describe().get("exit_code");
  }

  OutputLog log() {
    return log;
  }

  /** What {@code execute} answers. */
  ObjectNode accepted() {
    return place(Notices.object().put("status", "started"));
  }

  /**
   * Tells that it started and reads it from now on; whoever is to miss nothing reads already.
   *
   * @param connection the id of the one that asked for it, if one did
   */
  void begin(Optional<String> connection) {
    session = connection;
    log.notice(
        Notices.notification("process.started", accepted().putNull("exit_code").putNull("error")));
    child.offer(this::takeAtOnce);
    Thread.ofVirtual().name("regatta-execution-" + child.pid()).start(this::follow);
  }

  /** The end of it all, as its readers will hear of it. */
  void awaitOver() throws InterruptedException {
    over.await();
  }

  /** Whether it is over; so it is for whoever has heard of it, who may start the next at once. */
  boolean isOver() {
    lock.lock();
    try {
      return state == State.ENDED;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it had to be killed. */
  boolean killed() {
    lock.lock();
    try {
      return killed;
    } finally {
      lock.unlock();
    }
  }

  /** Processes that it left and that were stopped; known once it is over. */
  int leftBehind() {
    return left.size();
  }

  /** Stops its group until {@link #resume}; its answer comes before what readers are told. */
  void pause(Runnable answer) throws ProtocolError {
    order(child::pause, State.PAUSED, "paused", answer);
  }

  /** Goes on. */
  void resume(Runnable answer) throws ProtocolError {
    order(() -> child.signal(Signal.CONT), State.RUNNING, "resumed", answer);
  }

  private void order(Runnable act, State to, String word, Runnable answer) throws ProtocolError {
    lock.lock();
    try {
      requireRunning();
      if (state == State.STOPPING) {
        throw ProtocolError.params("The process is being stopped");
      }
      act.run();
      state = to;
      quietSince = System.nanoTime();
      answer.run();
      log.notice(
          Notices.notification("process." + word, place(Notices.object().put("status", word))));
    } finally {
      lock.unlock();
    }
    child.nudge(); // its silence counts from now on, or no longer
  }

  /** TERM, and KILL when the grace is over; asked again it does nothing more. */
  void cancel(Runnable answer) throws ProtocolError {
    lock.lock();
    try {
      requireRunning();
      answer.run();
      stopWhileLocked(Why.CANCELED);
    } finally {
      lock.unlock();
    }
    child.nudge();
  }

  private void requireRunning() throws ProtocolError {
    if (exited != null || state == State.ENDED) {
      throw new ProtocolError(ProtocolError.Code.NOT_FOUND, "No process is running");
    }
  }

  /** The same, for a reason that no client gave. */
  void stop(Why reason) {
    lock.lock();
    try {
      if (exited == null) {
        stopWhileLocked(reason);
      }
    } finally {
      lock.unlock();
    }
    child.nudge();
  }

  /** Its grace is over. */
  void hurry() {
    lock.lock();
    try {
      urgent = true;
    } finally {
      lock.unlock();
    }
    child.nudge();
  }

  private void stopWhileLocked(Why reason) {
    if (why != null) {
      return;
    }
    why = reason;
    state = State.STOPPING;
    switch (reason) {
      case CANCELED, SERVER_STOPS ->
          log.notice(
              Notices.notification(
                  "process.canceled",
                  place(Notices.object().put("status", "canceled").put("reason", reason.word))));
      case TIMED_OUT ->
          log.notice(
              error("timed out: it ran longer than " + seconds(request.limits().whole()) + " s"));
      case STALLED ->
          log.notice(
              Notices.notification(
                  "process.stalled",
                  place(
                      Notices.object()
                          .put("status", "stalled")
                          .put("stall_timeout", seconds(request.limits().stall())))));
      case HOPELESS ->
          log.notice(
              error(
                  "the agent is stopped, as going on is of no use: "
                      + agent.flatMap(AgentWork::hopeless).orElse("")));
      case CLIENT_GONE -> {
        // Nobody is there to hear of it.
      }
    }
  }

  private static double seconds(Optional<Duration> limit) {
    return limit.map(Duration::toMillis).orElse(0L) / 1000.0;
  }

  private String error(String words) {
    return Notices.notification("process.error", place(Notices.object().put("error", words)));
  }

  private ObjectNode place(ObjectNode params) {
    return label(params.put("pid", child.pid()).put("pgid", child.pid()));
  }

  private ObjectNode label(ObjectNode params) {
    request.id().ifPresent(id -> params.put("id", id));
    return rehearsal() ? params.put("rehearsal", true) : params;
  }

  private void tell(Channel channel, OutputLines.Piece piece) {
    outputs++;
    byte[] message = messages.of(channel, piece, outputs);
    untold.add(message);
    untoldBytes += message.length;
    if (untoldBytes >= TOGETHER_BYTES) {
      tellAll();
    }
    for (OutputSigns.Sign sign : signs.in(piece.bytes(), piece.from(), piece.to())) {
      tellAll(); // what it is found in comes first
      announce(sign);
    }
  }

  private void announce(OutputSigns.Sign sign) {
    ObjectNode params = Notices.object().put("session_id", session.orElse(null));
    String method;
    switch (sign) {
      case OutputSigns.Sign.Done found -> {
        method = "task.early_completion";
        done = found;
        doneSeconds = secondsUntil(System.nanoTime());
        params
            .put("marker", found.marker())
            .put("elapsed_time", doneSeconds)
            .put("output_line", found.line());
      }
      case OutputSigns.Sign.Limit found -> {
        method = found.method();
        params.setAll(found.params());
      }
    }
    String json = Notices.notification(method, label(params));
    if (sign instanceof OutputSigns.Sign.Done) {
      log.ofOutput(json); // process.completed says it again to who comes back later
    } else {
      log.notice(json);
    }
  }

  private double secondsUntil(long nanos) {
    return (nanos - child.spawnNanos()) / 1_000_000 / 1000.0;
  }

  private void tellAll() {
    if (!untold.isEmpty()) {
      log.outputs(outputs - untold.size() + 1, untold, atOnce);
      untold.clear();
      untoldBytes = 0;
    }
  }

  private void follow() {
    try (child) {
      readAll();
    } catch (InterruptedException | RuntimeException e) {
      log.notice(error("its output can't be read any more: " + e.getMessage()));
      child.signal(Signal.KILL);
    } finally {
      agent.ifPresent(work -> {
        outputLines.accept(work.rest(Channel.OUTPUT));
        errorLines.accept(work.rest(Channel.ERROR));
      });
      outputLines.finish();
      errorLines.finish();
      tellAll();
      sweep();
      conclude();
      over.countDown();
      whenOver.accept(this);
    }
  }

  private void readAll() throws InterruptedException {
    while (exited == null || !open.isEmpty()) {
      long now = System.nanoTime();
      if (lingering == null) {
        watch(now);
      } else if (lingering.isSweepDue(now) && !swept) {
        sweep();
      }
      ChildEvent event = child.next(patience(System.nanoTime()));
      if (event != null) {
        handle(event);
      }
      if (swept && lingering != null && lingering.isOver(event != null, System.nanoTime())) {
        return;
      }
    }
  }

  private void handle(ChildEvent event) {
    switch (event) {
      case ChildEvent.Output output -> {
        printed = true;
        take(output);
        if (agent.flatMap(AgentWork::hopeless).isPresent()) {
          stop(Why.HOPELESS);
        }
      }
      case ChildEvent.Closed closed -> open.remove(closed.channel());
      case ChildEvent.Exited end -> {
        lock.lock();
        try {
          exited = end;
          lingering = new Lingering(end.nanos(), System.nanoTime());
        } finally {
          lock.unlock();
        }
      }
      case ChildEvent.Nudged ignored -> {
        // The loop looks at its orders by itself.
      }
    }
  }

  private void take(ChildEvent.Output output) {
    quietSince = output.nanos();
    outputBytes.add(output.bytes().length);
    boolean full = output.bytes().length == FULL_BYTES;
    floods = Math.clamp(floods + (full ? 1 : -1), 0, 2 * FLOOD_READS);
    lines(output).accept(agent.isPresent() ? agent.get().read(output) : output.bytes());
    tellAll();
  }

  private OutputLines lines(ChildEvent.Output output) {
    return output.channel() == Channel.OUTPUT ? outputLines : errorLines;
  }

  /**
   * On the thread that reads all pipes, while our own has no output in hand. What could make it
   * wait is left to our own: a full memory, and the many messages that few bytes can become. So are
   * the first output, since other limits hold from then on, and what agents say, which is read.
   */
  private boolean takeAtOnce(ChildEvent.Output output) {
    if (agent.isPresent()
        || !printed
        || floods >= FLOOD_READS
        || !isShort(output)
        || !log.hasRoom()) {
      return false;
    }
    atOnce = true;
    take(output);
    atOnce = false;
    return true;
  }

  private boolean isShort(ChildEvent.Output output) {
    if (lines(output).heldBytes() > FULL_BYTES) {
      return false;
    }
    int ends = 0;
    for (byte each : output.bytes()) {
      ends += each == '\n' ? 1 : 0;
    }
    return ends <= AT_ONCE_LINES;
  }

  /** Who is paused has nothing to say; the limit on the whole goes on. */
  private Limits limits() {
    Limits given = request.limits();
    return state == State.PAUSED
        ? new Limits(given.whole(), Optional.empty(), Optional.empty())
        : given;
  }

  private long patience(long now) {
    if (lingering != null) {
      return lingering.nanosLeft(swept, now);
    }
    lock.lock();
    try {
      return why == null
          ? limits().nanosLeft(child.spawnNanos(), quietSince, printed, now)
          : ladder.nanosLeft(now);
    } finally {
      lock.unlock();
    }
  }

  /** Looks whether it must be stopped, and if it is being stopped whether the next step is due. */
  private void watch(long now) {
    lock.lock();
    try {
      if (why == null) {
        limits()
            .passed(child.spawnNanos(), quietSince, printed, now)
            .ifPresent(overrun ->
                stopWhileLocked(
                    switch (overrun) {
                      case WHOLE, FIRST_OUTPUT -> Why.TIMED_OUT;
                      case STALL -> Why.STALLED;
                    }));
      }
      if (why != null) {
        if (urgent) {
          ladder.hurry();
        }
        ladder.due(now).ifPresent(this::send);
      }
    } finally {
      lock.unlock();
    }
  }

  private void send(Signal signal) {
    killed |= signal == Signal.KILL;
    child.signal(signal);
    child.signal(Signal.CONT); // a paused group would hear nothing else
  }

  private void sweep() {
    if (swept) {
      return;
    }
    swept = true;
    ChildEvent.Exited end = exited;
    try {
      left =
          sweeping.sweep(
              new Leftovers.Ended(
                  mark, child.pid(), end == null ? System.nanoTime() : end.nanos()));
    } catch (RuntimeException e) {
      log.notice(error("what it left behind could not be looked for: " + e.getMessage()));
    }
  }

  private void conclude() {
    agent.ifPresent(this::end);
    lock.lock();
    try {
      state = State.ENDED;
      log.end(Notices.notification("process.completed", completed()));
    } finally {
      lock.unlock();
    }
  }

  private void end(AgentWork work) {
    Stopped stopped;
    lock.lock();
    try {
      stopped = why == null ? Stopped.NOT : why.stopped;
    } finally {
      lock.unlock();
    }
    Optional<Duration> limit =
        switch (stopped) {
          case TIMED_OUT -> request.limits().whole();
          case STALLED -> request.limits().stall();
          case NOT, FIRST_OUTPUT_TIMED_OUT, CANCELLED, HOPELESS -> Optional.empty();
        };
    try {
      work.end(exited, stopped, limit);
    } catch (RuntimeException e) {
      // Whatever it is, the execution is over, and who waits for that must hear of it.
      log.notice(error("what the agent came to can't be kept: " + e.getMessage()));
    }
  }

  private ObjectNode completed() {
    ChildEvent.Exited end = exited;
    double seconds = secondsUntil(end == null ? System.nanoTime() : end.nanos());
    ObjectNode params = Notices.object().put("status", status());
    putExitCode(place(params));
    params.put("execution_time", seconds);
    putEarlyCompletion(params, seconds);
    params
        .put("reason", why == null ? "exited" : why.word)
        .put("left_behind", left.size())
        .put("dropped_bytes", log.droppedBytes());
    agent.ifPresent(work -> params.set("agent", work.result()));
    return params;
  }

  private void putEarlyCompletion(ObjectNode params, double seconds) {
    OutputSigns.Sign.Done found = done;
    params.put("early_completion_detected", found != null);
    if (found == null) {
      params.putNull("early_completion_time").putNull("time_saved").putNull("completion_marker");
    } else {
      // What it printed last may be read after its end.
      double early = Math.min(doneSeconds, seconds);
      double rest = Math.round((seconds - early) * 1000) / 1000.0;
      params
          .put("early_completion_time", early)
          .put("time_saved", rest)
          .put("completion_marker", found.marker());
    }
  }

  private void putExitCode(ObjectNode params) {
    ChildEvent.Exited end = exited;
    if (end == null) {
      params.putNull("exit_code");
    } else if (end.exitCode() != null) {
      params.put("exit_code", end.exitCode());
    } else {
      params.put("exit_code", end.signal() == null ? -1 : -end.signal());
    }
  }

  private String status() {
    return switch (state) {
      case RUNNING -> "running";
      case PAUSED -> "paused";
      case STOPPING -> "stopping";
      case ENDED -> succeeded() ? "completed" : "failed";
    };
  }

  private boolean succeeded() {
    ChildEvent.Exited end = exited;
    return end != null && end.exitCode() != null && end.exitCode() == 0;
  }

  /** Why it ended, or is being stopped. */
  String reason() {
    lock.lock();
    try {
      return why == null ? "exited" : why.word;
    } finally {
      lock.unlock();
    }
  }

  /** What its process printed so far. */
  long outputBytes() {
    return outputBytes.sum();
  }

  /** What a reader is told who was so slow that there is a gap. */
  ObjectNode dropped(long notifications) {
    return place(Notices.object().put("notifications", notifications));
  }

  /** What {@code status}, {@code list} and {@code attach} say of it. */
  ObjectNode describe() {
    lock.lock();
    try {
      ObjectNode row = place(Notices.object().put("status", status()));
      putExitCode(row);
      agent.ifPresent(work -> row.set("agent", work.describe()));
      return row.put("command", Message.shown(request.command()))
          .put("started_at", started.toString())
          .put("first_sequence", log.firstSequence())
          .put("last_sequence", log.sequence())
          .put("dropped_bytes", log.droppedBytes());
    } finally {
      lock.unlock();
    }
  }
}
