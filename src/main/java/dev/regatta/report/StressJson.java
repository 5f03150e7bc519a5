package dev.regatta.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.regatta.stress.Best;
import dev.regatta.stress.Ending;
import dev.regatta.stress.Endpoint;
import dev.regatta.stress.InstanceResult;
import dev.regatta.stress.LearnedLimit;
import dev.regatta.stress.Sighting;
import dev.regatta.stress.SuiteResult;
import dev.regatta.stress.TaskResult;
import dev.regatta.stress.TryResult;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What came of a stress suite as JSON, in the form of {@code
 * docs/schema/stress-report-1.schema.json}. Times are in seconds; what is not known is null.
 */
public final class StressJson {
  /** The form's name and version. */
  public static final String SCHEMA = "regatta.stress-report/1";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private StressJson() {}

  private record Document(
      String schema,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String label,
      Run run,
      Totals totals,
      List<Task> tasks,
      List<HistoryReport.Run> history,
      List<String> prerequisites,
      List<String> warnings) {}

  private record Run(
      String id,
      String suite,
      String file,
      String folder,
      String status,
      boolean rehearsal,
      Instant startedAt,
      double seconds,
      String server,
      boolean embedded,
      String modelApi,
      @Nullable String modelApiUrl,
      @Nullable Double load,
      int limitFactor,
      int jobs,
      int maxRetries) {}

  private record Totals(
      long success,
      long failure,
      long skipped,
      long notTried,
      String successRatio,
      boolean graduated,
      boolean partial,
      String matchRule) {}

  private record Task(
      String id,
      String category,
      @Nullable String name,
      String status,
      String reason,
      double seconds,
      String command,
      String alone,
      @Nullable String agent,
      String marker,
      boolean failureExpected,
      String match,
      double timeoutSeconds,
      @Nullable Double stallSeconds,
      String limitSource,
      @Nullable Learned learned,
      List<Instance> instances,
      List<BestOf> best) {}

  private record Learned(
      String basis,
      int runs,
      int timedOut,
      @Nullable Double p95Seconds,
      @Nullable Double boundSeconds,
      double beforeSeconds,
      double limitSeconds,
      String words) {}

  private record Instance(
      int number, @Nullable String model, @Nullable Double temperature, List<Try> tries) {}

  private record Try(
      String attempt,
      int number,
      Instant startedAt,
      @Nullable Double firstOutputSeconds,
      double seconds,
      String ending,
      @Nullable Integer exitCode,
      @Nullable Integer signal,
      boolean passed,
      String reason,
      List<Pattern> patterns,
      String hallucination,
      String hallucinationDetail,
      @Nullable String session,
      @Nullable String output,
      long outputBytes) {}

  private record Pattern(String pattern, boolean found, @Nullable Integer line, String detail) {}

  private record BestOf(String criterion, @Nullable Integer instance, String reason) {}

  /** Writes the report; the stream stays open. */
  public static void write(StressReport report, OutputStream out) {
    MAPPER.writeValue(out, document(report));
  }

  /** The report as a text. */
  public static String of(StressReport report) {
    return MAPPER.writeValueAsString(document(report));
  }

  private static Document document(StressReport report) {
    SuiteResult suite = report.result();
    return new Document(
        SCHEMA,
        report.rehearsal() ? "REHEARSAL" : null,
        run(report),
        new Totals(
            report.successes(),
            report.failures(),
            report.skipped(),
            report.notTried(),
            suite.ratio().text(),
            suite.graduated(),
            suite.partial(),
            report.matchRule()),
        suite.tasks().stream().map(task -> task(suite, task)).toList(),
        report.history().stream().map(HistoryReport.Run::of).toList(),
        suite.prerequisites(),
        suite.warnings());
  }

  private static Run run(StressReport report) {
    SuiteResult suite = report.result();
    return new Run(
        suite.run(),
        suite.suite(),
        suite.file(),
        suite.folder().toString(),
        report.status(),
        report.rehearsal(),
        suite.started(),
        seconds(suite.duration()),
        suite.server(),
        suite.embedded(),
        word(suite.endpoint()),
        url(suite.endpoint()),
        suite.load() < 0 ? null : suite.load(),
        suite.limitFactor(),
        suite.jobs(),
        suite.maxRetries());
  }

  private static String word(Endpoint endpoint) {
    return switch (endpoint) {
      case Endpoint.Rehearsal _ -> "rehearsal";
      case Endpoint.Provider _ -> "provider";
      case Endpoint.Elsewhere _ -> "elsewhere";
      case Endpoint.Unknown _ -> "unknown";
    };
  }

  private static @Nullable String url(Endpoint endpoint) {
    return switch (endpoint) {
      case Endpoint.Rehearsal(String url) -> url;
      case Endpoint.Elsewhere(String _, String url) -> url;
      case Endpoint.Provider _, Endpoint.Unknown _ -> null;
    };
  }

  private static Task task(SuiteResult suite, TaskResult result) {
    var task = result.task();
    return new Task(
        task.id(),
        task.category(),
        task.name().orElse(null),
        result.status().word(),
        result.status().reason(),
        seconds(result.duration()),
        task.command(),
        TaskAnalysis.alone(suite, task),
        task.agent().orElse(null),
        task.marker(),
        task.failureExpected(),
        task.match().name().toLowerCase(Locale.ROOT),
        seconds(task.limits().timeout()),
        task.limits().stall().map(StressJson::seconds).orElse(null),
        task.limitSource().name().toLowerCase(Locale.ROOT),
        task.learned().map(StressJson::learned).orElse(null),
        result.instances().stream().map(instance -> instance(suite, instance)).toList(),
        result.best().stream().map(StressJson::best).toList());
  }

  private static Learned learned(LearnedLimit learned) {
    return new Learned(
        learned.basis().word(),
        learned.from(),
        learned.timedOut(),
        learned.p95().map(StressJson::seconds).orElse(null),
        learned.bound().map(StressJson::seconds).orElse(null),
        seconds(learned.before()),
        seconds(learned.limit()),
        learned.words());
  }

  private static BestOf best(Best best) {
    return new BestOf(
        best.criterion(),
        best.instance().isPresent() ? best.instance().getAsInt() : null,
        best.reason());
  }

  private static Instance instance(SuiteResult suite, InstanceResult instance) {
    return new Instance(
        instance.number(),
        instance.model().orElse(null),
        instance.temperature().isPresent() ? instance.temperature().getAsDouble() : null,
        instance.tries().stream().map(attempt -> attempt(suite, attempt)).toList());
  }

  private static Try attempt(SuiteResult suite, TryResult attempt) {
    Ending ending = attempt.ending();
    return new Try(
        attempt.attempt(),
        attempt.number(),
        attempt.started(),
        attempt.firstOutput().map(StressJson::seconds).orElse(null),
        seconds(attempt.duration()),
        ending.word(),
        ending instanceof Ending.Exited(int code) ? Integer.valueOf(code) : null,
        ending instanceof Ending.Signalled(int number) ? Integer.valueOf(number) : null,
        attempt.judgement().passed(),
        attempt.judgement().reason(),
        attempt.judgement().sightings().stream().map(StressJson::pattern).toList(),
        attempt.transcript().verdict().word(),
        attempt.transcript().detail(),
        attempt.transcript().session().orElse(null),
        TaskAnalysis.output(suite, attempt).map(Object::toString).orElse(null),
        attempt.outputBytes());
  }

  private static Pattern pattern(Sighting sighting) {
    return new Pattern(
        sighting.pattern(),
        sighting.found(),
        sighting.found() ? sighting.line().getAsInt() : null,
        sighting.detail());
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
