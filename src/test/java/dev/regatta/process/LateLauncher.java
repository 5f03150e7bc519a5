package dev.regatta.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Starts real children whose reader hears of nothing until they are gone, and then of their end
 * first, as of one that was long ago: what a machine does that is too busy.
 */
public final class LateLauncher implements Launcher {
  private final Launcher launcher = Launcher.open();

  @Override
  public Child start(ChildCommand command) throws SpawnFailed {
    return new Late(launcher.start(command));
  }

  @Override
  public boolean works() {
    return launcher.works();
  }

  @Override
  public boolean contains() {
    return launcher.contains();
  }

  @Override
  public Leftovers leftovers() {
    return launcher.leftovers();
  }

  @Override
  public void close() {
    launcher.close();
  }

  private static final class Late implements Child {
    private final Child child;
    private final Deque<ChildEvent> events = new ArrayDeque<>();
    private boolean gone;

    private Late(Child child) {
      this.child = child;
    }

    @Override
    public ChildEvent next(long timeoutNanos) throws InterruptedException {
      while (!gone) {
        ChildEvent event = Programs.next(child);
        if (event instanceof ChildEvent.Exited end) {
          gone = true;
          events.addFirst(longAgo(end));
        } else {
          events.add(event);
        }
      }
      ChildEvent event = events.poll();
      return event != null ? event : child.next(timeoutNanos);
    }

    private static ChildEvent.Exited longAgo(ChildEvent.Exited end) {
      return new ChildEvent.Exited(
          end.exitCode(),
          end.signal(),
          end.cpuSeconds(),
          end.peakMemoryBytes(),
          end.nanos() - Duration.ofMinutes(1).toNanos());
    }

    @Override
    public void offer(Predicate<ChildEvent.Output> taker) {
      // It would come in time.
    }

    @Override
    public long pid() {
      return child.pid();
    }

    @Override
    public boolean ownsGroup() {
      return child.ownsGroup();
    }

    @Override
    public long startTicks() {
      return child.startTicks();
    }

    @Override
    public long spawnNanos() {
      return child.spawnNanos();
    }

    @Override
    public long spawnedNanos() {
      return child.spawnedNanos();
    }

    @Override
    public void nudge() {
      child.nudge();
    }

    @Override
    public boolean signal(Signal signal) {
      return child.signal(signal);
    }

    @Override
    public void pause() {
      child.pause();
    }

    @Override
    public boolean groupAlive() {
      return child.groupAlive();
    }

    @Override
    public Optional<Map<String, String>> givenEnvironment() {
      return child.givenEnvironment();
    }

    @Override
    public void close() {
      child.close();
    }
  }
}
