package dev.regatta.server;

import dev.regatta.process.Child;
import dev.regatta.process.Launcher;
import dev.regatta.process.Mark;
import dev.regatta.process.SpawnFailed;
import dev.regatta.telemetry.ServedAgent;
import dev.regatta.telemetry.TraceIds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** All executions of a server: those that run, and named ones that ended not long ago. */
final class Executions {
  /** Ended ones that can still be read. */
  private static final int KEPT = 100;

  private final ServerSettings settings;
  private final AllowList allowed;
  private final Shell shell;
  private final Optional<AgentsAccess> agents;
  private final Consumer<ServedAgent> counted;
  private final Launcher launcher;
  private final Sweeping sweeping;
  private final ServerFolder folder;
  private final ServerLog log;
  private final Set<Execution> running = new HashSet<>();
  private final Map<String, Execution> named = new LinkedHashMap<>();
  private final Deque<Execution> ended = new ArrayDeque<>();
  private final Map<String, Long> endings = new TreeMap<>();
  private long names;
  private long started;
  private long outputOfEnded;
  private long droppedOfEnded;
  private boolean stopping;

  /**
   * What all executions since the server began come to.
   *
   * @param running that run
   * @param started that were started
   * @param ended that ended, by reason
   * @param outputBytes that they printed
   * @param droppedBytes of notifications that were given up because nobody read them in time
   */
  record Tally(
      int running, long started, Map<String, Long> ended, long outputBytes, long droppedBytes) {}

  Executions(
      ServerSettings settings,
      Launcher launcher,
      ServerFolder folder,
      ServerLog log,
      Optional<AgentsAccess> agents,
      Consumer<ServedAgent> counted) {
    this.agents = agents;
    this.counted = counted;
    this.settings = settings;
    this.allowed = new AllowList(settings.allowed());
    this.shell = Shell.of(settings);
    this.launcher = launcher;
    this.sweeping = new Sweeping(launcher.leftovers());
    this.folder = folder;
    this.log = log;
  }

  /**
   * Starts a process; who asked reads its log and then has it {@link Execution#begin}.
   *
   * @throws ProtocolError if it may not or can't be started
   */
  Execution start(ExecuteRequest request) throws ProtocolError {
    check(request);
    String name = nextName();
    Mark mark = Mark.of(folder.id(), name, settings.environment());
    if (request.agent().isEmpty()) {
      return start(request, name, mark, Optional.empty());
    }
    // Not while others wait: it may have to look for programs, or to call one for a credential.
    AgentStart.Ready agent = prepared(request, request.agent().get(), name, mark);
    boolean begun = false;
    try {
      ExecuteRequest limited = request.within(agent.adapter().usualTimeout());
      Execution execution = start(limited, name, mark, Optional.of(agent));
      begun = true;
      return execution;
    } finally {
      if (!begun) {
        agent.ended().accept(Optional.empty());
      }
    }
  }

  private void check(ExecuteRequest request) throws ProtocolError {
    if (request.agent().isPresent()) {
      allowed.check(request.agent().get(), request.command());
      AgentCommand.check(request.env());
    } else {
      allowed.check(request.command());
    }
    allowed.check(request.env());
  }

  private synchronized String nextName() {
    return Long.toString(++names);
  }

  private AgentStart.Ready prepared(ExecuteRequest request, String agent, String name, Mark mark)
      throws ProtocolError {
    if (agents.isEmpty()) {
      throw ProtocolError.params("this server starts no agents: leave out agent");
    }
    List<String> known = agents.get().names();
    if (!known.contains(agent)) {
      throw ProtocolError.params(
          "there is no agent '"
              + Message.shown(agent)
              + "'; there are "
              + String.join(", ", known));
    }
    AgentOrder order =
        new AgentOrder(
            agent,
            request.command(),
            request.credential(),
            shell.folderOf(request),
            name,
            Optional.ofNullable(request.env().get(TraceIds.VARIABLE)),
            Map.of(Mark.VARIABLE, mark.value()));
    return switch (agents.get().prepare().apply(order)) {
      case AgentStart.Ready ready -> ready;
      case AgentStart.Unfit(String reason) -> throw ProtocolError.params(reason);
      case AgentStart.Lacking(String reason) ->
          throw new ProtocolError(ProtocolError.Code.INTERNAL, reason);
    };
  }

