import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much the orchestrator adds when many agents run at once: an agent that takes exactly two
 * seconds, 3, 10 and 50 at once, as {@code regatta prove} measures it, and beside it what xargs
 * takes as a whole process for the same.
 *
 * <pre>java bench/AtOnce.java [ROUNDS=3]</pre>
 *
 * The parallel phase's wall time over its longest attempt is the figure: 1 is perfect.
 */
final class AtOnce {
  private static final Pattern FIGURE = Pattern.compile("\"(wallSeconds|maxSeconds)\" ?: ?([0-9.]+)");

  public static void main(String[] arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
    Path scratch = Files.createTempDirectory("regatta-bench");
    String regatta = Path.of("regatta").toAbsolutePath().toString();
    System.out.printf(
        Locale.ROOT,
        "an agent that takes 2 s, on %d cores, median (worst) of %d rounds%n%n",
        Runtime.getRuntime().availableProcessors(),
        rounds);
    System.out.println("| at once | wall / longest | longest s | xargs whole process / 2 s |");
    System.out.println("| ---: | ---: | ---: | ---: |");
    try {
      for (int count : new int[] {3, 10, 50}) {
        line(count, rounds, regatta, scratch);
      }
    } finally {
      delete(scratch);
    }
  }

  private static void line(int count, int rounds, String regatta, Path scratch) throws Exception {
    Path tasks = scratch.resolve("tasks.yaml");
    Files.writeString(
        tasks, "tasks:\n" + "  - command: [sleep, \"2\"]\n".repeat(count));
    List<Double> ratios = new ArrayList<>();
    List<Double> longest = new ArrayList<>();
    List<Double> peers = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Path out = scratch.resolve("out");
      String prove =
          "'" + regatta + "' prove --agent command --tasks tasks.yaml --out out";
      run(prove, scratch);
      double[] figures = parallelPhase(Files.readString(out.resolve("report.json")));
      ratios.add(figures[0] / figures[1]);
      longest.add(figures[1]);
      peers.add(run("seq " + count + " | xargs -P" + count + " -n1 sh -c 'sleep 2'", scratch) / 2);
    }
    System.out.printf(
        Locale.ROOT,
        "| %d | %.4f (%.4f) | %.3f | %.4f (%.4f) |%n",
        count,
        median(ratios),
        Collections.max(ratios),
        median(longest),
        median(peers),
        Collections.max(peers));
  }

  /** Wall time and longest attempt of the first phase whose mode is parallel. */
  private static double[] parallelPhase(String report) {
    int phases = report.indexOf("\"phases\"");
    int mode = report.indexOf("\"parallel\"", phases);
    double[] figures = {Double.NaN, Double.NaN};
    Matcher matcher = FIGURE.matcher(report).region(mode, report.length());
    while ((Double.isNaN(figures[0]) || Double.isNaN(figures[1])) && matcher.find()) {
      figures[matcher.group(1).equals("wallSeconds") ? 0 : 1] =
          Double.parseDouble(matcher.group(2));
    }
    return figures;
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
    if (code > 1) { // a proof that is not confirmed ends with 1; its figures count all the same
      throw new IOException(command + " ended with " + code);
    }
    return (System.nanoTime() - start) / 1e9;
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
