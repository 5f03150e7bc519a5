package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.regatta.evidence.Criterion;
import dev.regatta.evidence.Verdict;
import dev.regatta.experiment.Proof;
import dev.regatta.experiment.ProofDerivation;
import dev.regatta.journal.Claims;
import dev.regatta.journal.Entry;
import dev.regatta.journal.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON report and its published schema say the same, and the schema lets nothing else pass. */
class JsonReportTest {
  private static final Path PROJECT = Path.of(System.getProperty("regatta.project"));
  private static final Path PUBLISHED = PROJECT.resolve("docs/schema/report-1.schema.json");

  private final JsonNode form = JsonMapper.shared().readTree(PUBLISHED.toFile());
  private final Schema schema = carriedSchema();

  static List<Proof> samples() {
    return HtmlReportTest.samples();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyKindOfReportIsAsTheSchemaSays(Proof proof) {
    assertThat(problems(tree(proof))).isEmpty();
  }

  @Test
  void aRealRehearsalIsAsTheSchemaSaysWhereverItsJournalStops(@TempDir Path folder)
      throws IOException {
    Path proof = new RealProofs(folder).rehearsal();
    JsonNode report = JsonMapper.shared().readTree(proof.resolve("report.json").toFile());
    assertThat(problems(report)).isEmpty();
    assertThat(report.at("/label").asString()).isEqualTo("REHEARSAL");
    assertThat(report.at("/run/rehearsal").booleanValue()).isTrue();
    assertThat(report.at("/verdict/calls").asString()).isEqualTo("rehearsal");
    JsonNode attempt = report.at("/phases/1/attempts/2");
    assertThat(attempt.path("outcome").asString()).isEqualTo("succeeded");
    assertThat(attempt.path("challengePassed").booleanValue()).isTrue();
    assertThat(attempt.path("missing")).isEmpty();
    assertThat(inOrder(attempt)).isSorted().hasSize(6);
    eachBeginning(RealProofs.journal(proof));
  }

  @Test
  void whatPlainCommandsDoNotSayIsNullAndNamedNeverFilledIn(@TempDir Path folder)
      throws IOException {
    Path proof = new RealProofs(folder).commands();
    JsonNode report = JsonMapper.shared().readTree(proof.resolve("report.json").toFile());
    assertThat(problems(report)).isEmpty();
    List<JsonNode> attempts = new ArrayList<>();
    report.path("phases").forEach(phase -> phase.path("attempts").forEach(attempts::add));
    assertThat(attempts).hasSize(12);
    for (JsonNode attempt : attempts) {
      for (String field :
          List.of("credential", "sessionId", "apiDurationMs", "costUsd", "model", "turns")) {
        assertThat(attempt.path(field).isNull()).as(field).isTrue();
      }
      assertThat(attempt.path("tokens").values()).allMatch(JsonNode::isNull).hasSize(4);
      assertThat(attempt.path("missing").values().stream().map(JsonNode::asString))
          .isEqualTo(Claims.NONE.missing());
    }
    assertThat(attempts.stream().map(attempt -> attempt.path("outcome").asString()).distinct())
        .containsExactly("succeeded", "agent-error", "spawn-failed");
    eachBeginning(RealProofs.journal(proof));
  }

  /** A run can be killed after any line: none of these reports may be of another form. */
  private void eachBeginning(List<Entry> journal) {
    for (int lines = 1; lines <= journal.size(); lines++) {
      Proof proof = ProofDerivation.of(journal.subList(0, lines));
      assertThat(problems(tree(proof))).as("after %d lines", lines).isEmpty();
      assertThat(proof.status()).isEqualTo(lines < journal.size() ? "lost" : "completed");
      Proof alive = ProofDerivation.of(journal.subList(0, lines), true);
      assertThat(problems(tree(alive))).as("alive after %d lines", lines).isEmpty();
      assertThat(JsonReport.of(alive)).doesNotContain("\"lost\"");
    }
  }

  @Test
  void thePathsThatProgramsRestOnAreThere() {
    JsonNode report = tree(SampleProofs.confirmedRehearsal());
    for (String path :
        """
        /schema /run/id /run/rehearsal /verdict/parallel /verdict/calls /phases/0/mode
        /phases/0/startedAt /phases/0/wallSeconds /phases/0/sumSeconds /phases/0/maxSeconds
        /comparison/speedup /comparison/wallSpeedup /comparison/efficiency
        /comparison/theoreticalMaximum /criteria/0/id /criteria/0/status /criteria/0/detail
        """
            .split("\\s+")) {
      assertThat(report.at(path).isValueNode()).as(path).isTrue();
    }
    for (String path :
        """
        task credential/name credential/fingerprint sessionId startedAt spawnSeconds exitSeconds
        durationSeconds apiDurationMs costUsd tokens/input tokens/output outcome exitCode result
        firstByteSeconds responseSeconds verifiedSeconds
        """
            .split("\\s+")) {
      assertThat(report.at("/phases/1/attempts/2/" + path).isValueNode()).as(path).isTrue();
    }
  }

  @Test
  void ratiosAreUnroundedAndTheEfficiencyIsAFraction() {
    JsonNode comparison = tree(SampleProofs.confirmedRehearsal()).path("comparison");
    double speedup =
        comparison.path("sequentialSumSeconds").doubleValue()
            / comparison.path("parallelMaxSeconds").doubleValue();
    assertThat(comparison.path("speedup").doubleValue()).isEqualTo(speedup);
    assertThat(comparison.path("efficiency").doubleValue()).isEqualTo(speedup / 3);
    assertThat(comparison.path("wallSpeedup").doubleValue())
        .isEqualTo(
            comparison.path("sequentialWallSeconds").doubleValue()
                / comparison.path("parallelWallSeconds").doubleValue());
  }

  @Test
  void wallClockTimesHaveTheirZoneAndAlwaysThreeDigitsOfMilliseconds() {
    JsonNode report = tree(SampleProofs.confirmedRehearsal());
    assertThat(report.at("/run/startedAt").asString()).isEqualTo("2026-03-04T09:15:30.250+01:00");
  }

  @Test
  void noFieldCanBeLeftOut() {
    for (Proof proof : samples()) {
      ObjectNode report = tree(proof);
      for (Place place : places(report, "")) {
        JsonNode removed = place.parent().get(place.name());
        if (place.mayBeAbsent()) {
          continue;
        }
        place.parent().remove(place.name());
        assertThat(problems(report)).as("%s without %s", proof.run(), place.path()).isNotEmpty();
        place.parent().set(place.name(), removed);
      }
      assertThat(problems(report)).as("put together again").isEmpty();
    }
  }

  @Test
  void noFieldCanBeAddedAnywhere() {
    ObjectNode report = tree(SampleProofs.sixRounds());
    ObjectNode open = (ObjectNode) report.at("/run/environment");
    List<ObjectNode> objects = objects(report).filter(object -> object != open).toList();
    assertThat(objects).hasSizeGreaterThan(30);
    for (ObjectNode object : objects) {
      object.put("invented", 1);
      assertThat(problems(report)).as("%s", object).isNotEmpty();
      object.remove("invented");
    }
  }

  @Test
  void noFieldCanBeOfAnotherType() {
    ObjectNode report = tree(SampleProofs.sixRounds());
    for (Place place : places(report, "")) {
      JsonNode right = place.parent().get(place.name());
      for (JsonNode wrong : wrongFor(right, report)) {
        place.parent().set(place.name(), wrong);
        assertThat(problems(report)).as("%s as %s", place.path(), wrong).isNotEmpty();
      }
      place.parent().set(place.name(), right);
    }
    assertThat(problems(report)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/verdict, calls, real",
    "/verdict, calls, consistent",
    "/verdict, parallel, maybe",
    "/run, status, done",
    "/run, kind, run",
    "/run, startedAt, 2026-03-04T09:15:30Z",
    "/run, startedAt, 2026-03-04T09:15:30.250",
    "/phases/0, mode, both",
    "/phases/0/attempts/0, outcome, failed",
    "/phases/0/attempts/0/credential, fingerprint, sk-ant-oat01-a-value",
    "/criteria/0, status, pass",
    "/criteria/0, id, Every session",
    "/waterfall/steps/0, name, magic",
    "'', label, PROOF",
    "'', schema, regatta.report/2"
  })
  void noOtherWordPasses(String parent, String name, String word) {
    ObjectNode report = tree(SampleProofs.confirmedRehearsal());
    ObjectNode object = (ObjectNode) report.at(parent);
    assertThat(object.has(name)).isTrue();
    object.put(name, word);
    assertThat(problems(report)).isNotEmpty();
  }

  @Test
  void onlyARehearsalHasTheLabelOfOne() {
    ObjectNode rehearsal = tree(SampleProofs.confirmedRehearsal());
    rehearsal.remove("label");
    assertThat(problems(rehearsal)).isNotEmpty();
    ObjectNode real = tree(SampleProofs.confirmedConsistent());
    assertThat(real.has("label")).isFalse();
    real.put("label", "REHEARSAL");
    assertThat(problems(real)).isNotEmpty();
    real.remove("label");
    ((ObjectNode) real.path("verdict")).put("calls", "rehearsal");
    assertThat(problems(real)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(classes = {Outcome.class, Verdict.Parallel.class, Verdict.Calls.class})
  void theWordsOfTheSchemaAreThoseOfTheCode(Class<?> words) {
    Map<Class<?>, String> places =
        Map.of(
            Outcome.class, "/$defs/outcome/enum",
            Verdict.Parallel.class, "/$defs/verdict/properties/parallel/enum",
            Verdict.Calls.class, "/$defs/verdict/properties/calls/enum");
    assertThat(words(places.get(words)))
        .containsExactlyElementsOf(
            Stream.of(words.getEnumConstants())
                .map(word -> JsonMapper.shared().valueToTree(word).asString())
                .toList());
  }

  @Test
  void statusesAndMissingFieldsOfTheSchemaAreThoseOfTheCode() {
    assertThat(words("/$defs/criterion/properties/status/enum"))
        .containsExactlyElementsOf(
            Arrays.stream(Criterion.Status.values()).map(Criterion.Status::word).toList());
    assertThat(words("/$defs/attempt/properties/missing/items/enum"))
        .isEqualTo(Claims.NONE.missing());
  }

  @Test
  void everyObjectOfTheSchemaHasTheFieldsOfItsRecord() {
    Map<String, Class<? extends Record>> records =
        Map.ofEntries(
            Map.entry("verdict", Verdict.class),
            Map.entry("comparison", Proof.Comparison.class),
            Map.entry("waterfall", Proof.Waterfall.class),
            Map.entry("waterfallStep", Proof.WaterfallStep.class),
            Map.entry("intervals", Proof.Intervals.class),
            Map.entry("phase", Proof.Phase.class),
            Map.entry("concurrency", Proof.Concurrency.class),
            Map.entry("attempt", Proof.Attempt.class),
            Map.entry("credential", Proof.Credential.class),
            Map.entry("tokens", Proof.Tokens.class),
            Map.entry("artifact", Proof.Artifact.class),
            Map.entry("claims", Claims.class),
            Map.entry("credentialUse", Proof.CredentialUse.class),
            Map.entry("criterion", Criterion.class));
    records.forEach((name, record) -> {
      JsonNode definition = form.path("$defs").path(name);
      List<String> fields =
          Arrays.stream(record.getRecordComponents()).map(RecordComponent::getName).toList();
      assertThat(definition.path("properties").propertyNames())
          .as(name)
          .containsExactlyElementsOf(fields);
      List<String> required =
          definition.path("required").values().stream().map(JsonNode::asString).toList();
      assertThat(required).as(name).isEqualTo(name.equals("claims") ? List.of() : fields);
    });
  }

  @Test
  void everyPartOfTheSchemaIsDescribedAndClosed() {
    describedAndClosed(form, "");
    form.path("$defs")
        .properties()
        .forEach(part -> describedAndClosed(part.getValue(), part.getKey()));
  }

  @Test
  void theProgramCarriesThePublishedSchema() throws IOException {
    try (InputStream carried = carried()) {
      assertThat(carried).hasBinaryContent(Files.readAllBytes(PUBLISHED));
    }
  }

  private static void describedAndClosed(JsonNode part, String path) {
    if (part.has("$ref")) {
      return;
    }
    assertThat(part.path("title").asString("")).as("title of %s", path).isNotBlank();
    assertThat(part.path("description").asString("")).as("description of %s", path).isNotBlank();
    if (part.has("properties")) {
      assertThat(part.path("additionalProperties").asBoolean(true)).as(path).isFalse();
    }
    part.path("properties")
        .properties()
        .forEach(inner -> describedAndClosed(inner.getValue(), path + "/" + inner.getKey()));
    for (String inner : new TreeSet<>(List.of("items", "additionalProperties"))) {
      if (part.path(inner).isObject()) {
        describedAndClosed(part.path(inner), path + "/" + inner);
      }
    }
  }

  /** A field of an object in a report. */
  private record Place(ObjectNode parent, String name, String path) {
    /** Names that need not be there: those of open or sparse objects. */
    boolean mayBeAbsent() {
      return path.contains("/environment/")
          || path.contains("/limits/")
          || path.contains("/claims/");
    }
  }

  /** Every field; of lists only the first two items, which are as good as any. */
  private static List<Place> places(JsonNode node, String path) {
    List<Place> places = new ArrayList<>();
    if (node instanceof ObjectNode object) {
      for (String name : List.copyOf(object.propertyNames())) {
        places.add(new Place(object, name, path + "/" + name));
        places.addAll(places(object.get(name), path + "/" + name));
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < Math.min(2, array.size()); i++) {
        places.addAll(places(array.get(i), path + "/" + i));
      }
    }
    return places;
  }

  /** Every object; of lists only the first two items. */
  private static Stream<ObjectNode> objects(JsonNode node) {
    return Stream.concat(
        Stream.of(node).filter(ObjectNode.class::isInstance).map(ObjectNode.class::cast),
        node.values().stream()
            .limit(node.isArray() ? 2 : Long.MAX_VALUE)
            .flatMap(JsonReportTest::objects));
  }

  private static List<JsonNode> wrongFor(JsonNode right, ObjectNode any) {
    List<JsonNode> wrong = new ArrayList<>();
    if (!right.isString() && !right.isNull()) {
      wrong.add(any.stringNode("a text"));
    }
    if (!right.isNumber() && !right.isNull()) {
      wrong.add(any.numberNode(-1));
    }
    if (!right.isBoolean() && !right.isNull()) {
      wrong.add(any.booleanNode(true));
    }
    if (!right.isArray()) {
      wrong.add(any.arrayNode());
    }
    if (!right.isObject()) {
      wrong.add(any.objectNode());
    }
    return wrong;
  }

  private static List<Double> inOrder(JsonNode attempt) {
    return Stream.of(
            "scheduledSeconds",
            "spawnSeconds",
            "firstByteSeconds",
            "responseSeconds",
            "exitSeconds",
            "verifiedSeconds")
        .map(name -> attempt.path(name).doubleValue())
        .toList();
  }

  private List<String> words(String path) {
    return form.at(path).values().stream().map(JsonNode::asString).toList();
  }

  private static ObjectNode tree(Proof proof) {
    return (ObjectNode) JsonMapper.shared().readTree(JsonReport.of(proof));
  }

  private List<String> problems(JsonNode report) {
    return schema.validate(report).stream().map(Object::toString).toList();
  }

  private static Schema carriedSchema() {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(carried(), InputFormat.JSON);
  }

  private static InputStream carried() {
    return JsonReport.class.getResourceAsStream("/dev/regatta/schema/report-1.schema.json");
  }
}
