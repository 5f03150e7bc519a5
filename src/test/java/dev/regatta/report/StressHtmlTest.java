package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class StressHtmlTest {
  @TempDir Path folder;
  private SampleSuites samples;

  @BeforeEach
  void make() {
    samples = new SampleSuites(folder);
  }

  static String page(StressReport report) throws IOException {
    StringWriter out = new StringWriter();
    StressHtml.write(report, ZoneOffset.UTC, out);
    return out.toString();
  }

  private static List<Element> elements(String page) throws Exception {
    NodeList all =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(page.replaceFirst("<!DOCTYPE html>", ""))))
            .getElementsByTagName("*");
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < all.getLength(); i++) {
      elements.add((Element) all.item(i));
    }
    return elements;
  }

  @Test
  void everyPageIsWellFormedLoadsNothingAndRunsNothing() throws Exception {
    Set<String> loading = Set.of("src", "href", "srcset", "data", "action", "poster", "style");
    for (StressReport report : samples.all()) {
      List<String> ids = new ArrayList<>();
      for (Element element : elements(page(report))) {
        assertThat(element.getTagName())
            .isNotIn("script", "link", "iframe", "object", "embed", "img", "form", "base", "a");
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
          assertThat(element.getAttributes().item(i).getNodeName())
              .isNotIn(loading)
              .doesNotStartWith("on");
        }
        if (element.hasAttribute("id")) {
          ids.add(element.getAttribute("id"));
        }
      }
      assertThat(ids).doesNotHaveDuplicates();
      assertThat(page(report)).contains("default-src 'none'".replace("'", "&#39;"));
    }
  }

  @Test
  void hostileTextStandsThereEscapedAndVisible() throws Exception {
    String page = page(samples.hostile());
    assertThat(page)
        .doesNotContain("<script", "]]>", "\u001b", "\u0000", "\u202e")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;");
    assertThat(page.length()).isLessThan(100_000);
  }

  @Test
  void theVerdictIsTheRatio() throws Exception {
    assertThat(page(samples.failures()))
        .contains("<h1>✓ Graduated: 23:2 = 11.5:1</h1>", "1 left out by name, 1 not tried");
    assertThat(page(samples.instances())).contains("<h1>✗ Not graduated: 0:1</h1>");
    assertThat(page(samples.partial()))
        .contains("<h1>Partial: 1:0</h1>", "1 of 30 tasks were chosen")
        .doesNotContain("Graduated", "Not graduated");
    assertThat(page(samples.killed())).contains("it goes on, or was killed");
  }

  @Test
  void aFailedTaskHasItsPatternsOutputAndCommands() throws Exception {
    assertThat(page(samples.failures()))
        .contains("✓ found in line 3", "✗ not found", "(it&#39;s spelt so)")
        .contains("The tests passed.\n</pre>".replace("\n", ""))
        .contains("regatta stress &#39;my suites/suite.json&#39; --only capitals")
        .contains("sh -c &#39;claude -p &quot;What&#39;\\&#39;&#39;s the capital");
  }

  @Test
  void onlyARehearsalHasTheBannerTwiceAndAStampOnEachSection() throws Exception {
    String page = page(samples.rehearsal());
    assertThat(elements(page).stream().filter(it -> it.getAttribute("class").equals("banner")))
        .hasSize(2);
    long sections = elements(page).stream().filter(it -> it.getTagName().equals("section")).count();
    assertThat(elements(page).stream().filter(it -> it.getAttribute("class").equals("stamp")))
        .hasSize((int) sections);
    assertThat(page).contains("<title>REHEARSAL · SMALL: 1:0 · Regatta</title>");
    assertThat(page(samples.green())).doesNotContain("REHEARSAL");
  }

  @Test
  void theTrendHasABarForEachRunAndIsDrawnForPhonesToo() throws Exception {
    List<Element> bars =
        elements(page(samples.green())).stream()
            .filter(it -> it.getAttribute("class").equals("bar"))
            .toList();
    assertThat(bars).hasSize(2 * 5);
    assertThat(bars.subList(0, 5))
        .extracting(bar -> Double.valueOf(bar.getAttribute("height")))
        .isSorted()
        .last()
        .isEqualTo(120.0);
    assertThat(page(samples.rehearsal())).doesNotContain("<h2>Trend");
  }
}
