package dev.regatta.report;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.regatta.evidence.Criterion;
import dev.regatta.evidence.Verdict;
import dev.regatta.experiment.Proof;
import dev.regatta.experiment.Tree;
import dev.regatta.journal.Outcome;
import java.io.OutputStream;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.json.JsonMapper;

/**
 * A proof as JSON, with all raw data, in the form of {@code docs/schema/report-1.schema.json}. What
 * is missing is null, and named in the attempt's {@code missing}.
 */
public final class JsonReport {
  /** The form's name and version. */
  public static final String SCHEMA = "regatta.report/1";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .withConfigOverride(
              OffsetDateTime.class,
              override -> override.setFormat(JsonFormat.Value.forPattern(WallClock.PATTERN)))
          .addMixIn(Proof.Attempt.class, AttemptForm.class)
          .build();

  private JsonReport() {}

  /** An attempt that runs has no outcome yet, and says so in the outcome's place. */
  private interface AttemptForm {
    @JsonSerialize(nullsUsing = Running.class)
    @Nullable Outcome outcome();
  }

  private static final class Running extends ValueSerializer<Object> {
    @Override
    public void serialize(Object nothing, JsonGenerator out, SerializationContext context) {
      out.writeString(Proof.RUNNING);
    }
  }

  private record Document(
      String schema,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String label,
      RunPart run,
      Verdict verdict,
      Proof.@Nullable Comparison comparison,
      Proof.@Nullable Waterfall waterfall,
      Proof.@Nullable Intervals intervals,
      Proof.@Nullable Gateway gateway,
      List<Proof.Phase> phases,
      @Nullable Tree tree,
      List<Proof.CredentialUse> credentials,
      List<Criterion> criteria,
      List<String> notes) {}

  private record RunPart(
      String id,
      String kind,
      boolean rehearsal,
      String status,
      @Nullable String endpoint,
      OffsetDateTime startedAt,
      @Nullable OffsetDateTime endedAt,
      double wallSeconds,
      int parallel,
      int rounds,
      List<String> order,
      Map<String, Double> limits,
      Map<String, String> environment,
      String agent,
      @Nullable String agentVersion,
      boolean credentialsReused) {}

  /** Writes the report; the stream stays open. */
  public static void write(Proof proof, OutputStream out) {
    MAPPER.writeValue(out, document(proof));
  }

  /** The report as a text. */
  public static String of(Proof proof) {
    return MAPPER.writeValueAsString(document(proof));
  }

  private static Document document(Proof proof) {
    return new Document(
        SCHEMA,
        proof.rehearsal() ? "REHEARSAL" : null,
        new RunPart(
            proof.run(),
            proof.kind(),
            proof.rehearsal(),
            proof.status(),
            proof.endpoint(),
            proof.startedAt(),
            proof.endedAt(),
            proof.wallSeconds(),
            proof.parallel(),
            proof.rounds(),
            proof.order(),
            proof.limits(),
            proof.environment(),
            proof.agent(),
            proof.agentVersion(),
            proof.credentialsReused()),
        proof.verdict(),
        proof.comparison(),
        proof.waterfall(),
        proof.intervals(),
        proof.gateway(),
        proof.phases(),
        proof.tree(),
        proof.credentials(),
        proof.criteria(),
        proof.notes());
  }
}
