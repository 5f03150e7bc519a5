package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.regatta.experiment.Proof;
import dev.regatta.experiment.RecordedTree;
import dev.regatta.journal.Outcome;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {

  static List<Proof> samples() {
    return List.of(
        SampleProofs.confirmedRehearsal(),
        SampleProofs.confirmedConsistent(),
        SampleProofs.refutedHostile(),
        SampleProofs.sixRounds(),
        SampleProofs.twoRounds(),
        SampleProofs.wide(50),
        SampleProofs.interrupted(),
        SampleProofs.empty(),
        RecordedTree.threeByThree().proof(),
        RecordedTree.inVain().proof());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyPageIsWellFormedAndAllIdsAreUnique(Proof proof) throws Exception {
    List<String> ids = new ArrayList<>();
    for (Element element : elements(parse(page(proof)), "*")) {
      if (element.hasAttribute("id")) {
        ids.add(element.getAttribute("id"));
      }
    }
    assertThat(ids).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void nothingIsLoadedAndNothingRuns(Proof proof) throws Exception {
    Set<String> loading =
        Set.of("src", "href", "srcset", "data", "action", "poster", "xlink:href", "style");
    Document page = parse(page(proof));
    for (Element element : elements(page, "*")) {
      assertThat(element.getTagName())
          .isNotIn("script", "link", "iframe", "object", "embed", "img", "form", "base", "a");
      NamedNodeMap attributes = element.getAttributes();
      for (int i = 0; i < attributes.getLength(); i++) {
        assertThat(attributes.item(i).getNodeName()).isNotIn(loading).doesNotStartWith("on");
      }
    }
    assertThat(elements(page, "style").getFirst().getTextContent())
        .doesNotContain("@import", "url(", "http");
    assertThat(elements(page, "meta").get(1).getAttribute("content"))
        .isEqualTo("default-src 'none'; style-src 'unsafe-inline'; img-src data:");
  }

  @Test
  void hostileTextStandsThereEscapedAndVisible() throws Exception {
    String page = page(SampleProofs.refutedHostile());
    assertThat(page)
        .doesNotContain("<script", "<img", "]]>", "<!-- ", "<b>run</b>")
        .contains("&lt;script&gt;alert(&#39;x&#39;)", "⟨U+202E⟩gnp.exe⟨U+2066⟩", "␛[2J", "␀")
        .contains("⟨U+D800⟩", "⟨U+200B⟩zero", "⟨U+0085⟩", "⟨U+FFFE⟩")
        .contains("more characters)");
    assertThat(page.chars().filter(c -> c < ' ' && c != '\n' && c != '\t')).isEmpty();
    assertThat(page).hasSizeLessThan(200_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SampleProofs.HOSTILE,
        "</style></title><script>alert(document.domain)</script>",
        "\" onload=\"alert(1)\" x=\"",
        "' onmouseover='alert(1)' x='",
        "--><svg/onload=alert(1)><!--",
        "]]><iframe src=javascript:alert(1)></iframe>",
        "&lt;script&gt; &#60;script&#62; &nbsp;",
        "url(https://evil.example) ;} body { display: none } @import",
        ""
      })
  void noTextOfAProofWhereverItStandsBecomesMarkup(String hostile) throws Exception {
    for (Proof sample : samples()) {
      Document calm = parse(page(SampleProofs.rewritten(sample, text -> "x")));
      Document page = parse(page(SampleProofs.rewritten(sample, text -> hostile)));
      assertThat(shape(page)).isEqualTo(shape(calm));
    }
  }

  /** Elements and the names of their attributes, in order: all of a page but its words. */
  private static List<String> shape(Document page) {
    List<String> shape = new ArrayList<>();
    for (Element element : elements(page, "*")) {
      StringBuilder words = new StringBuilder(element.getTagName());
      NamedNodeMap attributes = element.getAttributes();
      for (int i = 0; i < attributes.getLength(); i++) {
        words.append(' ').append(attributes.item(i).getNodeName());
      }
      shape.add(words.toString());
    }
    return shape;
  }

  @Test
  void aMegabyteInEveryTextMakesNoHugePage() throws Exception {
    String huge = "<&\u001b".repeat(350_000);
    Proof proof = SampleProofs.rewritten(SampleProofs.confirmedRehearsal(), text -> huge);
    assertThat(page(proof).length()).isLessThan(2_000_000);
  }

  @Test
  void allThatWasPromisedIsThereTheVerdictFirst() throws Exception {
    Document page = parse(page(SampleProofs.sixRounds()));
    List<String> headings = new ArrayList<>();
    for (Element element : elements(page, "*")) {
      if (element.getTagName().matches("h[12]")) {
        headings.add(element.getTextContent().replace(" REHEARSAL", "").strip());
      }
    }
    assertThat(headings)
        .containsExactly(
            "✓ Parallel: confirmed",
            "Key figures",
            "Notes",
            "Timeline",
            "How many ran at once",
            "Where the speedup went",
            "Wall speedup over 6 rounds",
            "Verification",
            "Attempts",
            "Cost and tokens per credential",
            "Answers",
            "Environment and limits");
    assertThat(page.getDocumentElement().getTextContent())
        .contains("cores", "load", "25.0.1", "Agent version", "timeout", "300.00 s");
  }

  @Test
  void thereAreStylesForDarkScreensPhonesAndPaper() throws Exception {
    assertThat(page(SampleProofs.empty()))
        .contains(
            "@media (prefers-color-scheme: dark)", "@media (max-width: 40rem)", "@media print");
  }

  @ParameterizedTest
  @MethodSource("samples")
  void onlyARehearsalIsMarkedAsOneAndThenEverywhere(Proof proof) throws Exception {
    Document page = parse(page(proof));
    List<Element> stamps =
        elements(page, "*").stream().filter(e -> e.getAttribute("class").equals("stamp")).toList();
    List<Element> banners =
        elements(page, "p").stream().filter(e -> e.getAttribute("class").equals("banner")).toList();
    String title = elements(page, "title").getFirst().getTextContent();
    if (proof.rehearsal()) {
      assertThat(banners).hasSize(2);
      assertThat(title).startsWith("REHEARSAL · ");
      assertThat(stamps)
          .hasSize(elements(page, "figure").size() + elements(page, "h2").size())
          .allSatisfy(stamp -> assertThat(stamp.getTextContent()).isEqualTo("REHEARSAL"));
    } else {
      assertThat(banners).isEmpty();
      assertThat(stamps).isEmpty();
      assertThat(title).doesNotContain("REHEARSAL");
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void theVerdictIsTheOneHeadingOfFirstRank(Proof proof) throws Exception {
    Document page = parse(page(proof));
    assertThat(elements(page, "h1"))
        .singleElement()
        .satisfies(h ->
            assertThat(h.getTextContent())
                .endsWith(" Parallel: " + proof.verdict().parallel().word()));
    assertThat(page.getDocumentElement().getTextContent())
        .contains(proof.verdict().parallelReason())
        .contains("Calls: " + proof.verdict().calls().word())
        .contains(proof.verdict().callsReason());
  }

  private static boolean in(Element drawn, Frame frame) {
    return ((Element) drawn.getParentNode().getParentNode())
        .getAttribute("class")
        .equals(frame.word());
  }

  @ParameterizedTest
  @EnumSource(Frame.class)
  void everyAttemptHasABarWhosePlaceIsItsTime(Frame frame) throws Exception {
    for (Proof proof : samples()) {
      everyBarIsInItsPlace(proof, frame);
    }
  }

  private static void everyBarIsInItsPlace(Proof proof, Frame frame) throws Exception {
    List<Element> bars =
        elements(parse(page(proof)), "g").stream()
            .filter(g -> g.getAttribute("class").startsWith("attempt "))
            .filter(g -> in(g, frame))
            .map(g -> (Element) g.getElementsByTagName("rect").item(0))
            .toList();
    List<Proof.Attempt> attempts =
        proof.phases().stream()
            .sorted((a, b) -> Integer.compare(a.round(), b.round()))
            .flatMap(phase -> phase.attempts().stream())
            .toList();
    assertThat(bars).hasSameSizeAs(attempts);
    for (int i = 0; i < bars.size(); i++) {
      Proof.Attempt attempt = attempts.get(i);
      double scale = secondsPerPlace(proof, attempt, frame);
      double x = Double.parseDouble(bars.get(i).getAttribute("x"));
      double width = Double.parseDouble(bars.get(i).getAttribute("width"));
      assertThat((x - frame.left()) * scale).isCloseTo(attempt.spawnSeconds(), within(scale / 50));
      assertThat(width * scale)
          .isCloseTo(attempt.exitSeconds() - attempt.spawnSeconds(), within(scale / 50));
    }
  }

  @Test
  void aTreesBarsAreNestedEmptyWhereAgentsWaitedAndMarkedOnTheCriticalPath() throws Exception {
    String page = page(RecordedTree.threeByThree().proof());
    assertThat(page.split("<g class=\"agent ", -1)).hasSize(1 + 2 * 12);
    assertThat(page.split("class=\"nest\"", -1)).hasSize(1 + 2 * 3);
    assertThat(page.split("class=\"waited\"", -1)).hasSize(1 + 2 * 3);
    assertThat(page).contains(" ◆<", "◆ yes", "1.1: worked 4.00 s, waited 0.00 s.");
    assertThat(page).doesNotContain("Where the speedup went", "can't be compared");
    assertThat(page(SampleProofs.confirmedRehearsal())).doesNotContain("Tree of agents");
  }

  @Test
  void whatWasAskedForInVainIsSaidOnThePage() throws Exception {
    assertThat(page(RecordedTree.inVain().proof()))
        .contains("1.1 never began: asked for by tree-1, the run was stopped")
        .contains("tree-1.2 was refused more agents: depth 3 is more than 2")
        .contains("tree-1, ✗ who did not", "· agent-error<", "url(#hatch-tree-wide)");
  }

  @Test
  void whatFailedIsHatchedAndNamedSoThatColourIsNotNeeded() throws Exception {
    String page = page(SampleProofs.refutedHostile());
    assertThat(page.split("fill=\"url\\(#hatch-1\\)\"", -1)).hasSize(4);
    assertThat(page).contains("· rate-limited<", "· verification-failed<", "· timed-out<");
    assertThat(page).contains("retry waits 1.40 s, 429: 1.20 s");
  }

  @Test
  void anAttemptThatRunsIsNeitherLostNorFailed() throws Exception {
    String page =
        page(
            Rewritten.values(
                SampleProofs.interrupted(), value -> value == Outcome.LOST ? null : value));
    assertThat(page)
        .contains("… running", "· running<", "finding unknown")
        .doesNotContain("✗ ", "· lost", "fill=\"url(#hatch-1)\"");
  }

  @Test
  void aFactorAboveWhatIsPossibleIsExplainedWhereTasksTookTurns() throws Exception {
    String explained = "; tasks took turns, so it can exceed what is possible";
    assertThat(page(SampleProofs.turns()).split(explained, -1)).hasSize(3);
    assertThat(page(SampleProofs.wide(6))).doesNotContain(explained);
  }

  @Test
  void whatNobodyGaveIsCalledMissing() throws Exception {
    Document page = parse(page(SampleProofs.interrupted()));
    Element row =
        elements(page, "tr").stream()
            .filter(tr -> tr.getTextContent().contains("nobody saw the end"))
            .findFirst()
            .orElseThrow();
    assertThat(row.getElementsByTagName("span").getLength()).isEqualTo(19);
    assertThat(elements(page, "span"))
        .filteredOn(span -> span.getAttribute("class").equals("missing"))
        .allSatisfy(span -> assertThat(span.getTextContent()).isEqualTo("missing"));
    assertThat(page.getDocumentElement().getTextContent())
        .contains("Sequential and parallel can't be compared")
        .contains("The run is interrupted")
        .doesNotContain("null", "NaN");
  }

  @Test
  void findingsAreWords() throws Exception {
    assertThat(page(SampleProofs.confirmedRehearsal())).contains("✓ PASS", "✗ FAIL", "? UNKNOWN");
  }

  @Test
  void eachRoundHasAFigureAndOnlyTheFirstIsOpen() throws Exception {
    String page = page(SampleProofs.sixRounds());
    assertThat(page.split("<svg class=\"chart\"", -1)).hasSize(27);
    assertThat(page.split("<details open=\"open\"><summary>Round 1<", -1)).hasSize(3);
    assertThat(page.split("<details open", -1)).hasSize(3);
    assertThat(page).contains("2.52× to 2.92×", "unbounded").doesNotContain("descriptive only");
    assertThat(page(SampleProofs.twoRounds())).contains("descriptive only");
  }

  @Test
  void fiftyAtOnceStayBelowHalfAMegabyte() throws Exception {
    assertThat(page(SampleProofs.wide(50)).getBytes(StandardCharsets.UTF_8).length)
        .isLessThan(500_000);
  }

  @Test
  void hugeRunsAreCutAndSayHowMuchIsLeftOut() throws Exception {
    String page = page(SampleProofs.wide(700));
    assertThat(page.split("<g class=\"attempt", -1)).hasSize(801);
    assertThat(page)
        .contains("500 more sequential attempts are not shown here")
        .contains("500 more parallel attempts are not shown here")
        .contains("400 more attempts are not shown here")
        .contains("1200 more answers are not shown here");
  }

  @Test
  void sessionIdsStandThereWhole() throws Exception {
    Proof proof = SampleProofs.confirmedRehearsal();
    String page = page(proof);
    for (Proof.Phase phase : proof.phases()) {
      for (Proof.Attempt attempt : phase.attempts()) {
        assertThat(page).contains("<code>" + attempt.sessionId() + "</code>");
      }
    }
  }

  @Test
  void tablesHaveAsManyCellsAsHeadings() throws Exception {
    for (Element table : elements(parse(page(SampleProofs.refutedHostile())), "table")) {
      List<Element> rows = elements(table, "tr");
      int headings = rows.getFirst().getElementsByTagName("th").getLength();
      for (Element row : rows) {
        int cells =
            row.getElementsByTagName("th").getLength() + row.getElementsByTagName("td").getLength();
        assertThat(cells).isEqualTo(headings);
      }
      assertThat(elements(table, "th"))
          .allSatisfy(th -> assertThat(th.getAttribute("scope")).isIn("col", "row"));
    }
  }

  static String page(Proof proof) throws IOException {
    StringWriter out = new StringWriter();
    HtmlReport.write(proof, out);
    return out.toString();
  }

  private static double secondsPerPlace(Proof proof, Proof.Attempt attempt, Frame frame) {
    Proof.Phase own =
        proof.phases().stream()
            .filter(p -> p.attempts().contains(attempt))
            .findFirst()
            .orElseThrow();
    List<Proof.Phase> round =
        proof.phases().stream().filter(p -> p.round() == own.round()).toList();
    return TimeScale.of(frame, round).seconds() / (frame.right() - frame.left());
  }

  private static Document parse(String page) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(page)));
  }

  private static List<Element> elements(Document document, String name) {
    return list(document.getElementsByTagName(name));
  }

  private static List<Element> elements(Element element, String name) {
    return list(element.getElementsByTagName(name));
  }

  private static List<Element> list(NodeList nodes) {
    List<Element> list = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      list.add((Element) nodes.item(i));
    }
    return list;
  }
}
