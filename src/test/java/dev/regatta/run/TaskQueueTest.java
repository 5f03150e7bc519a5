package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.Test;

class TaskQueueTest {
  private static final Path HERE = Path.of("/here");

  @Test
  void tasksComeInTheirOrderEachOnce() throws Exception {
    TaskQueue queue = new TaskQueue(List.of(task("a"), task("b"), task("c")).iterator(), HERE);
    assertThat(ready(queue)).isEqualTo("a");
    assertThat(ready(queue)).isEqualTo("b");
    assertThat(ready(queue)).isEqualTo("c");
    assertThat(queue.take()).isEmpty();
  }

  @Test
  void aTaskWaitsForWhatItDependsOnAndOthersOvertakeIt() throws Exception {
    Task first = task("first");
    TaskQueue queue =
        new TaskQueue(List.of(first, after("second", "first"), task("third")).iterator(), HERE);
    assertThat(ready(queue)).isEqualTo("first");
    assertThat(ready(queue)).isEqualTo("third");
    queue.finished(first, true);
    assertThat(ready(queue)).isEqualTo("second");
  }

  @Test
  void whatDependsOnAFailureIsGivenOutAsBlockedAlongTheWholeChain() throws Exception {
    Task first = task("a");
    TaskQueue queue =
        new TaskQueue(List.of(first, after("b", "a"), after("c", "b")).iterator(), HERE);
    assertThat(ready(queue)).isEqualTo("a");
    queue.finished(first, false);
    assertThat(queue.take().orElseThrow())
        .isInstanceOfSatisfying(
            TaskQueue.Next.Blocked.class, blocked -> assertThat(blocked.failed()).isEqualTo("a"));
    assertThat(queue.take().orElseThrow())
        .isInstanceOfSatisfying(
            TaskQueue.Next.Blocked.class, blocked -> assertThat(blocked.failed()).isEqualTo("b"));
    assertThat(queue.take()).isEmpty();
  }

  @Test
  void tasksThatTouchTheSameFilesNeverRunTogether() throws Exception {
    Task whole = touching("whole", "src/");
    TaskQueue queue =
        new TaskQueue(
            List.of(whole, touching("part", "src/A.java"), touching("other", "doc/x")).iterator(),
            HERE);
    assertThat(ready(queue)).isEqualTo("whole");
    assertThat(ready(queue)).isEqualTo("other");
    queue.finished(whole, false);
    assertThat(ready(queue)).isEqualTo("part");
  }

  @Test
  void aTakerWaitsForASlowSourceWithoutHoldingUpTheOthers() throws Exception {
    SynchronousQueue<Task> lines = new SynchronousQueue<>();
    Iterator<Task> source =
        new Iterator<>() {
          private int left = 2;

          @Override
          public boolean hasNext() {
            return left-- > 0;
          }

          @Override
          public Task next() {
            try {
              return lines.take();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
        };
    TaskQueue queue = new TaskQueue(source, HERE);
    CountDownLatch done = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      Thread.startVirtualThread(() -> {
        try {
          while (queue.take().isPresent()) {
            done.countDown();
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
    }
    lines.put(task("1"));
    queue.finished(task("0"), true); // returns at once, though a taker waits for the source
    lines.put(task("2"));
    done.await();
  }

  @Test
  void closedItGivesOutNothingMore() throws Exception {
    TaskQueue queue = new TaskQueue(List.of(task("a"), task("b")).iterator(), HERE);
    assertThat(ready(queue)).isEqualTo("a");
    queue.close();
    assertThat(queue.take()).isEmpty();
  }

  @Test
  void anyWebOfDependenciesAndFilesIsWorkedOffOnceInAnAllowedOrder() throws Exception {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<Task> tasks = web(random);
      TaskQueue queue = new TaskQueue(tasks.iterator(), HERE);
      Map<String, Task> running = new HashMap<>();
      Set<String> ended = new HashSet<>();
      Set<String> failed = new HashSet<>();
      int given = 0;
      while (given < tasks.size()) {
        boolean free =
            running.isEmpty()
                || random.nextBoolean() && canTake(tasks, running, ended, failed, given);
        if (free) {
          given++;
          switch (queue.take().orElseThrow()) {
            case TaskQueue.Next.Ready ready -> {
              Task task = ready.task();
              assertThat(ended).as("seed " + seed).containsAll(task.dependsOn());
              assertThat(running.values())
                  .as("seed " + seed)
                  .noneMatch(other -> other.sharesFilesWith(task, HERE));
              running.put(task.name(), task);
            }
            case TaskQueue.Next.Blocked blocked -> {
              assertThat(failed).as("seed " + seed).contains(blocked.failed());
              failed.add(blocked.task().name());
            }
          }
        } else {
          Task task = running.remove(running.keySet().iterator().next());
          boolean succeeded = random.nextInt(5) > 0;
          (succeeded ? ended : failed).add(task.name());
          queue.finished(task, succeeded);
        }
      }
      for (Task task : running.values()) {
        queue.finished(task, true);
      }
      assertThat(queue.take()).as("seed " + seed).isEmpty();
    }
  }

  /** Whether some task that was not given out yet could be, so that taking does not wait. */
  private static boolean canTake(
      List<Task> tasks,
      Map<String, Task> running,
      Set<String> ended,
      Set<String> failed,
      int given) {
    return tasks.stream()
        .filter(task -> !running.containsKey(task.name()))
        .filter(task -> !ended.contains(task.name()) && !failed.contains(task.name()))
        .anyMatch(task ->
            task.dependsOn().stream().anyMatch(failed::contains)
                || ended.containsAll(task.dependsOn())
                    && running.values().stream()
                        .noneMatch(other -> other.sharesFilesWith(task, HERE)));
  }

  private static List<Task> web(Random random) {
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      List<String> before = new ArrayList<>();
      for (int other = 0; other < i; other++) {
        if (random.nextInt(8) == 0) {
          before.add("t" + other);
        }
      }
      List<String> files =
          random.nextInt(3) == 0 ? List.of("f" + random.nextInt(3) + "/") : List.of();
      tasks.add(task("t" + i, before, files));
    }
    return tasks;
  }

  private static String ready(TaskQueue queue) throws InterruptedException {
    return ((TaskQueue.Next.Ready) queue.take().orElseThrow()).task().name();
  }

  private static Task task(String name) {
    return task(name, List.of(), List.of());
  }

  private static Task after(String name, String other) {
    return task(name, List.of(other), List.of());
  }

  private static Task touching(String name, String file) {
    return task(name, List.of(), List.of(file));
  }

  private static Task task(String name, List<String> dependsOn, List<String> files) {
    return new Task(
        name,
        Optional.empty(),
        List.of("true"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        dependsOn,
        files,
        Optional.empty(),
        Optional.empty());
  }
}
