package dev.regatta.report;

import dev.regatta.run.Visible;
import dev.regatta.stress.Ending;
import dev.regatta.stress.SuiteResult;
import dev.regatta.stress.TaskResult;
import dev.regatta.stress.TaskStatus;
import dev.regatta.stress.TryResult;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * What came of a stress suite as JUnit XML, for the programs that collect test results. It holds
 * what the forms of Maven Surefire and of Jenkins both allow: one {@code testsuite} as the root, a
 * {@code testcase} a task, {@code failure} or {@code skipped} in it, and the end of the output.
 */
public final class StressJunit {
  private static final int TAIL = 40;
  private static final int LONGEST = 500;

  private final StressReport report;
  private final SuiteResult suite;
  private final XMLStreamWriter xml;

  private StressJunit(StressReport report, XMLStreamWriter xml) {
    this.report = report;
    this.suite = report.result();
    this.xml = xml;
  }

  /**
   * Writes the report in UTF-8; the stream stays open.
   *
   * @throws XMLStreamException if the stream fails
   */
  public static void write(StressReport report, OutputStream out) throws XMLStreamException {
    XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out, "UTF-8");
    new StressJunit(report, xml).write();
    xml.flush();
  }

  private void write() throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    newLine("");
    xml.writeStartElement("testsuite");
    attribute("name", suite.suite());
    attribute("tests", Integer.toString(suite.tasks().size()));
    attribute("failures", Long.toString(report.failures()));
    attribute("errors", "0");
    attribute("skipped", Long.toString(report.skipped() + report.notTried()));
    attribute("time", seconds(suite.duration()));
    properties();
    for (TaskResult task : suite.tasks()) {
      task(task);
    }
    newLine("");
    xml.writeEndElement();
    xml.writeEndDocument();
    newLine("");
  }

  private void properties() throws XMLStreamException {
    newLine("  ");
    xml.writeStartElement("properties");
    Map<String, String> properties = new TreeMap<>();
    properties.put("regatta.run", suite.run());
    properties.put("regatta.rehearsal", Boolean.toString(report.rehearsal()));
    properties.put("regatta.started", suite.started().toString());
    properties.put("regatta.partial", Boolean.toString(suite.partial()));
    properties.put("regatta.ratio", suite.ratio().text());
    properties.put("regatta.graduated", Boolean.toString(suite.graduated()));
    for (Map.Entry<String, String> property : properties.entrySet()) {
      newLine("    ");
      xml.writeEmptyElement("property");
      attribute("name", property.getKey());
      attribute("value", property.getValue());
    }
    newLine("  ");
    xml.writeEndElement();
  }

  private void task(TaskResult result) throws XMLStreamException {
    newLine("  ");
    xml.writeStartElement("testcase");
    attribute("name", result.task().id());
    attribute("classname", suite.suite() + "." + result.task().category());
    attribute("time", seconds(result.duration()));
    switch (result.status()) {
      case TaskStatus.Passed _ -> {
        // nothing to say
      }
      case TaskStatus.Failed(String reason) -> failure(result, reason);
      case TaskStatus.Skipped(String reason) -> skipped(reason);
      case TaskStatus.NotTried(String reason) -> skipped(reason);
    }
    output(result);
    newLine("  ");
    xml.writeEndElement();
  }

  private void skipped(String reason) throws XMLStreamException {
    newLine("    ");
    xml.writeEmptyElement("skipped");
    attribute("message", reason);
  }

  private void failure(TaskResult result, String reason) throws XMLStreamException {
    newLine("    ");
    xml.writeStartElement("failure");
    attribute("type", failed(result).map(it -> type(it.ending())).orElse("failed"));
    attribute("message", reason);
    StringBuilder text = new StringBuilder(text(reason)).append('\n');
    failed(result)
        .ifPresent(it ->
            it.judgement()
                .sightings()
                .forEach(sighting ->
                    text.append(sighting.found() ? "found in line " : "not found")
                        .append(
                            sighting.found() ? Integer.toString(sighting.line().orElseThrow()) : "")
                        .append(": ")
                        .append(text(sighting.pattern()))
                        .append(
                            sighting.detail().isEmpty() ? "" : " (" + text(sighting.detail()) + ")")
                        .append('\n')));
    text.append("by itself: ").append(lines(TaskAnalysis.alone(suite, result.task()))).append('\n');
    xml.writeCharacters(text.toString());
    xml.writeEndElement();
  }

  /** What a task must do and did not is no ending: then it is called by what was judged. */
  private static String type(Ending ending) {
    return ending instanceof Ending.Exited(int code) && code == 0
        ? "verification-failed"
        : ending.word();
  }

  private static Optional<TryResult> failed(TaskResult result) {
    return result.last().stream().filter(it -> !it.judgement().passed()).findFirst();
  }

  /** The end of what it printed: what it all was is in its file. */
  private void output(TaskResult result) throws XMLStreamException {
    Optional<TryResult> shown = failed(result).or(() -> result.last().stream().findFirst());
    if (shown.isEmpty() || shown.get().output().isEmpty()) {
      return;
    }
    OutputTail tail = OutputTail.of(TaskAnalysis.output(suite, shown.get()).orElseThrow(), TAIL);
    List<String> lines = tail.lines().stream().map(StressJunit::valid).toList();
    newLine("    ");
    xml.writeStartElement("system-out");
    xml.writeCharacters(
        (tail.earlier() ? "…\n" : "")
            + (tail.missing().isEmpty() ? String.join("\n", lines) : tail.missing())
            + "\n");
    xml.writeEndElement();
  }

  private void attribute(String name, String value) throws XMLStreamException {
    xml.writeAttribute(name, text(value));
  }

  private static String text(String text) {
    return valid(Visible.line(text, LONGEST));
  }

  private static String lines(String text) {
    return valid(String.join("\n", text.lines().map(Visible::of).toList()));
  }

  /** Control characters are written out by now; these few XML 1.0 can't hold either. */
  private static String valid(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point ->
            out.appendCodePoint((point & 0xFFFE) == 0xFFFE && point < 0x10000 ? 0xFFFD : point));
    return out.toString();
  }

  private void newLine(String indent) throws XMLStreamException {
    xml.writeCharacters("\n" + indent);
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.3f", time.toNanos() / 1e9);
  }
}
