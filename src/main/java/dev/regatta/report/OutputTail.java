package dev.regatta.report;

import dev.regatta.run.Visible;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * The end of a file with what a command printed.
 *
 * @param lines the last ones, each made fit to be shown and bounded
 * @param earlier whether there is more before them
 * @param missing why there is nothing to show, or empty
 */
record OutputTail(List<String> lines, boolean earlier, String missing) {
  private static final int READ = 64 << 10;
  private static final int LONGEST_LINE = 400;

  /**
   * Reads it.
   *
   * @param file which need not be there any more
   * @param most lines that are wanted
   */
  static OutputTail of(Path file, int most) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return new OutputTail(List.of(), false, "the file is not there any more");
    }
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long start = Math.max(0, channel.size() - READ);
      ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - start));
      channel.position(start);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
      String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
      List<String> lines = text.lines().toList();
      int first = Math.max(0, lines.size() - most);
      return new OutputTail(
          lines.subList(first, lines.size()).stream().map(OutputTail::shown).toList(),
          start > 0 || first > 0,
          "");
    } catch (IOException e) {
      return new OutputTail(List.of(), false, "it can't be read: " + e.getMessage());
    }
  }

  /** Its end: that of an endless line is the last that was said. */
  private static String shown(String line) {
    String shown = Visible.of(end(line, 4 * LONGEST_LINE));
    return shown.length() > LONGEST_LINE ? "…" + end(shown, LONGEST_LINE) : shown;
  }

  private static String end(String line, int length) {
    int start = Math.max(0, line.length() - length);
    boolean within = start > 0 && Character.isLowSurrogate(line.charAt(start));
    return line.substring(within ? start + 1 : start);
  }
}
