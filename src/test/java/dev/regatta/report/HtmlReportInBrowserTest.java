package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.regatta.experiment.Proof;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The pages in a real browser, as wide as a phone and as wide as a window. */
class HtmlReportInBrowserTest {
  private static final List<Integer> WIDTHS = List.of(400, 1200);

  /** Looks into each frame once all have loaded, and leaves what it found in the page. */
  private static final String MEASURE =
      """
      <script>
      function overlaps(a, b) {
        return Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
            && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
      }
      function look(frame) {
        const page = frame.contentDocument;
        const wide = [...page.querySelectorAll('body *')]
            .filter(e => !e.closest('.scroll') && e.getBoundingClientRect().right > frame.clientWidth + 1)
            .map(e => e.tagName + ' ' + e.textContent.slice(0, 40));
        const clashes = [];
        for (const chart of page.querySelectorAll('svg.chart')) {
          const texts = [...chart.querySelectorAll('text')].filter(t => t.textContent);
          const boxes = texts.map(t => t.getBoundingClientRect());
          for (let i = 0; i < texts.length; i++)
            for (let j = i + 1; j < texts.length; j++)
              if (boxes[i].width && overlaps(boxes[i], boxes[j]))
                clashes.push(texts[i].textContent + ' | ' + texts[j].textContent);
        }
        const seen = [...page.querySelectorAll('.chart .bar')]
            .map(e => e.getBoundingClientRect()).filter(box => box.width);
        const outside = seen.filter(box => box.left < 0 || box.right > frame.clientWidth);
        const open = [...page.querySelectorAll('.attempt')]
            .filter(e => !e.closest('details:not([open])'));
        const bars = open.filter(e => e.getBoundingClientRect().width);
        const crossed = [...page.querySelectorAll('.chart .phase-end')].flatMap(line => {
          const at = line.getBoundingClientRect();
          return [...line.closest('svg').querySelectorAll('.value')].filter(text => {
            const box = text.getBoundingClientRect();
            return box.left < at.left && at.left < box.right
                && Math.min(box.bottom, at.bottom) - Math.max(box.top, at.top) > 2;
          }).map(text => text.textContent);
        });
        const cut = [...page.querySelectorAll('[aria-label=Phases]')]
            .filter(e => frame.clientWidth >= 1200 && e.scrollWidth > e.clientWidth)
            .map(e => e.scrollWidth + ' in ' + e.clientWidth);
        const root = page.documentElement;
        return { page: frame.title, width: root.clientWidth, content: root.scrollWidth,
          heading: page.querySelector('h1').textContent, fetched:
          frame.contentWindow.performance.getEntriesByType('resource').length, wide, clashes,
          outside, drawn: open.length, bars: bars.length, crossed, cut };
      }
      addEventListener('load', () => {
        const found = [...document.querySelectorAll('iframe')].map(look);
        document.body.innerHTML = '<pre></pre>';
        document.querySelector('pre').textContent =
          '@@' + btoa(unescape(encodeURIComponent(JSON.stringify(found)))) + '@@';
      });
      </script>
      """;

  @Test
  void everyPageOpensWithoutComplaintAndFitsAPhone() throws Exception {
    Optional<Path> browser = browser();
    assumeTrue(
        browser.isPresent(), "no chromium on the PATH: the pages are not opened in a browser");
    Path folder =
        Files.createTempDirectory(
            Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir"))), "browser");
    StringBuilder frames = new StringBuilder("<!DOCTYPE html><meta charset=utf-8><body>");
    List<String> pages = new ArrayList<>();
    for (Proof proof : HtmlReportTest.samples()) {
      pages.add(HtmlReportTest.page(proof));
    }
    int proofs = pages.size();
    for (StressReport report : new SampleSuites(folder.resolve("suites")).all()) {
      pages.add(StressHtmlTest.page(report));
    }
    for (int i = 0; i < pages.size(); i++) {
      Files.writeString(folder.resolve(i + ".html"), pages.get(i));
      for (int width : WIDTHS) {
        frames.append(
            "<iframe title='%d at %d' src='%d.html' style='border:0;width:%dpx;height:900px'>"
                    .formatted(i, width, i, width)
                + "</iframe>");
      }
    }
    Path measuring = Files.writeString(folder.resolve("measuring.html"), frames + MEASURE);
    JsonNode found = measured(browser.get(), folder, measuring);
    assertThat(found.values()).hasSize(pages.size() * WIDTHS.size());
    for (int at = 0; at < found.size(); at++) {
      JsonNode page = found.get(at);
      assertThat(page.path("heading").asString())
          .as("%s", page)
          .contains(at < proofs * WIDTHS.size() ? " Parallel: " : "raduated: ");
      assertThat(page.path("content").intValue())
          .as("%s", page)
          .isEqualTo(page.path("width").intValue());
      assertThat(page.path("wide")).as("wider than the page: %s", page).isEmpty();
      assertThat(page.path("clashes")).as("texts over one another: %s", page).isEmpty();
      assertThat(page.path("outside")).as("bars beside the page: %s", page).isEmpty();
      assertThat(2 * page.path("bars").intValue())
          .as("each attempt has a bar in one of two figures: %s", page)
          .isEqualTo(page.path("drawn").intValue());
      assertThat(page.path("crossed")).as("through labels: %s", page).isEmpty();
      assertThat(page.path("cut")).as("cut tables: %s", page).isEmpty();
      assertThat(page.path("fetched").intValue()).as("fetched by %s", page).isZero();
    }
  }

  private static JsonNode measured(Path browser, Path folder, Path page)
      throws IOException, InterruptedException {
    Path dom = folder.resolve("dom.txt");
    Path log = folder.resolve("log.txt");
    List<String> command = new ArrayList<>(List.of(browser.toString()));
    command.addAll(
        List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--enable-logging=stderr",
            "--allow-file-access-from-files",
            "--user-data-dir=" + folder.resolve("profile"),
            "--window-size=1200,900",
            "--dump-dom",
            page.toUri().toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(dom.toFile())
            .redirectError(log.toFile())
            .start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    String said = Files.readString(log);
    assertThat(ended).as("chromium did not end: %s", said).isTrue();
    assertThat(said.lines().filter(line -> line.contains("CONSOLE"))).as("console").isEmpty();
    String[] parts = Files.readString(dom).split("@@");
    assertThat(parts).as("%s", said).hasSize(3);
    return JsonMapper.shared().readTree(java.util.Base64.getDecoder().decode(parts[1]));
  }

  private static Optional<Path> browser() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .flatMap(
            folder -> Stream.of("chromium", "chromium-browser").map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
