package dev.regatta.report;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.regatta.ensemble.Candidate;
import dev.regatta.ensemble.Choice;
import dev.regatta.ensemble.Ensemble;
import dev.regatta.ensemble.Judgement;
import dev.regatta.ensemble.Statistics;
import dev.regatta.ensemble.Tournament;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * An ensemble as JSON, in the form of {@code docs/schema/ask-1.schema.json}. What is not known is
 * null.
 */
public final class EnsembleJson {
  /** The form's name and version. */
  public static final String SCHEMA = "regatta.ask/1";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .withConfigOverride(
              OffsetDateTime.class,
              override -> override.setFormat(JsonFormat.Value.forPattern(WallClock.PATTERN)))
          .build();

  private EnsembleJson() {}

  private record Document(
      String schema,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String label,
      RunPart run,
      String prompt,
      String pick,
      @Nullable Picked picked,
      List<Choice> choices,
      List<InstancePart> instances,
      @Nullable JudgePart judge,
      Statistics summary,
      List<String> notes) {}

  private record RunPart(
      String id,
      String kind,
      boolean rehearsal,
      String status,
      OffsetDateTime startedAt,
      @Nullable Double wallSeconds,
      @Nullable Double slowestSeconds,
      @Nullable Double wallRatio) {}

  private record Picked(int instance, String reason, String answer) {}

  private record InstancePart(
      int instance,
      String agent,
      @Nullable String modelAsked,
      @Nullable String modelAnswered,
      @Nullable Double temperature,
      @Nullable String temperatureBy,
      List<String> flags,
      @Nullable String credential,
      @Nullable String fingerprint,
      @Nullable String sessionId,
      int attempts,
      @Nullable String outcome,
      String reason,
      @Nullable Integer exitCode,
      @Nullable Double seconds,
      @Nullable Double firstOutputSeconds,
      @Nullable Long inputTokens,
      @Nullable Long outputTokens,
      @Nullable Double costUsd,
      boolean costFromPrices,
      @Nullable String answer,
      List<CheckPart> checks,
      @Nullable String output,
      Candidate.@Nullable Scratch folder) {}

  private record CheckPart(
      String command,
      boolean passed,
      @Nullable String outcome,
      @Nullable Integer exitCode,
      @Nullable Double seconds,
      @Nullable String output) {}

  private record JudgePart(
      String name,
      @Nullable String rubric,
      @Nullable Double agreement,
      long cut,
      @Nullable Long inputTokens,
      @Nullable Long outputTokens,
      @Nullable Double costUsd,
      List<PairPart> pairs,
      List<Judgement> verdicts) {}

  private record PairPart(
      int one, int other, @Nullable Integer winner, boolean whole, boolean consistent) {}

  /** The ensemble as a text. */
  public static String of(Ensemble ensemble) {
    Double wall = ensemble.wallSeconds();
    Double slowest = ensemble.slowestSeconds();
    return MAPPER.writeValueAsString(
        new Document(
            SCHEMA,
            ensemble.rehearsal() ? "REHEARSAL" : null,
            new RunPart(
                ensemble.run(),
                Ensemble.KIND,
                ensemble.rehearsal(),
                ensemble.status(),
                ensemble.startedAt(),
                wall,
                slowest,
                wall == null || slowest == null || slowest == 0 ? null : wall / slowest),
            ensemble.prompt(),
            ensemble.pick(),
            picked(ensemble),
            ensemble.choices(),
            ensemble.candidates().stream().map(EnsembleJson::instance).toList(),
            judge(ensemble),
            ensemble.statistics(),
            ensemble.notes()));
  }

  private static @Nullable Picked picked(Ensemble ensemble) {
    return ensemble
        .picked()
        .map(candidate ->
            new Picked(
                candidate.number(),
                ensemble.choice().map(Choice::reason).orElse(""),
                candidate.text()))
        .orElse(null);
  }

  private static InstancePart instance(Candidate candidate) {
    return new InstancePart(
        candidate.number(),
        candidate.instance().agent(),
        candidate.instance().model().orElse(null),
        candidate.answeredBy(),
        candidate.instance().temperature().orElse(null),
        candidate.instance().temperature().isPresent() ? "instruction" : null,
        candidate.instance().flags(),
        candidate.credential(),
        candidate.fingerprint(),
        candidate.sessionId(),
        candidate.attempts(),
        candidate.outcome() == null ? null : candidate.outcome().word(),
        candidate.reason(),
        candidate.exitCode(),
        candidate.seconds(),
        candidate.firstOutputSeconds(),
        candidate.inputTokens(),
        candidate.outputTokens(),
        candidate.costUsd(),
        candidate.costFromPrices(),
        candidate.answer().orElse(null),
        candidate.checks().stream().map(EnsembleJson::check).toList(),
        candidate.output(),
        candidate.folder().orElse(null));
  }

  private static CheckPart check(Candidate.Check check) {
    return new CheckPart(
        check.command(),
        check.passed(),
        check.outcome() == null ? null : check.outcome().word(),
        check.exitCode(),
        check.seconds(),
        check.output());
  }

  private static @Nullable JudgePart judge(Ensemble ensemble) {
    if (ensemble.judge() == null || ensemble.judgements().isEmpty()) {
      return null;
    }
    Tournament tournament = new Tournament(ensemble.candidates(), ensemble.judgements());
    List<Judgement> said = ensemble.judgements();
    return new JudgePart(
        ensemble.judge(),
        ensemble.rubric(),
        tournament.agreement().orElse(null),
        said.stream().filter(Judgement::cut).count(),
        sum(said, Judgement::inputTokens),
        sum(said, Judgement::outputTokens),
        dollars(said),
        tournament.pairs().stream()
            .map(pair ->
                new PairPart(
                    pair.one(),
                    pair.other(),
                    pair.winner().orElse(null),
                    pair.whole(),
                    pair.consistent()))
            .toList(),
        said);
  }

  static @Nullable Long sum(List<Judgement> said, Function<Judgement, @Nullable Long> count) {
    List<Long> known = said.stream().map(count).filter(Objects::nonNull).toList();
    return known.isEmpty() ? null : Long.valueOf(known.stream().mapToLong(each -> each).sum());
  }

  static @Nullable Double dollars(List<Judgement> said) {
    List<Double> known = said.stream().map(Judgement::costUsd).filter(Objects::nonNull).toList();
    return known.isEmpty() ? null : Double.valueOf(known.stream().mapToDouble(each -> each).sum());
  }
}
