package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regatta.server.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The server in a process of its own, when everything is done to it that clients and programs can.
 */
@Tag("chaos")
class ServerHardshipTest {
  private static final String LITTLE_MEMORY = "-Xmx128m";

  /** What the memory may differ by, before and after. */
  private static final double FLAT_MIB = 60;

  @TempDir Path folder;

  private Cli.Running open() {
    return Cli.in(folder)
        .with("JAVA_TOOL_OPTIONS", LITTLE_MEMORY)
        .start("serve", "--port", "0", "--open");
  }

  private static int port(Cli.Running running) {
    Pattern pattern = Pattern.compile("http://127\\.0\\.0\\.1:([0-9]+)");
    await().atMost(Peer.PATIENCE).until(() -> pattern.matcher(running.out()).find());
    Matcher matcher = pattern.matcher(running.out());
    assertThat(matcher.find()).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  private static Peer peer(int port) {
    return Peer.at("ws://127.0.0.1:" + port + "/ws", Optional.empty());
  }

  private static double status(Cli.Running running, String row) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + running.pid() + "/status")).stream()
        .filter(line -> line.startsWith(row + ":"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  /** MiB of the heap that are in use after a collection. */
  private static double heap(Cli.Running running) throws Exception {
    jcmd(running, "GC.run");
    Matcher used = Pattern.compile("used ([0-9]+)K").matcher(jcmd(running, "GC.heap_info"));
    double kilobytes = 0;
    for (int generation = 0; generation < 2 && used.find(); generation++) {
      kilobytes += Double.parseDouble(used.group(1));
    }
    return kilobytes / 1024;
  }

  private static String jcmd(Cli.Running running, String order) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(running.pid()),
                order)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /** Processes that carry this server's mark. */
  private List<Long> marked() throws IOException {
    String id;
    try (Stream<Path> folders = Files.list(folder.resolve(".regatta/server"))) {
      id =
          folders
              .map(each -> each.getFileName().toString())
              .filter(name -> name.startsWith("serve-"))
              .findFirst()
              .orElseThrow();
    }
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> environment(pid).contains(id))
        .toList();
  }

  private static String environment(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // it is gone
    }
  }

  /** Milliseconds of each round trip of {@code true}, one after another. */
  private static void roundTrips(int port, List<Double> into, AtomicBoolean stop, int most) {
    try (RawClient client = new RawClient(port)) {
      client.readUntil("\"connected\"");
      for (int i = 0; i < most && !stop.get(); i++) {
        long start = System.nanoTime();
        client.execute("true", "");
        client.readUntil("process.completed");
        into.add((System.nanoTime() - start) / 1e6);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String percentiles(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(each -> each).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "%d round trips of true, p50 %.1f ms, p99 %.1f ms",
        sorted.length,
        sorted[sorted.length / 2],
        sorted[(int) (sorted.length * 0.99)]);
  }

  @Test
  void whateverIsDoneToItItIsUpItsMemoryFlatNothingLeftAndOthersServed() throws Exception {
    try (Cli.Running running = open()) {
      int port = port(running);
      List<Double> quiet = new ArrayList<>();
      roundTrips(port, new ArrayList<>(), new AtomicBoolean(), 200);
      roundTrips(port, quiet, new AtomicBoolean(), 300);
      double heapBefore = heap(running);
      double before = status(running, "VmRSS");
      say("before: RSS %.0f MiB, heap %.0f MiB; quiet: %s", before, heapBefore, percentiles(quiet));

      List<Double> busy = new ArrayList<>();
      AtomicBoolean stop = new AtomicBoolean();
      Thread other =
          Thread.ofPlatform().start(() -> roundTrips(port, busy, stop, Integer.MAX_VALUE));
      tenGigabytesWithoutALineEnd(port);
      say("RSS %.0f MiB", status(running, "VmRSS"));
      aDaemonAndOneThatIgnoresTerm(port);
      someWhoDoNotReadAndSomeWhoVanish(port);
      say("RSS %.0f MiB", status(running, "VmRSS"));
      tenThousandMalformedMessages(port);
      say("RSS %.0f MiB", status(running, "VmRSS"));
      stop.set(true);
      other.join();

      say("during: %s; RSS at most %.0f MiB", percentiles(busy), status(running, "VmHWM"));
      await().atMost(Peer.PATIENCE).until(() -> marked().isEmpty());
      double heapAfter = heap(running);
      double after = status(running, "VmRSS");
      say("after: RSS %.0f MiB, heap %.0f MiB", after, heapAfter);
      assertThat(heapAfter).isLessThan(heapBefore + 20);
      assertThat(after).isLessThan(before + FLAT_MIB);
      assertThat(status(running, "VmHWM")).isLessThan(300);
      assertThat(running.err()).doesNotContain("OutOfMemory").doesNotContain("Exception");
      try (Peer last = peer(port)) {
        last.execute("echo still here");
        last.notice("process.completed");
        assertThat(last.printed("stdout")).isEqualTo("still here\n");
      }
    }
  }

  private static void say(String words, Object... values) {
    System.out.printf(Locale.ROOT, "hardship: " + words + "%n", values);
  }

  private static void tenGigabytesWithoutALineEnd(int port) throws IOException {
    long start = System.nanoTime();
    try (RawClient client = new RawClient(port)) {
      client.execute("head -c 10G /dev/zero | tr '\\\\0' x", "");
      long bytes = client.readUntil("process.completed");
      assertThat(bytes).isGreaterThan(10L << 30);
    }
    say("10 GiB without a line's end in %.0f s", (System.nanoTime() - start) / 1e9);
  }

  private static void aDaemonAndOneThatIgnoresTerm(int port) {
    try (Peer peer = peer(port)) {
      peer.execute(
          "perl -MPOSIX -e '$|=1; exit if fork; setsid; exit if fork; print \"$$\\n\"; close"
              + " STDOUT; close STDERR; sleep 600'; sleep 0.5");
      JsonNode completed = peer.notice("process.completed");
      assertThat(completed.get("left_behind").asInt()).isPositive();
      long daemon = Long.parseLong(peer.printed("stdout").strip());
      assertThat(ProcessHandle.of(daemon).filter(ProcessHandle::isAlive)).isEmpty();
      peer.execute("trap '' TERM; echo armed; while :; do sleep 0.05; done", "stubborn");
      peer.notice("process.output", "stubborn");
      peer.result("control", "{\"type\":\"CANCEL\",\"id\":\"stubborn\"}");
      assertThat(peer.notice("process.completed", "stubborn").get("exit_code").asInt())
          .isEqualTo(-9);
    }
  }

  private static void someWhoDoNotReadAndSomeWhoVanish(int port) throws IOException {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      RawClient deaf = new RawClient(port);
      deaf.execute(
          "yes 0123456789012345678901234567890123456789 | head -c 20500000",
          ",\"id\":\"deaf-" + i + "\"");
      clients.add(deaf);
    }
    try (Peer peer = peer(port)) {
      for (int i = 0; i < 5; i++) {
        String id = "{\"id\":\"deaf-" + i + "\"}";
        await()
            .atMost(Peer.PATIENCE)
            .until(() ->
                peer.ask("status", id)
                    .path("result")
                    .path("status")
                    .asString("")
                    .equals("completed"));
      }
    }
    for (int i = 0; i < 20; i++) {
      RawClient vanishing = new RawClient(port);
      vanishing.execute("while :; do echo busy; done", "");
      vanishing.readUntil("process.output");
      vanishing.close();
    }
    for (RawClient client : clients) {
      client.close();
    }
  }

  private static void tenThousandMalformedMessages(int port) throws IOException {
    Random random = new Random(20261201);
    RawClient client = new RawClient(port);
    for (int i = 0; i < 10_000; i++) {
      try {
        client.send(random.nextInt(10) == 0 ? RawClient.BINARY : RawClient.TEXT, malformed(random));
        if (random.nextInt(4) > 0) {
          continue; // a flood: nobody reads what is answered
        }
        client.send("{\"id\":\"end\",\"method\":\"hook_status\"}");
        client.readUntil("\"id\":\"end\"");
      } catch (IOException e) {
        client.close(); // bytes that are no UTF-8 end a connection (RFC 6455, 8.1)
        client = new RawClient(port);
      }
    }
    client.close();
  }

  private static byte[] malformed(Random random) {
    String good = "{\"id\":7,\"method\":\"execute\",\"params\":{\"command\":[1],\"timeout\":2}}";
    return switch (random.nextInt(7)) {
      case 0 -> good.substring(0, random.nextInt(good.length())).getBytes(StandardCharsets.UTF_8);
      case 1 -> "[".repeat(random.nextInt(50_000)).getBytes(StandardCharsets.UTF_8);
      case 2 ->
          ("{\"id\":" + "9".repeat(1 + random.nextInt(5_000)) + ",\"method\":\"list\"}")
              .getBytes(StandardCharsets.UTF_8);
      case 3 -> "{\"method\":5,\"params\":\"x\",\"id\":{}}".getBytes(StandardCharsets.UTF_8);
      case 4 ->
          ("{\"method\":\"execute\",\"params\":{\"command\":\"true\",\"timeout\":1e"
                  + random.nextInt(9_999)
                  + ",\"env\":3,\"id\":[]}}")
              .getBytes(StandardCharsets.UTF_8);
      case 5 ->
          good.replace("7", "\u0000\ud800".substring(random.nextInt(2)))
              .getBytes(StandardCharsets.UTF_8);
      default -> {
        byte[] noise = new byte[random.nextInt(300)];
        random.nextBytes(noise);
        yield random.nextInt(20) == 0
            ? noise
            : Arrays.copyOf(good.getBytes(StandardCharsets.UTF_8), noise.length);
      }
    };
  }

  @Test
  void aThousandIdleExecutionsAreHeldAtOnceAndStoppedWithinSeconds() throws Exception {
    try (Cli.Running running = open()) {
      int port = port(running);
      roundTrips(port, new ArrayList<>(), new AtomicBoolean(), 200);
      double before = status(running, "VmRSS");
      List<Long> pids = new ArrayList<>();
      try (RawClient client = new RawClient(port);
          Peer other = peer(port)) {
        long start = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
          client.execute("exec sleep 600", ",\"id\":\"idle-" + i + "\"");
          client.readUntil("process.started");
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(other.result("status", "{}").get("running").asInt()).isEqualTo(1_000);
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + running.pid() + "/fd"))) {
          say(
              "1,000 idle: %.0f starts/s, RSS %.0f MiB (%.0f before), %d descriptors",
              1_000 / seconds, status(running, "VmRSS"), before, descriptors.count());
        }
        List<Double> meanwhile = new ArrayList<>();
        roundTrips(port, meanwhile, new AtomicBoolean(), 100);
        say("with 1,000 idle: %s", percentiles(meanwhile));
        other
            .result("list", "{}")
            .get("executions")
            .forEach(row -> pids.add(row.get("pid").asLong()));
      }
      assertThat(pids).hasSize(1_000);
      long start = System.nanoTime();
      running.signal("INT");
      Cli.Ended ended = running.await();
      double seconds = (System.nanoTime() - start) / 1e9;
      say("1,000 idle stopped in %.1f s", seconds);
      assertThat(ended.out()).contains("1000 commands were running");
      assertThat(pids).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
      assertThat(seconds).isLessThan(20);
    }
  }
}
