package dev.regatta.ensemble;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A summary of all instances, under the names that older tools have for it. Times are seconds of
 * those that gave an answer; null where there is none.
 *
 * @param total how many were asked
 * @param successful how many gave an answer
 * @param failureRate the share that gave none
 * @param averageTime how long they took on average
 * @param fastestTime the least
 * @param slowestTime the most
 * @param models the same by the model that answered, or was asked for
 * @param temperatures what was asked for, or null if nothing was
 * @param averageLength characters of an answer on average
 */
public record Statistics(
    @JsonProperty("total_instances") int total,
    @JsonProperty("successful_instances") int successful,
    @JsonProperty("failure_rate") double failureRate,
    @JsonProperty("average_execution_time") @Nullable Double averageTime,
    @JsonProperty("fastest_time") @Nullable Double fastestTime,
    @JsonProperty("slowest_time") @Nullable Double slowestTime,
    @JsonProperty("model_statistics") Map<String, ModelStatistics> models,
    @JsonProperty("temperature_range") @Nullable TemperatureRange temperatures,
    @JsonProperty("average_output_length") @Nullable Double averageLength) {

  /**
   * Those of one model.
   *
   * @param count how many were asked
   * @param successful how many gave an answer
   * @param averageTime seconds of these
   * @param averageLength characters of their answers
   * @param successRate their share
   */
  public record ModelStatistics(
      int count,
      int successful,
      @JsonProperty("avg_time") @Nullable Double averageTime,
      @JsonProperty("avg_output_length") @Nullable Double averageLength,
      @JsonProperty("success_rate") double successRate) {}

  /**
   * The temperatures that were asked for.
   *
   * @param average of all that have one
   */
  public record TemperatureRange(double min, double max, @JsonProperty("avg") double average) {}

  /** The summary of these candidates. */
  static Statistics of(List<Candidate> candidates) {
    List<Candidate> good = Criterion.eligible(candidates);
    List<Double> times = good.stream().flatMap(each -> Stream.ofNullable(each.seconds())).toList();
    Map<String, ModelStatistics> models = new LinkedHashMap<>();
    candidates.stream()
        .collect(
            Collectors.groupingBy(
                each -> model(each, candidates), LinkedHashMap::new, Collectors.toList()))
        .forEach((model, those) -> models.put(model, model(those)));
    return new Statistics(
        candidates.size(),
        good.size(),
        candidates.isEmpty() ? 0 : 1 - (double) good.size() / candidates.size(),
        average(times, time -> time),
        times.stream().min(Double::compare).orElse(null),
        times.stream().max(Double::compare).orElse(null),
        models,
        temperatures(candidates),
        average(good, each -> Answers.length(each.text())));
  }

  /** One that named no model counts to that of those that were asked for the same, if it is one. */
  private static String model(Candidate candidate, List<Candidate> all) {
    if (candidate.answeredBy() != null) {
      return candidate.answeredBy();
    }
    List<String> named =
        all.stream()
            .filter(each ->
                each.instance().agent().equals(candidate.instance().agent())
                    && each.instance().model().equals(candidate.instance().model()))
            .flatMap(each -> Stream.ofNullable(each.answeredBy()))
            .distinct()
            .toList();
    return named.size() == 1 ? named.getFirst() : candidate.model();
  }

  private static ModelStatistics model(List<Candidate> those) {
    List<Candidate> good = Criterion.eligible(those);
    List<Double> times = good.stream().flatMap(each -> Stream.ofNullable(each.seconds())).toList();
    return new ModelStatistics(
        those.size(),
        good.size(),
        average(times, time -> time),
        average(good, each -> Answers.length(each.text())),
        (double) good.size() / those.size());
  }

  private static @Nullable TemperatureRange temperatures(List<Candidate> candidates) {
    List<Double> asked =
        candidates.stream().flatMap(each -> each.instance().temperature().stream()).toList();
    Double average = average(asked, value -> value);
    return average == null
        ? null
        : new TemperatureRange(
            asked.stream().min(Double::compare).orElseThrow(),
            asked.stream().max(Double::compare).orElseThrow(),
            average);
  }

  private static <T> @Nullable Double average(List<T> all, ToDoubleFunction<T> figure) {
    OptionalDouble average = all.stream().mapToDouble(figure).average();
    return average.isPresent() ? Double.valueOf(average.getAsDouble()) : null;
  }
}
