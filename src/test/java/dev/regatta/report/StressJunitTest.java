package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.stress.TaskResult;
import dev.regatta.stress.TaskStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class StressJunitTest {
  private static final Schema SCHEMA = schema();

  @TempDir Path folder;
  private SampleSuites samples;

  @BeforeEach
  void make() {
    samples = new SampleSuites(folder);
  }

  private static Schema schema() {
    try {
      return SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
          .newSchema(StressJunitTest.class.getResource("junit.xsd"));
    } catch (org.xml.sax.SAXException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] written(StressReport report) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StressJunit.write(report, out);
    return out.toByteArray();
  }

  /** The root, once the whole is known to be as the schema says. */
  private static Element parsed(StressReport report) throws Exception {
    byte[] xml = written(report);
    SCHEMA.newValidator().validate(new StreamSource(new ByteArrayInputStream(xml)));
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml))
        .getDocumentElement();
  }

  private static List<Element> elements(Element root, String name) {
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < root.getElementsByTagName(name).getLength(); i++) {
      elements.add((Element) root.getElementsByTagName(name).item(i));
    }
    return elements;
  }

  @Test
  void everyKindOfReportIsOfTheFormThatConsumersRead() throws Exception {
    for (StressReport report : samples.all()) {
      Element suite = parsed(report);
      assertThat(elements(suite, "testcase")).hasSize(report.result().tasks().size());
      assertThat(suite.getAttribute("failures")).isEqualTo("" + elements(suite, "failure").size());
      assertThat(suite.getAttribute("skipped")).isEqualTo("" + elements(suite, "skipped").size());
    }
  }

  @Test
  void tasksAreTestCasesAndWhatWasNotTriedIsSkipped() throws Exception {
    Element suite = parsed(samples.failures());
    assertThat(suite.getAttribute("name")).isEqualTo("SMALL");
    assertThat(suite.getAttribute("tests")).isEqualTo("27");
    assertThat(suite.getAttribute("failures")).isEqualTo("2");
    assertThat(suite.getAttribute("skipped")).isEqualTo("2");
    assertThat(suite.getAttribute("time")).as("seconds").isEqualTo("12.000");
    Element first = elements(suite, "testcase").getFirst();
    assertThat(first.getAttribute("name")).isEqualTo("task_1");
    assertThat(first.getAttribute("classname")).isEqualTo("SMALL.simple");
    assertThat(first.getAttribute("time")).isEqualTo("1.200");
    assertThat(elements(suite, "skipped"))
        .extracting(skipped -> skipped.getAttribute("message"))
        .containsExactly("--skip left_out", "interrupted");
  }

  @Test
  void aFailureSaysWhyWhichPatternsAreMissingAndHowToRunItAgain() throws Exception {
    Element failure = elements(parsed(samples.failures()), "failure").getFirst();
    assertThat(failure.getAttribute("type")).isEqualTo("verification-failed");
    assertThat(failure.getAttribute("message"))
        .isEqualTo("1 of 2 patterns found, all needed; not 'Rome' (it's spelt so) (try 2 of 4)");
    assertThat(failure.getTextContent().lines().toList())
        .contains("found in line 3: 'Paris'", "not found: 'Rome' (it's spelt so)")
        .endsWith("by itself: regatta stress 'my suites/suite.json' --only capitals");
    assertThat(elements(parsed(samples.hostile()), "failure").getFirst().getAttribute("type"))
        .isEqualTo("lost");
    assertThat(elements(parsed(samples.instances()), "failure").getFirst().getAttribute("type"))
        .isEqualTo("stalled");
  }

  @Test
  void theOutputIsItsEnd() throws Exception {
    Element output =
        elements(parsed(samples.failures()), "system-out").stream()
            .filter(it -> it.getTextContent().contains("tests passed"))
            .findFirst()
            .orElseThrow();
    assertThat(output.getTextContent()).startsWith("begin\n").endsWith("The tests passed.\n");
    assertThat(written(samples.hostile()).length).as("of a megabyte").isLessThan(20_000);
  }

  @Test
  void aRehearsalIsAPropertyOfTheSuite() throws Exception {
    assertThat(property(samples.rehearsal(), "regatta.rehearsal")).isEqualTo("true");
    assertThat(property(samples.green(), "regatta.rehearsal")).isEqualTo("false");
    assertThat(property(samples.failures(), "regatta.ratio")).isEqualTo("23:2 = 11.5:1");
    assertThat(property(samples.partial(), "regatta.partial")).isEqualTo("true");
    assertThat(property(samples.partial(), "regatta.graduated")).isEqualTo("false");
  }

  private static String property(StressReport report, String name) throws Exception {
    return elements(parsed(report), "property").stream()
        .filter(it -> it.getAttribute("name").equals(name))
        .findFirst()
        .orElseThrow()
        .getAttribute("value");
  }

  @Test
  void whateverCharactersCommandsPrintTheFileIsXmlAndTheRestIsKept() throws Exception {
    for (long seed = 0; seed < 300; seed++) {
      String text = anyCharacters(new Random(seed));
      Path output = folder.resolve("attempts/any.1.out");
      TaskResult passed = samples.passed("any", 1);
      Files.writeString(output, "before\n" + text + "\nafter\n");
      TaskResult failed =
          new TaskResult(
              passed.task(), new TaskStatus.Failed(text), passed.instances(), passed.best());
      Element suite = parsed(new StressReport(samples.suite(List.of(failed)), List.of()));
      assertThat(elements(suite, "system-out").getFirst().getTextContent())
          .as("seed %d", seed)
          .contains("before\n")
          .endsWith("\nafter\n");
      String letters = text.replaceAll("[^a-z<&>\"']", "");
      assertThat(elements(suite, "failure").getFirst().getAttribute("message"))
          .as("seed %d", seed)
          .contains(letters.substring(0, Math.min(1, letters.length())));
    }
  }

  private static String anyCharacters(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(60); i >= 0; i--) {
      int point =
          switch (random.nextInt(6)) {
            case 0 -> random.nextInt(0x20);
            case 1 -> "<>&\"']]>".charAt(random.nextInt(8));
            case 2 -> 0xFFF0 + random.nextInt(0x10);
            case 3 -> random.nextInt(0x110000);
            default -> 'a' + random.nextInt(26);
          };
      text.appendCodePoint(Character.isSurrogate((char) point) && point < 0x10000 ? '-' : point);
    }
    return text.toString();
  }
}
