package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regatta.credential.Credential;
import dev.regatta.journal.Event;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trees of any shape, of real processes, in few slots and with few credentials: all come to their
 * end, never more work at once than there are slots, and each place is given back exactly once.
 */
@Timeout(120)
class TreePropertyTest {
  private static final int MOST_NODES = 12;

  @TempDir Path home;

  /** What an agent does: its own end, and whom it asks for, one call after another or at once. */
  private record Node(String name, End end, List<Node> children, boolean inTwoCalls) {
    /** How it ends. */
    enum End {
      ANSWERS,
      FAILS,
      LEAVES
    }

    String script() {
      String own = ": " + name + "\n"; // so that the test knows it again by its prompt
      if (children.isEmpty() || end == End.LEAVES) {
        return own + last();
      }
      return own + "wait_to_be_told\n" + last();
    }

    private String last() {
      return end == End.FAILS ? "exit 3" : "answer " + name;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void aTreeOfAnyShapeComesToItsEndAndGivesEachPlaceBackOnce(int seed) throws Exception {
    Random random = new Random(seed);
    int parallel = 1 + random.nextInt(4);
    AtomicInteger left = new AtomicInteger(MOST_NODES);
    List<Node> roots = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      roots.add(node("n" + i, random, left, 0));
    }
    Map<String, Node> byScript = new HashMap<>();
    roots.forEach(root -> collect(root, byScript));
    int stopAfter = random.nextInt(4) == 0 ? 5 + random.nextInt(40) : Integer.MAX_VALUE;

    ConcurrentLinkedQueue<Thread> asking = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<Throwable> faults = new ConcurrentLinkedQueue<>();
    AtomicInteger seen = new AtomicInteger();
    try (Grove grove = new Grove(home, parallel, 1 + random.nextInt(3), Grove.AMPLE)) {
      grove.watch(event -> {
        if (seen.incrementAndGet() == stopAfter) {
          grove.cancellation().request();
        }
        if (event instanceof Event.AttemptStarted started) {
          Node node = byScript.get(grove.given(started.attempt()).prompt());
          if (!node.children().isEmpty()) {
            Member member = grove.member(started.attempt());
            asking.add(Thread.startVirtualThread(() -> ask(member, node, faults)));
          }
        }
      });
      grove.carryOut(
          roots.stream()
              .map(root -> Task.ofPrompt(root.name(), root.script()))
              .toArray(Task[]::new));
      for (Thread thread : asking) {
        thread.join();
      }
      assertThat(faults).isEmpty();
      assertThat(grove.tree().slots().free()).as("slots that are free").isEqualTo(parallel);
      for (Credential credential : grove.credentials()) {
        assertThatThrownBy(() -> grove.pool().release(credential))
            .as("nobody has " + credential.name())
            .isInstanceOf(IllegalStateException.class);
      }
      grove.close();
      assertThat(grove.events(Event.AttemptEnded.class))
          .as("each that began has ended once")
          .extracting(Event.AttemptEnded::attempt)
          .doesNotHaveDuplicates()
          .hasSameSizeAs(grove.events(Event.AttemptStarted.class));
      assertThat(mostAtWork(stopAfter)).isLessThanOrEqualTo(parallel);
      assertChildrenEndBeforeTheirParents(grove);
      if (stopAfter == Integer.MAX_VALUE
          && byScript.values().stream().noneMatch(node -> node.end() == Node.End.LEAVES)) {
        assertThat(grove.events(Event.AttemptStarted.class)).hasSize(byScript.size());
      }
    }
  }

  private Node node(String name, Random random, AtomicInteger left, int depth) {
    List<Node> children = new ArrayList<>();
    int wanted = depth < 3 ? random.nextInt(4) : 0;
    for (int i = 0; i < wanted && left.getAndDecrement() > 0; i++) {
      children.add(node(name + "x" + i, random, left, depth + 1));
    }
    Node.End end =
        switch (random.nextInt(6)) {
          case 0 -> Node.End.FAILS;
          case 1 -> Node.End.LEAVES;
          default -> Node.End.ANSWERS;
        };
    return new Node(name, end, children, random.nextInt(3) == 0);
  }

  private static void collect(Node node, Map<String, Node> byScript) {
    byScript.put(node.script(), node);
    node.children().forEach(child -> collect(child, byScript));
  }

