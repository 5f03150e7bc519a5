package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is written and read in whatever order, nobody misses anything without being told. */
class OutputLogPropertyTest {
  private static final int SEEDS = 40;
  private static final int STEPS = 80;

  @TempDir Path folder;
  private long written;

  /** One that reads, and looks whether it was told of all that it did not get. */
  private static final class Follower {
    private final OutputLog.Reader reader;
    private final long from;
    private long last;

    private Follower(OutputLog log, long from) {
      this.reader = log.reader(from, any -> {});
      this.from = from;
    }

    /** Gives whether there may be more. */
    private boolean take(int most) {
      OutputLog.Batch batch = reader.take(most);
      boolean gap = last == 0 || batch.dropped() > 0;
      for (Entry entry : batch.entries()) {
        assertThat(entry.text()).startsWith(entry.sequence() + "|");
        assertThat(entry.sequence()).isGreaterThanOrEqualTo(from).isGreaterThan(last);
        assertThat(gap || entry.sequence() == last + 1).isTrue();
        last = entry.sequence();
        gap = false;
      }
      return batch.more();
    }
  }

  @ParameterizedTest
  @CsvSource({"true,1073741824", "true,500000", "false,1073741824", "false,500000"})
  void everyReaderGetsAllInOrderOrIsToldOfTheGap(boolean kept, long cap) throws IOException {
    for (long seed = 1; seed <= SEEDS; seed++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      written = 0;
      try (OutputLog log = new OutputLog(kept, new Spill(folder, "log", cap))) {
        List<Follower> followers = new ArrayList<>(List.of(new Follower(log, 1)));
        for (int i = 0; i < STEPS; i++) {
          step(log, kept, random, followers);
        }
        for (Follower follower : followers) {
          while (follower.take(100_000)) {
            // until it has all
          }
          assertThat(follower.last)
              .as("seed %d", seed)
              .isEqualTo(follower.from > written ? 0 : written);
        }
        assertThat(cap < 1_000_000 || log.droppedBytes() == 0).isTrue();
      }
      try (var files = Files.list(folder)) {
        assertThat(files).as("seed %d", seed).isEmpty();
      }
    }
  }

  private void step(OutputLog log, boolean kept, RandomGenerator random, List<Follower> followers) {
    int which = random.nextInt(4);
    switch (random.nextInt(14)) {
      case 0 -> {
        if (kept) { // of others nothing is held for those who come later
          followers.add(new Follower(log, 1 + random.nextLong(written + 2)));
        }
      }
      case 1 -> {
        if (which > 0 && which < followers.size()) {
          followers.remove(which).reader.close();
        }
      }
      case 2, 3, 4, 5, 6, 7 -> {
        if (which < followers.size()) {
          followers.get(which).take(1 + random.nextInt(200_000));
        }
      }
      default -> write(log, random);
    }
  }

  private void write(OutputLog log, RandomGenerator random) {
    int count = 1 + random.nextInt(40);
    int size = 10 + random.nextInt(9_000);
    List<byte[]> messages = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      messages.add(((written + i) + "|" + "x".repeat(size)).getBytes(StandardCharsets.UTF_8));
    }
    log.outputs(written + 1, messages, random.nextBoolean());
    written += count;
  }
}
