package dev.regatta.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future.State;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.common.WebSocketSession;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * Writes to one client, on one thread: answers first, then what executions tell, in turns. It waits
 * until what it sent in a turn is taken, so no more than that piles up in the library; what a slow
 * client has not read waits in the logs of its executions.
 *
 * <p>It speaks to the library's core, which takes text that is in UTF-8 already and puts the frames
 * of a turn together before it writes: a message and a wait at a time took three times as long.
 *
 * <p>An answer that is there before a notification is made is also sent before it.
 */
final class ClientWriter implements OutputLog.Waiting {
  /** From one execution, before it is another one's turn. */
  private static final int TURN_BYTES = 64 * 1024;

  /** A client that doesn't read answers is not read any further either. */
  private static final int MOST_ANSWERS_CHARS = 1 << 20;

  private final CoreSession session;
  private final ServerTimes times;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final Deque<String> answers = new ArrayDeque<>();
  private final Map<Execution, OutputLog.Reader> streams = new LinkedHashMap<>();
  private int answersChars;
  private boolean dirty;
  private boolean closed;

  /** Whether somebody writes: at first its own thread, until that has nothing to do. */
  private boolean writing = true;

  // Of whoever writes: what was sent last without a wait for its end.
  private CompletableFuture<?> pushed = CompletableFuture.completedFuture(null);

  // Set by the writing thread alone.
  private volatile long lastPing = System.nanoTime();
  private volatile long lastHeartbeat = lastPing;

  ClientWriter(Session session, ServerTimes times) {
    this.session = ((WebSocketSession) session).getCoreSession();
    this.times = times;
  }