  /** What the agent's program would do: ask, wait for the answers, and go on. */
  private void ask(Member member, Node node, ConcurrentLinkedQueue<Throwable> faults) {
    try {
      int half = node.inTwoCalls() ? node.children().size() / 2 : 0;
      List<Thread> calls = new ArrayList<>();
      for (List<Node> part :
          List.of(
              node.children().subList(0, half),
              node.children().subList(half, node.children().size()))) {
        if (!part.isEmpty()) {
          calls.add(Thread.startVirtualThread(() -> call(member, part, faults)));
        }
      }
      for (Thread call : calls) {
        call.join();
      }
      tell(member.attempt(), node);
    } catch (InterruptedException | RuntimeException | AssertionError e) {
      faults.add(e);
    }
  }

  private static void call(
      Member member, List<Node> part, ConcurrentLinkedQueue<Throwable> faults) {
    try {
      List<Wish> wishes = part.stream().map(child -> Grove.wish(child.script())).toList();
      List<Call.Answer> answers = member.ask(wishes).carryOut(answer -> {});
      assertThat(answers).hasSameSizeAs(part);
      assertThat(answers)
          .allMatch(answer -> answer.agent().state() == Descendant.State.ENDED, "has ended");
    } catch (SpawnRefused e) {
      assertThat(e.reason()).contains("stopped");
    } catch (InterruptedException | RuntimeException | AssertionError e) {
      faults.add(e);
    }
  }

  /** One that left or was stopped has no pipe, or nobody at its end. */
  private void tell(String attempt, Node node) {
    if (node.end() == Node.End.LEAVES) {
      return;
    }
    Path pipe = home.resolve(attempt + ".pipe");
    Path output = home.resolve("runs/test/journal.jsonl");
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> Files.exists(pipe) || Files.readString(output).contains(ended(attempt)));
    if (Files.exists(pipe)) {
      // Open for both, it waits for nobody.
      try (RandomAccessFile both = new RandomAccessFile(pipe.toFile(), "rw")) {
        both.writeBytes("go\n");
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofMillis(5))
            .until(() -> Files.readString(output).contains(ended(attempt)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static String ended(String attempt) {
    return "{\"type\":\"attempt-ended\",\"attempt\":\"" + attempt + "\"";
  }

  /**
   * By the journal's order, as long as the run is not stopped: who waits for others doesn't work.
   */
  private int mostAtWork(int stopAfter) {
    List<Event> all = TestRuns.events(home);
    List<Event> events = all.subList(0, Math.min(stopAfter, all.size()));
    Map<String, Integer> waiting = new HashMap<>();
    Set<String> working = new HashSet<>();
    int most = 0;
    for (Event event : events) {
      switch (event) {
        case Event.AttemptStarted start -> working.add(start.attempt());
        case Event.ChildrenAsked asked -> {
          waiting.merge(asked.attempt(), 1, Integer::sum);
          working.remove(asked.attempt());
        }
        case Event.ChildrenAnswered answered -> {
          waiting.merge(answered.attempt(), -1, Integer::sum);
          // One that is being stopped needs no slot for its answer.
          if (waiting.get(answered.attempt()) == 0 && !isStopped(all, answered)) {
            working.add(answered.attempt());
          }
        }
        case Event.AttemptEnded end -> working.remove(end.attempt());
        default -> {
          // Says nothing of who works.
        }
      }
      most = Math.max(most, working.size());
    }
    return most;
  }

  /** Whether its process, or that of one above it, had ended by then. */
  private static boolean isStopped(List<Event> events, Event.ChildrenAnswered answered) {
    return events.stream()
        .anyMatch(event ->
            event instanceof Event.AttemptEnded end
                // A child's name begins with its parent's.
                && (answered.attempt() + "~").startsWith(end.attempt() + "~")
                && end.exitNanos() <= answered.atNanos());
  }

  private static void assertChildrenEndBeforeTheirParents(Grove grove) {
    List<String> order =
        grove.events(Event.AttemptEnded.class).stream().map(Event.AttemptEnded::attempt).toList();
    for (Event.AttemptStarted started : grove.events(Event.AttemptStarted.class)) {
      if (started.parent() != null) {
        assertThat(order.indexOf(started.attempt()))
            .as(started.attempt() + " ends before " + started.parent())
            .isLessThan(order.indexOf(started.parent()));
      }
    }
  }
}
