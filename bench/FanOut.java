import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How fast small commands are started: whole processes of regatta, xargs and GNU parallel, taking
 * turns in one run, so that a noisy machine is noisy for all.
 *
 * <pre>java bench/FanOut.java [COMMANDS=5000] [ROUNDS=5]</pre>
 *
 * It needs xargs and GNU parallel, and leaves nothing behind.
 */
final class FanOut {
  public static void main(String[] arguments) throws Exception {
    int commands = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5000;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    Path scratch = Files.createTempDirectory("regatta-bench");
    String regatta = Path.of("regatta").toAbsolutePath().toString();
    Map<String, String> peers = new LinkedHashMap<>();
    peers.put("regatta run, no tasks", "'" + regatta + "' run --parallel 2 -- true < /dev/null");
    peers.put("regatta run", "seq " + commands + " | '" + regatta + "' run --parallel 2 -- true");
    peers.put("xargs -P2 -n1", "seq " + commands + " | xargs -P2 -n1 true");
    peers.put("parallel -j2 --joblog", "seq " + commands + " | parallel -j2 --joblog log true");
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    peers.keySet().forEach(name -> seconds.put(name, new ArrayList<>()));
    try {
      for (int round = 0; round <= rounds; round++) {
        for (Map.Entry<String, String> peer : peers.entrySet()) {
          double took = run(peer.getValue(), scratch);
          if (round > 0) { // the first round warms the page cache
            seconds.get(peer.getKey()).add(took);
          }
        }
      }
    } finally {
      delete(scratch);
    }
    print(commands, rounds, seconds);
  }

  private static double run(String command, Path folder) throws Exception {
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder("sh", "-c", command)
            .directory(folder.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException(command + " ended with " + code);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static void print(int commands, int rounds, Map<String, List<Double>> seconds) {
    double idle = median(seconds.get("regatta run, no tasks"));
    double ours = median(seconds.get("regatta run"));
    double xargs = median(seconds.get("xargs -P2 -n1"));
    double parallel = median(seconds.get("parallel -j2 --joblog"));
    System.out.printf(
        Locale.ROOT,
        "%d times true, 2 at once, median of %d rounds on %d cores%n%n",
        commands,
        rounds,
        Runtime.getRuntime().availableProcessors());
    System.out.println("| what | seconds | commands/s |");
    System.out.println("| --- | ---: | ---: |");
    for (String name : seconds.keySet()) {
      double took = median(seconds.get(name));
      boolean none = name.endsWith("no tasks");
      System.out.printf(
          Locale.ROOT, "| %s | %.2f | %s |%n", name, took, none ? "" : rate(commands, took));
    }
    System.out.printf(
        Locale.ROOT,
        "%nregatta / xargs %.2f, starts alone (without the %.2f s of a run with no tasks) %.2f;"
            + " regatta / parallel %.2f%n",
        xargs / ours,
        idle,
        xargs / (ours - idle),
        parallel / ours);
  }

  private static String rate(int commands, double seconds) {
    return String.format(Locale.ROOT, "%.0f", commands / seconds);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Collections.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
