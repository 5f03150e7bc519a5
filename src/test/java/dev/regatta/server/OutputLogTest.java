package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is held for readers, and what is given up. */
class OutputLogTest {
  private static final String KILOBYTE = "x".repeat(1_000);

  @TempDir Path folder;
  private long dropped;

  private OutputLog log(boolean kept, long cap) {
    return new OutputLog(kept, new Spill(folder, "log", cap));
  }

  private static void fill(OutputLog log, int from, int to) {
    for (int i = from; i <= to; i++) {
      log.outputs(i, List.of((KILOBYTE + i).getBytes(StandardCharsets.UTF_8)), false);
    }
  }

  private List<Long> readAll(OutputLog.Reader reader) {
    List<Long> sequences = new ArrayList<>();
    while (true) {
      OutputLog.Batch batch = reader.take(10_000);
      dropped += batch.dropped();
      batch
          .entries()
          .forEach(entry -> {
            assertThat(entry.text()).endsWith("x" + entry.sequence());
            sequences.add(entry.sequence());
          });
      if (!batch.more()) {
        return sequences;
      }
    }
  }

  private static List<Long> numbers(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void aReaderThatIsFarBehindGetsAllFromDiskAndMemory() throws IOException {
    try (OutputLog log = log(false, 100 << 20)) {
      OutputLog.Reader reader = log.reader(1, any -> {});
      fill(log, 1, 3_000);
      assertThat(files()).isNotEmpty();
      assertThat(readAll(reader)).isEqualTo(numbers(1, 3_000));
      fill(log, 3_001, 3_010);
      assertThat(readAll(reader)).isEqualTo(numbers(3_001, 3_010));
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void aReaderThatKeepsUpCausesNoFile() throws IOException {
    try (OutputLog log = log(false, 100 << 20)) {
      OutputLog.Reader reader = log.reader(1, any -> {});
      for (int i = 0; i < 100; i++) {
        fill(log, i * 50 + 1, i * 50 + 50);
        assertThat(readAll(reader)).hasSize(50);
      }
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void whoComesLaterFindsAllOfAKeptOneFromAnywhere() {
    try (OutputLog log = log(true, 100 << 20)) {
      fill(log, 1, 3_000);
      assertThat(log.firstSequence()).isEqualTo(1);
      for (long from : new long[] {1, 2, 1_234, 2_999, 3_000}) {
        assertThat(readAll(log.reader(from, any -> {}))).isEqualTo(numbers(from, 3_000));
      }
      assertThat(readAll(log.reader(3_001, any -> {}))).isEmpty();
      assertThat(dropped).isZero();
    }
  }

  @Test
  void whatIsOverTheCapIsDroppedOldestFirstAndCounted() throws IOException {
    try (OutputLog log = log(true, 400_000)) {
      OutputLog.Reader reader = log.reader(1, any -> {});
      fill(log, 1, 3_000);
      List<Long> read = readAll(reader);
      assertThat(dropped).isPositive().isEqualTo(3_000 - read.size());
      assertThat(read).isEqualTo(numbers(dropped + 1, 3_000));
      assertThat(log.firstSequence()).isEqualTo(dropped + 1);
      assertThat(log.droppedBytes()).isGreaterThan(dropped * 1_000);
      assertThat(log.bytesOnDisk()).isBetween(1L, 400_000L);
      long onDisk = files().stream().mapToLong(file -> file.toFile().length()).sum();
      assertThat(onDisk).isEqualTo(log.bytesOnDisk());
    }
  }

  @Test
  void aDiskThatTakesNothingCostsWhatDoesNotFitInMemoryAndNothingElse() throws IOException {
    Path gone = folder.resolve("gone");
    try (OutputLog log = new OutputLog(true, new Spill(gone, "log", 1 << 20))) {
      OutputLog.Reader reader = log.reader(1, any -> {});
      fill(log, 1, 1_000);
      List<Long> read = readAll(reader);
      assertThat(read).isNotEmpty().isEqualTo(numbers(1_001 - read.size(), 1_000));
      assertThat(dropped).isEqualTo(1_000 - read.size());
      assertThat(log.droppedBytes()).isPositive();
    }
  }

  @Test
  void theLastNotificationEndsAllReadersAndNothingFollowsIt() {
    try (OutputLog log = log(true, 1 << 20)) {
      OutputLog.Reader reader = log.reader(1, any -> {});
      log.outputs(1, List.of("x1".getBytes(StandardCharsets.UTF_8)), false);
      assertThat(reader.take(1_000).ended()).isFalse();
      log.end("the end");
      log.notice("late");
      OutputLog.Batch last = reader.take(1_000);
      assertThat(last.entries()).extracting(Entry::text).containsExactly("the end");
      assertThat(last.ended()).isTrue();
    }
  }
}
