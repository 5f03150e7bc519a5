package dev.regatta.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/journal.md says of each event what is in it, no more and no less. */
class JournalDocumentTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| (.+) \\|$");

  @TempDir Path folder;
  private final String page = Files.readString(Path.of("docs/journal.md"));

  JournalDocumentTest() throws IOException {}

  @Test
  void everyEventHasASectionWithExactlyItsFields() {
    for (Map.Entry<String, Class<?>> kind : RandomEvents.kinds().entrySet()) {
      assertThat(fields(section("### `" + kind.getKey() + "`")))
          .as(kind.getKey())
          .isEqualTo(components(kind.getValue()));
    }
    assertThat(page.split("\n### ", -1)).hasSize(RandomEvents.kinds().size() + 1);
  }

  @Test
  void aFieldThatMayBeMissingIsSaidToBe() {
    for (Map.Entry<String, Class<?>> kind : RandomEvents.kinds().entrySet()) {
      Matcher rows = ROW.matcher(section("### `" + kind.getKey() + "`"));
      List<String> optional = new ArrayList<>();
      while (rows.find()) {
        if (rows.group(2).endsWith("(may be missing)")) {
          optional.add(rows.group(1));
        }
      }
      assertThat(optional)
          .as(kind.getKey())
          .isEqualTo(
              Arrays.stream(kind.getValue().getRecordComponents())
                  .filter(it -> it.getAnnotatedType().isAnnotationPresent(Nullable.class))
                  .map(RecordComponent::getName)
                  .toList());
    }
  }

  @Test
  void theFieldsOfWhatEventsHoldAndOfALineAreAllThere() throws IOException {
    assertThat(fields(section("## What agents claim"))).isEqualTo(components(Claims.class));
    assertThat(fields(section("## An exchange"))).isEqualTo(components(Exchange.class));
    assertThat(fields(section("## A transcript"))).isEqualTo(components(Transcript.class));
    Path file = folder.resolve("journal.jsonl");
    Journals.lines(file, 1);
    assertThat(fields(section("## A line")))
        .isEqualTo(List.copyOf(Lines.tree(Files.readString(file)).propertyNames()));
  }

  @Test
  void theJqCommandsWork() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/jq")));
    Journals.write(folder.resolve("journal.jsonl"), ShortRun.EVENTS);
    List<String> printed = new ArrayList<>();
    Matcher commands = Pattern.compile("(?s)```sh\n(jq .+?)\n```").matcher(page);
    while (commands.find()) {
      Process jq =
          new ProcessBuilder("/bin/sh", "-c", commands.group(1))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      printed.add(new String(jq.getInputStream().readAllBytes(), "UTF-8"));
      assertThat(jq.waitFor()).as(printed.getLast()).isZero();
    }
    assertThat(printed).hasSize(4);
    assertThat(printed.get(0)).contains("2\t2026-11-21T10:14:02.502+01:00\tattempt-ended");
    assertThat(printed.get(1)).isEqualTo("1.1\tsucceeded\t2.5\n");
    assertThat(printed.get(2)).contains("\"TOKEN1\"").contains("0.25");
    assertThat(printed.get(3)).isEqualTo("the load is high\n");
  }

  private String section(String heading) {
    int start = page.indexOf("\n" + heading + "\n");
    assertThat(start).as("the page has " + heading).isNotNegative();
    int end = page.indexOf("\n## ", start + 1);
    int next = heading.startsWith("###") ? page.indexOf("\n### ", start + 1) : -1;
    int stop = Math.min(end < 0 ? page.length() : end, next < 0 ? page.length() : next);
    return page.substring(start, stop);
  }

  private static List<String> fields(String section) {
    return ROW.matcher(section).results().map(row -> row.group(1)).toList();
  }

  private static List<String> components(Class<?> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  /** One attempt that went well, and a warning. */
  private static final class ShortRun {
    static final List<Event> EVENTS =
        List.of(
            new Event.AttemptStarted(
                "1.1",
                "1",
                null,
                null,
                1,
                "claude",
                "TOKEN1",
                null,
                null,
                null,
                null,
                7,
                0,
                500_000_000,
                1),
            new Event.AttemptEnded(
                "1.1",
                Outcome.SUCCEEDED,
                "",
                0,
                null,
                null,
                null,
                null,
                3_000_000_000L,
                null,
                null,
                0,
                0,
                false,
                new Claims(
                    null, null, null, 0.25, null, null, null, null, null, null, null, null, null,
                    null, null, null, null, null),
                0,
                0),
            new Event.Noted("warning", "the load is high"));
  }
}
