package dev.regatta.server;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a file that is asked for.
 *
 * @param from the first byte, from 0
 * @param length how many; 0 of an empty file
 * @param whole how many the file has
 * @param part whether not the whole was asked for
 */
record FileRange(long from, long length, long whole, boolean part) {
  private static final Pattern BYTES = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

  /**
   * What a Range header asks for (RFC 9110, 14.2); one in another unit, or with several parts, asks
   * for the whole.
   *
   * @return empty if none of it is there
   */
  static Optional<FileRange> of(Optional<String> header, long whole) {
    Matcher matcher = BYTES.matcher(header.orElse("").strip());
    if (!matcher.matches() || (matcher.group(1) + matcher.group(2)).isEmpty()) {
      return Optional.of(new FileRange(0, whole, whole, false));
    }
    long from;
    long to = whole - 1;
    if (matcher.group(1).isEmpty()) {
      from = Math.max(0, whole - Long.parseLong(matcher.group(2))); // the last so many
    } else {
      from = Long.parseLong(matcher.group(1));
      to = matcher.group(2).isEmpty() ? to : Math.min(to, Long.parseLong(matcher.group(2)));
    }
    return from >= whole || to < from
        ? Optional.empty()
        : Optional.of(new FileRange(from, to - from + 1, whole, true));
  }

  String contentRange() {
    return "bytes " + from + "-" + (from + length - 1) + "/" + whole;
  }
}
