package dev.regatta.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A demo with two quick tasks, whose run is in {@code out}. */
final class ShortDemo {
  private ShortDemo() {}

  static void in(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("quick.yaml"), ProofEndToEndTest.SLOW.replace("latency: 8", "latency: 0.3"));
    Cli.in(folder)
        .onlyPath(folder.resolve("no-programs"))
        .within("demo", "-P", "2", "--script", "quick.yaml", "--out", "out");
  }
}