  /** Sends that before anything else; never waits. */
  void answer(String json) {
    lock.lock();
    try {
      answers.add(json);
      answersChars += json.length();
      dirty = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits while many answers are not read yet. */
  void awaitRoom() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (answersChars > MOST_ANSWERS_CHARS && !closed) {
        room.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Sends what an execution tells, from an output on; another stream of it ends. */
  void follow(Execution execution, long from) {
    OutputLog.Reader reader = execution.log().reader(from, this);
    lock.lock();
    try {
      OutputLog.Reader before = streams.put(execution, reader);
      if (before != null) {
        before.close();
      }
      if (closed) {
        reader.close();
      }
    } finally {
      lock.unlock();
    }
    wake();
  }

  private void wake() {
    lock.lock();
    try {
      dirty = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void wake(OutputLog.Reader reader) {
    wake();
  }

  /** Sends a turn on a thread that must not wait, where that is possible, and else wakes ours. */
  @Override
  public void push(OutputLog.Reader reader) {
    boolean free = reader.inMemory();
    lock.lock();
    try {
      if (!free || closed || dirty || writing || pushed.state() != State.SUCCESS) {
        dirty = true;
        changed.signal();
        return;
      }
      writing = true;
    } finally {
      lock.unlock();
    }
    boolean all = false;
    try {
      OutputLog.Batch batch = reader.take(OutputLog.MEMORY_BYTES);
      push(batch.entries());
      all = reader.isDone() && !batch.ended();
    } catch (RuntimeException e) {
      pushed = CompletableFuture.failedFuture(e); // this client's alone: our thread hears of it
    } finally {
      lock.lock();
      try {
        writing = false;
        dirty |= !all;
        if (dirty || closed) {
          changed.signal();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private void push(List<Entry> entries) {
    Callback.Completable done = new Callback.Completable();
    for (int i = 0; i < entries.size(); i++) {
      boolean last = i == entries.size() - 1;
      // If one before the last fails, so does the last.
      session.sendFrame(text(entries.get(i)), last ? done : Callback.NOOP, !last);
    }
    if (!entries.isEmpty()) {
      pushed = done;
    }
  }

  /** Whether all is sent that there is to send, so that the connection may be closed. */
  boolean isIdle() {
    lock.lock();
    try {
      return closed || (answers.isEmpty() && streams.isEmpty() && !dirty);
    } finally {
      lock.unlock();
    }
  }

  /** Sends nothing more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      streams.values().forEach(OutputLog.Reader::close);
      streams.clear();
      changed.signalAll();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Writes until it is closed or the client is gone. */
  void run() throws InterruptedException {
    Thread clock = Thread.ofVirtual().name("regatta-beat").start(this::wakeForBeats);
    try {
      while (awaitWork()) {
        pushed.join();
        boolean more = true;
        while (more) {
          sendAnswers();
          beat();
          more = false;
          for (Map.Entry<Execution, OutputLog.Reader> stream : snapshot()) {
            more |= turn(stream.getKey(), stream.getValue());
          }
        }
      }
    } catch (CompletionException e) {
      close(); // the client is gone; its connection hears of that too
    } finally {
      clock.interrupt();
    }
  }

  /** On a thread of its own: a wait with an end would cost the writer a timer for each message. */
  private void wakeForBeats() {
    try {
      while (true) {
        TimeUnit.NANOSECONDS.sleep(Math.max(1_000_000, nanosToBeat(System.nanoTime())));
        wake();
      }
    } catch (InterruptedException e) {
      // the connection is over
    }
  }

  private boolean awaitWork() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      writing = false;
      while ((!dirty || writing) && !closed) {
        changed.await();
      }
      writing = true;
      dirty = false;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private List<Map.Entry<Execution, OutputLog.Reader>> snapshot() {
    lock.lock();
    try {
      List<Map.Entry<Execution, OutputLog.Reader>> copy = new ArrayList<>(streams.size());
      streams.forEach((execution, reader) -> copy.add(Map.entry(execution, reader)));
      return copy;
    } finally {
      lock.unlock();
    }
  }

  /** Sends some of one execution; gives whether there may be more. */
  private boolean turn(Execution execution, OutputLog.Reader reader) {
    OutputLog.Batch batch = reader.take(TURN_BYTES);
    sendAnswers(); // those that were there before any of these was made
    if (batch.dropped() > 0) {
      send(Notices.notification("process.dropped", execution.dropped(batch.dropped())));
    }
    send(batch.entries());
    if (batch.ended()) {
      ended(execution, reader);
    }
    return batch.more();
  }

  private void ended(Execution execution, OutputLog.Reader reader) {
    reader.close();
    lock.lock();
    try {
      streams.remove(execution, reader);
    } finally {
      lock.unlock();
    }
    if (execution.id().isEmpty()) {
      execution.log().close(); // nobody else can ask for it
    }
  }

  private void sendAnswers() {
    while (true) {
      String json;
      lock.lock();
      try {
        json = answers.poll();
        if (json == null) {
          return;
        }
        answersChars -= json.length();
        room.signalAll();
      } finally {
        lock.unlock();
      }
      send(json);
    }
  }

  private long nanosToBeat(long now) {
    return Math.min(
        times.ping().toNanos() - (now - lastPing),
        times.heartbeat().toNanos() - (now - lastHeartbeat));
  }

  /** Keeps what lies between from taking a long silence for the end; asks for no answer. */
  private void beat() {
    long now = System.nanoTime();
    if (now - lastPing >= times.ping().toNanos()) {
      lastPing = now;
      send(new Frame(OpCode.PING));
    }
    if (now - lastHeartbeat >= times.heartbeat().toNanos()) {
      lastHeartbeat = now;
      send(
          Notices.notification(
              "heartbeat", Notices.object().put("timestamp", System.currentTimeMillis() / 1000.0)));
    }
  }

  private static Frame text(Entry entry) {
    return new Frame(OpCode.TEXT, ByteBuffer.wrap(entry.json()));
  }

  private void send(String json) {
    send(new Frame(OpCode.TEXT, ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8))));
  }

  private void send(List<Entry> entries) {
    push(entries);
    pushed.join();
  }

  private void send(Frame frame) {
    Callback.Completable done = new Callback.Completable();
    session.sendFrame(frame, done, false);
    done.join();
  }
}
