package dev.regatta.server;

import dev.regatta.process.Channel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Makes the {@code process.output} messages of one execution, straight from what it printed: a tree
 * and strings in between took most of the time that a line took. Bytes that are no UTF-8 become
 * replacement characters; what must be escaped is escaped as Jackson does it.
 */
final class OutputMessages {
  private static final byte[] HEX = ascii("0123456789ABCDEF");

  /** How many bytes more than one a byte takes within a JSON string. */
  private static final byte[] MORE = new byte[256];

  /** The letter after the backslash, for those that have one. */
  private static final byte[] LETTER = new byte[256];

  static {
    for (int control = 0; control < 0x20; control++) {
      MORE[control] = 5;
    }
    String letters = "b\bt\tn\nf\fr\r\"\"\\\\";
    for (int i = 0; i < letters.length(); i += 2) {
      MORE[letters.charAt(i + 1)] = 1;
      LETTER[letters.charAt(i + 1)] = (byte) letters.charAt(i);
    }
  }

  private final byte[] output = head("stdout");
  private final byte[] error = head("stderr");
  private final byte[] end;

  OutputMessages(Optional<String> id, boolean rehearsal) {
    this.end =
        (id.map(name -> ",\"id\":" + Notices.JSON.writeValueAsString(name)).orElse("")
                + (rehearsal ? ",\"rehearsal\":true" : "")
                + "}}")
            .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] head(String type) {
    return ascii(
        "{\"jsonrpc\":\"2.0\",\"method\":\"process.output\",\"params\":{\"type\":\""
            + type
            + "\",\"data\":\"");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The message for a piece, which is the execution's output of that number. */
  byte[] of(Channel channel, OutputLines.Piece piece, long sequence) {
    byte[] head = channel == Channel.OUTPUT ? output : error;
    byte[] middle = ascii(middle(piece, sequence));
    byte[] text = piece.bytes();
    int from = piece.from();
    int to = piece.to();
    if (beyondAscii(text, from, to)) {
      text =
          new String(text, from, to - from, StandardCharsets.UTF_8)
              .getBytes(StandardCharsets.UTF_8);
      from = 0;
      to = text.length;
    }
    int more = more(text, from, to);
    byte[] message = new byte[head.length + to - from + more + middle.length + end.length];
    System.arraycopy(head, 0, message, 0, head.length);
    int at = escape(text, from, to, more, message, head.length);
    System.arraycopy(middle, 0, message, at, middle.length);
    System.arraycopy(end, 0, message, at + middle.length, end.length);
    return message;
  }

  private static String middle(OutputLines.Piece piece, long sequence) {
    String middle = "\",\"truncated\":" + piece.truncated() + ",\"sequence\":" + sequence;
    if (piece.part().isEmpty()) {
      return middle;
    }
    return middle
        + ",\"chunk_index\":"
        + piece.part().getAsInt()
        + ",\"total_chunks\":"
        + (piece.of().isPresent() ? Integer.toString(piece.of().getAsInt()) : "null");
  }

  private static boolean beyondAscii(byte[] text, int from, int to) {
    int all = 0;
    for (int i = from; i < to; i++) {
      all |= text[i];
    }
    return all < 0;
  }

  private static int more(byte[] text, int from, int to) {
    int more = 0;
    for (int i = from; i < to; i++) {
      more += MORE[text[i] & 0xff];
    }
    return more;
  }

  /** Gives where it ends. Most lines hold nothing to be escaped but their own end. */
  private static int escape(byte[] text, int from, int to, int more, byte[] into, int start) {
    boolean endsLine = to > from && text[to - 1] == '\n';
    int plain = more == 0 ? to - from : endsLine && more == 1 ? to - from - 1 : 0;
    System.arraycopy(text, from, into, start, plain);
    int at = start + plain;
    for (int i = from + plain; i < to; i++) {
      int value = text[i] & 0xff;
      if (MORE[value] == 0) {
        into[at++] = (byte) value;
      } else if (MORE[value] == 1) {
        into[at++] = '\\';
        into[at++] = LETTER[value];
      } else {
        into[at++] = '\\';
        into[at++] = 'u';
        into[at++] = '0';
        into[at++] = '0';
        into[at++] = HEX[value >> 4];
        into[at++] = HEX[value & 15];
      }
    }
    return at;
  }
}
