package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.cli.AgentOptions;
import dev.regatta.cli.CommonOptions;
import dev.regatta.cli.LimitOptions;
import dev.regatta.cli.ProofOptions;
import dev.regatta.cli.TokenOptions;
import dev.regatta.evidence.Criteria;
import dev.regatta.evidence.Criterion;
import dev.regatta.evidence.Figures;
import dev.regatta.evidence.PriceTable;
import dev.regatta.evidence.Verdict;
import dev.regatta.experiment.Proof;
import dev.regatta.experiment.RecordedTree;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page about proofs names what the program has, and nothing that it has not. */
class ProveDocumentTest {
  private static final Path PROJECT = Path.of(System.getProperty("regatta.project"));

  private final String page = Files.readString(PROJECT.resolve("docs/prove.md"));

  ProveDocumentTest() throws IOException {}

  @Test
  void theTableOfOptionsHasEveryOptionAndNoOther() {
    assertThat(all("^\\| `(--[a-z-]+)", page))
        .containsExactlyInAnyOrderElementsOf(
            options(
                ProofOptions.class, AgentOptions.class, LimitOptions.class, TokenOptions.class));
  }

  @Test
  void noOptionIsNamedThatIsNotThere() {
    Set<String> known =
        options(
            ProofOptions.class,
            AgentOptions.class,
            LimitOptions.class,
            TokenOptions.class,
            CommonOptions.class);
    assertThat(known).containsAll(all("(?<![\\w-])(--[a-z][a-z-]+)", page));
  }

  @Test
  void everyCriterionIsListedUnderItsId() {
    Figures nothing =
        new Figures(
            3,
            Figures.Progress.PHASE_MISSING,
            false,
            false,
            true,
            Optional.of(new Figures.GatewayFigures(false, false)),
            Optional.of(PriceTable.standard()),
            List.of(),
            Optional.empty(),
            0);
    List<Criterion> criteria = Criteria.of(nothing);
    assertThat(rows("| id | what must hold |"))
        .isEqualTo(criteria.stream().map(criterion -> "`" + criterion.id() + "`").toList());
    assertThat(page).contains("PASS, FAIL or UNKNOWN");
  }

  @Test
  void everyCriterionOfATreeIsListedInOneOfTheTwoTables() {
    Proof tree = RecordedTree.threeByThree().proof();
    List<String> ids =
        tree.criteria().stream().map(criterion -> "`" + criterion.id() + "`").toList();
    List<String> own = rows("| id, of a tree | what must hold |");
    assertThat(ids).containsSubsequence(own);
    assertThat(rows("| id | what must hold |"))
        .containsAll(ids.stream().filter(id -> !own.contains(id)).toList())
        .doesNotContainAnyElementsOf(own);
  }

  @Test
  void theTranscriptOfATreeHasTheFormOfTheReportHereAndInTheReadme() throws IOException {
    String here = block("Tree Execution Test");
    String readme = Files.readString(PROJECT.resolve("README.md"));
    assertThat(readme).contains("```\n" + here + "```\n");
    List<String> transcript = here.lines().toList();
    List<String> report =
        TextReport.of(RecordedTree.threeByThree().proof(), false).lines().toList();
    List<String> rows = part(transcript, "Tree Execution Test, 3x3 agents, seconds:");
    assertThat(rows.stream().map(ProveDocumentTest::place))
        .isEqualTo(
            part(report, "Tree Execution Test, 3x3 agents, seconds:").stream()
                .map(ProveDocumentTest::place)
                .toList());
    assertThat(part(transcript, "Performance Comparison:"))
        .isEqualTo(part(report, "Performance Comparison:"));
    assertThat(transcript.getLast()).matches("PARALLEL: confirmed \\(all siblings at once, .+\\)");
  }

  /** Of a line about an agent its place and how many figures follow; any other line whole. */
  private static String place(String line) {
    return line.matches(" ?N(\\.N)?( \\*)? .*")
        ? line.replaceFirst(" \\*", "").replaceFirst("( N \\S+ \\S+)$", "")
        : line.startsWith("Total Tree Time") ? "total" : line;
  }

  @Test
  void theFiguresOfATreesTranscriptAddUp() {
    String transcript = block("Tree Execution Test");
    double work =
        all("^ *[0-9.]+(?: \\*)? +[0-9.]+ +[0-9.]+ +([0-9.]+) ", transcript).stream()
            .mapToDouble(Double::parseDouble)
            .sum();
    double total = Double.parseDouble(all("Total Work: ([0-9.]+)", transcript).getFirst());
    double span = Double.parseDouble(all("Critical Path: ([0-9.]+)", transcript).getFirst());
    double wall = Double.parseDouble(all("Total Tree Time: ([0-9.]+)", transcript).getFirst());
    assertThat(total).isCloseTo(work, org.assertj.core.api.Assertions.within(0.06));
    assertThat(all("Ideal Parallelism: ([0-9.]+)", transcript))
        .containsExactly("%.2f".formatted(total / span));
    assertThat(all("Achieved Parallelism: ([0-9.]+)", transcript))
        .containsExactly("%.2f".formatted(total / wall));
    assertThat(wall / span).isLessThanOrEqualTo(1.25);
  }

