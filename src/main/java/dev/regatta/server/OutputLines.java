package dev.regatta.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Makes of one channel's bytes the pieces that clients get: a line with its end, or parts of a long
 * one. Of a line without end at most {@link #HELD_BYTES} are held.
 */
final class OutputLines {
  /** Lines longer than that are cut. */
  static final int LONGEST = 65_536;

  /** A line longer than that is sent on before its end is seen. */
  static final int HELD_BYTES = 1 << 20;

  private final Consumer<Piece> pieces;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream(0);
  private int sent;

  /**
   * What is sent at once. It must be read before more is fed: the bytes are not its own.
   *
   * @param bytes hold the text, with its line's end where that is in it; maybe no UTF-8
   * @param from where it begins in them
   * @param to where it ends
   * @param part which part of a cut line, from 0; empty for a whole line
   * @param of how many parts the line has; empty while that isn't known
   * @param truncated whether more of the line follows
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Piece(
      byte[] bytes, int from, int to, OptionalInt part, OptionalInt of, boolean truncated) {

    private static Piece whole(byte[] bytes, int from, int to) {
      return new Piece(bytes, from, to, OptionalInt.empty(), OptionalInt.empty(), false);
    }

    private static Piece part(String text, int part, OptionalInt of, boolean truncated) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return new Piece(bytes, 0, bytes.length, OptionalInt.of(part), of, truncated);
    }

    /** The text; bytes that are no UTF-8 are replacement characters in it. */
    String data() {
      return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
  }

  OutputLines(Consumer<Piece> pieces) {
    this.pieces = pieces;
  }

  /** Takes the next bytes. */
  void accept(byte[] bytes) {
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        if (held.size() == 0 && sent == 0 && i - start < LONGEST) {
          pieces.accept(Piece.whole(bytes, start, i + 1)); // as nearly all are
        } else {
          hold(bytes, start, i + 1);
          endLine();
        }
        start = i + 1;
      }
    }
    hold(bytes, start, bytes.length);
  }

  /** Bytes of a line that wait for its end. */
  int heldBytes() {
    return held.size();
  }

  /** Nothing more comes: what is held is the last line. */
  void finish() {
    if (held.size() > 0) {
      endLine();
    }
  }

  private void hold(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int count = Math.min(to - at, HELD_BYTES - held.size());
      held.write(bytes, at, count);
      at += count;
      if (held.size() == HELD_BYTES) {
        sendBeginning();
      }
    }
  }

  private void endLine() {
    if (sent == 0 && held.size() <= LONGEST) {
      byte[] line = held.toByteArray();
      held.reset();
      pieces.accept(Piece.whole(line, 0, line.length));
      return;
    }
    List<String> parts = cut(held.toString(StandardCharsets.UTF_8));
    held.reset();
    int all = sent + parts.size();
    if (all == 1) {
      byte[] line = parts.getFirst().getBytes(StandardCharsets.UTF_8);
      pieces.accept(Piece.whole(line, 0, line.length));
    } else {
      for (String part : parts) {
        sent++;
        pieces.accept(Piece.part(part, sent - 1, OptionalInt.of(all), sent < all));
      }
    }
    sent = 0;
  }

  /** All parts but the last go out: something must be left that can be called the end. */
  private void sendBeginning() {
    byte[] bytes = held.toByteArray();
    int whole = wholeCharacters(bytes);
    List<String> parts = cut(new String(bytes, 0, whole, StandardCharsets.UTF_8));
    held.reset();
    for (String part : parts.subList(0, parts.size() - 1)) {
      pieces.accept(Piece.part(part, sent, OptionalInt.empty(), true));
      sent++;
    }
    held.writeBytes(parts.getLast().getBytes(StandardCharsets.UTF_8));
    held.write(bytes, whole, bytes.length - whole);
  }

  /** How many bytes there are before a character whose end is still to come. */
  private static int wholeCharacters(byte[] bytes) {
    int least = Math.max(0, bytes.length - 4);
    for (int i = bytes.length - 1; i >= least; i--) {
      int value = bytes[i] & 0xff;
      if (value < 0x80) {
        return bytes.length;
      }
      if (value >= 0xc0) {
        int length = value >= 0xf0 ? 4 : value >= 0xe0 ? 3 : 2;
        return i + length > bytes.length ? i : bytes.length;
      }
    }
    return bytes.length; // four bytes that continue nothing are no UTF-8
  }

  private static List<String> cut(String text) {
    List<String> parts = new ArrayList<>(text.length() / LONGEST + 1);
    int start = 0;
    while (text.length() - start > LONGEST) {
      int end = start + LONGEST;
      if (Character.isHighSurrogate(text.charAt(end - 1))) {
        end--; // the two halves of one character stay together
      }
      parts.add(text.substring(start, end));
      start = end;
    }
    parts.add(text.substring(start));
    return parts;
  }
}