  private synchronized Execution start(
      ExecuteRequest request, String name, Mark mark, Optional<AgentStart.Ready> agent)
      throws ProtocolError {
    if (stopping) {
      throw new ProtocolError(ProtocolError.Code.INTERNAL, "The server is stopping");
    }
    if (request.id().isPresent() && isRunning(request.id().get())) {
      throw ProtocolError.params(
          "A process is already running with the id '" + request.id().get() + "'");
    }
    if (running.size() >= settings.limits().running()) {
      throw new ProtocolError(
          ProtocolError.Code.RUNNING_LIMIT,
          running.size() + " processes run, and no more may: wait for one to end");
    }
    Execution execution = spawn(request, name, mark, agent);
    running.add(execution);
    log.info("execution " + execution.called() + " started");
    request.id().ifPresent(id -> replace(id, execution));
    return execution;
  }

  private boolean isRunning(String id) {
    Execution there = named.get(id);
    return there != null && running.contains(there) && !there.isOver();
  }

  private void replace(String id, Execution execution) {
    Execution before = named.put(id, execution);
    if (before != null) {
      ended.remove(before);
      before.log().close();
    }
  }

  private Execution spawn(
      ExecuteRequest request, String name, Mark mark, Optional<AgentStart.Ready> agent)
      throws ProtocolError {
    Child child = launch(request, mark, agent);
    started++;
    OutputLog log =
        new OutputLog(
            request.id().isPresent(),
            new Spill(folder.path(), name, settings.limits().spillBytes()));
    return new Execution(
        request,
        agent.map(start -> new AgentWork(start, child, counted)),
        child,
        mark,
        log,
        sweeping,
        settings.times().grace(),
        this::over);
  }

  private Child launch(ExecuteRequest request, Mark mark, Optional<AgentStart.Ready> agent)
      throws ProtocolError {
    try {
      return launcher.start(
          agent.isPresent()
              ? AgentCommand.of(agent.get().launch(), request.env(), settings.environment())
              : shell.command(request, mark));
    } catch (SpawnFailed e) {
      throw new ProtocolError(ProtocolError.Code.INTERNAL, String.valueOf(e.getMessage()));
    }
  }

  private synchronized void over(Execution execution) {
    running.remove(execution);
    log.info("execution " + execution.called() + " ended, " + execution.end());
    endings.merge(execution.reason(), 1L, Long::sum);
    outputOfEnded += execution.outputBytes();
    droppedOfEnded += execution.log().droppedBytes();
    notifyAll();
    if (execution.id().isEmpty() || named.get(execution.id().get()) != execution) {
      return; // its connection closes its log
    }
    ended.add(execution);
    while (ended.size() > 1 && (ended.size() > KEPT || tooMuchOnDisk())) {
      Execution oldest = ended.remove();
      oldest.id().ifPresent(named::remove);
      oldest.log().close();
    }
  }

  private boolean tooMuchOnDisk() {
    return ended.stream().mapToLong(each -> each.log().bytesOnDisk()).sum()
        > settings.limits().spillBytes();
  }

  /**
   * The execution with that id.
   *
   * @throws ProtocolError if there is none
   */
  synchronized Execution named(String id) throws ProtocolError {
    Execution execution = named.get(id);
    if (execution == null) {
      throw new ProtocolError(
          ProtocolError.Code.NOT_FOUND,
          "No process is known with the id '" + Message.shown(id) + "'");
    }
    return execution;
  }

  /** All that have an id, in the order in which they began. */
  synchronized List<Execution> named() {
    return List.copyOf(named.values());
  }

  synchronized int runningCount() {
    return running.size();
  }

  synchronized Tally tally() {
    return new Tally(
        running.size(),
        started,
        Map.copyOf(endings),
        outputOfEnded + running.stream().mapToLong(Execution::outputBytes).sum(),
        droppedOfEnded + running.stream().mapToLong(each -> each.log().droppedBytes()).sum());
  }

  /** Starts nothing more, and stops what runs; gives those. */
  synchronized List<Execution> stopAll() {
    stopping = true;
    List<Execution> stopped = new ArrayList<>(running);
    stopped.forEach(execution -> execution.stop(Execution.Why.SERVER_STOPS));
    return stopped;
  }

  /** Waits for a while until nothing runs; gives whether nothing does. */
  synchronized boolean awaitNone(long nanos) throws InterruptedException {
    long deadline = System.nanoTime() + nanos;
    long left = nanos;
    while (!running.isEmpty() && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadline - System.nanoTime();
    }
    return running.isEmpty();
  }

  /** Gives up all that is kept. */
  synchronized void close() {
    named.values().forEach(execution -> execution.log().close());
    named.clear();
  }
}