  @Test
  void everyWordOfTheVerdictHasItsRow() {
    assertThat(rows("| `PARALLEL` | when |"))
        .isEqualTo(Arrays.stream(Verdict.Parallel.values()).map(Verdict.Parallel::word).toList());
    assertThat(rows("| `CALLS` | when |"))
        .isEqualTo(Arrays.stream(Verdict.Calls.values()).map(Verdict.Calls::word).toList());
  }

  @Test
  void theStepsOfTheWaterfallStandThereInTheirOrder() throws IOException {
    JsonNode names =
        JsonMapper.shared()
            .readTree(PROJECT.resolve("docs/schema/report-1.schema.json").toFile())
            .at("/$defs/waterfallStep/properties/name/enum");
    assertThat(rows("| step | what it takes away, or gives |"))
        .isEqualTo(names.values().stream().map(JsonNode::asString).toList());
  }

  @Test
  void theTranscriptHasTheFormOfTheReport() {
    List<String> transcript = block("REHEARSAL: ").lines().toList();
    List<String> report = TextReport.of(SampleProofs.confirmedRehearsal(), false).lines().toList();
    assertThat(transcript.getFirst()).isEqualTo(report.getFirst());
    assertThat(transcript.getLast()).isEqualTo(report.getLast());
    Set<String> ofRealRunsOnly = Set.of("Reports:", "Calls, as the gateway saw them:");
    assertThat(headings(transcript).filter(heading -> !ofRealRunsOnly.contains(heading)))
        .containsExactlyElementsOf(headings(report).toList());
    assertThat(part(transcript, "Sequential Execution Test:"))
        .isEqualTo(part(report, "Sequential Execution Test:"));
    assertThat(part(transcript, "Parallel Execution Test:"))
        .isEqualTo(part(report, "Parallel Execution Test:"));
    assertThat(part(transcript, "Performance Comparison:"))
        .isEqualTo(part(report, "Performance Comparison:"));
    assertThat(part(transcript, "Verification:"))
        .hasSize(18)
        .allMatch(
            line -> line.equals("Verification:") || line.matches("(PASS|FAIL|UNKNOWN) .*: .*"));
    assertThat(transcript).anyMatch(line -> line.matches("PARALLEL: confirmed \\(.+\\)"));
    assertThat(transcript).anyMatch(line -> line.matches("CALLS: rehearsal \\(.+\\)"));
  }

  @Test
  void theFiguresOfTheTranscriptAddUp() {
    String transcript = block("REHEARSAL: ");
    List<Double> durations =
        all("Duration: +([0-9.]+)s", transcript).stream().map(Double::valueOf).toList();
    List<Double> totals =
        all("Total \\w+ Time: ([0-9.]+) seconds", transcript).stream()
            .map(Double::valueOf)
            .toList();
    double sum = durations.subList(0, 3).stream().mapToDouble(Double::doubleValue).sum();
    double longest =
        durations.subList(3, 6).stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    assertThat(totals.get(0)).isCloseTo(sum, org.assertj.core.api.Assertions.within(0.02));
    assertThat(totals.get(1)).isEqualTo(longest);
    assertThat(all("Speedup Factor: ([0-9.]+)x", transcript))
        .containsExactly("%.2f".formatted(totals.get(0) / totals.get(1)));
  }

  @Test
  void whatThePageShowsAndLinksToIsThere() {
    for (String target : all("\\]\\(([^)#]+)\\)", page)) {
      assertThat(PROJECT.resolve("docs").resolve(target)).exists();
    }
  }

  private static Stream<String> headings(List<String> lines) {
    return lines.stream().filter(line -> line.matches("[A-Z][^:]*:"));
  }

  /** The lines from a heading to the next empty one, without their figures and ids. */
  private static List<String> part(List<String> lines, String heading) {
    return lines.stream()
        .skip(lines.indexOf(heading))
        .takeWhile(line -> !line.isEmpty())
        .map(line -> line.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "ID"))
        .map(line -> line.replaceAll("[0-9]+(\\.[0-9]+)?", "N").replaceAll(" +", " "))
        .toList();
  }

  /** The code block of the page that begins so. */
  private String block(String beginning) {
    String fence = "```\n";
    int start = page.indexOf(fence + beginning) + fence.length();
    assertThat(start).isGreaterThan(fence.length());
    return page.substring(start, page.indexOf(fence, start));
  }

  /** The first words of a table's rows. */
  private List<String> rows(String head) {
    return page.substring(page.indexOf(head))
        .lines()
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.substring(2, line.indexOf(" |")))
        .toList();
  }

  private static List<String> all(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(text)
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  private static Set<String> options(Class<?>... declared) {
    return Arrays.stream(declared)
        .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
        .map(ProveDocumentTest::name)
        .flatMap(Optional::stream)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Optional<String> name(Field field) {
    Option option = field.getAnnotation(Option.class);
    OptionList list = field.getAnnotation(OptionList.class);
    return Optional.ofNullable(option)
        .map(Option::name)
        .or(() -> Optional.ofNullable(list).map(OptionList::name))
        .map(name -> "--" + name);
  }
}
