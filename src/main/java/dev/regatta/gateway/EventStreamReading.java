package dev.regatta.gateway;

import dev.regatta.journal.Exchange;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A response in server-sent events, read line by line while it passes by. Only the few events that
 * tell something of the message are held, each up to a bound; of the others nothing but the time.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
final class EventStreamReading implements AnswerReading {
  private static final int LONGEST_LINE = 4 << 20;
  private static final int LONGEST_UNHELD = 64;
  private static final long LONGEST_GAP_MICROS = 3_600_000_000L;

  private final MessageFacts facts;
  private final Optional<ChallengeSearch> search;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);
  private final ByteArrayOutputStream data = new ByteArrayOutputStream(0);
  // Two digits over an hour in microseconds: at most 14 KiB, and it starts with less.
  private final IntCountsHistogram gaps = new IntCountsHistogram(2);

  private String type = "";
  private boolean holding;
  private boolean started;
  private boolean afterReturn;
  private long count;
  private long tokenEvents;
  private @Nullable Long firstNanos;
  private @Nullable Long lastNanos;
  private long lastTokenNanos;
  private @Nullable Long firstTokenNanos;

  EventStreamReading(MessageFacts facts, Optional<ChallengeSearch> search) {
    this.facts = facts;
    this.search = search;
    typed("");
  }

  @Override
  public void accept(ByteBuffer piece, long nanos) {
    for (int i = piece.position(); i < piece.limit(); i++) {
      byte value = piece.get(i);
      boolean second = afterReturn && value == '\n';
      afterReturn = value == '\r';
      if (second) {
        continue; // the second half of a line end of two characters
      }
      if (value == '\n' || value == '\r') {
        lineEnds(nanos);
      } else if (line.size() < (holding ? LONGEST_LINE : LONGEST_UNHELD)) {
        line.write(value);
      }
    }
  }

  /** Whether an event's data is worth holding is asked once, and not at each of its bytes. */
  private void typed(String name) {
    type = name;
    holding =
        facts.isIn(type) || (facts.isText(type) && search.isPresent() && !search.get().found());
  }

  private void lineEnds(long nanos) {
    if (line.size() == 0) {
      eventEnds(nanos);
      return;
    }
    byte[] bytes = line.toByteArray();
    line.reset();
    int colon = 0;
    while (colon < bytes.length && bytes[colon] != ':') {
      colon++;
    }
    if (colon == 0) {
      return; // a comment
    }
    started = true;
    int value = colon + 1 < bytes.length && bytes[colon + 1] == ' ' ? colon + 2 : colon + 1;
    String field = new String(bytes, 0, colon, StandardCharsets.UTF_8);
    if (field.equals("event")) {
      int length = Math.max(0, bytes.length - value);
      typed(new String(bytes, Math.min(value, bytes.length), length, StandardCharsets.UTF_8));
    } else if (field.equals("data") && holding && value < bytes.length) {
      hold(bytes, value);
    }
  }

  private void hold(byte[] bytes, int from) {
    if (data.size() > LONGEST_LINE) {
      return;
    }
    if (data.size() > 0) {
      data.write('\n');
    }
    data.write(bytes, from, bytes.length - from);
  }

  private void eventEnds(long nanos) {
    if (!started) {
      return;
    }
    if (count++ == 0) {
      firstNanos = nanos;
    }
    lastNanos = nanos;
    if (data.size() > 0) {
      JsonNode json = JsonFacts.tree(data.toByteArray());
      data.reset();
      if (facts.isIn(type)) {
        facts.read(json);
      }
      search.ifPresent(looking -> looking.read(json));
    }
    if (facts.isText(type)) {
      tokens(nanos);
    }
    typed("");
    started = false;
  }

  private void tokens(long nanos) {
    if (tokenEvents++ == 0) {
      firstTokenNanos = nanos;
    } else {
      long gap = Math.max(0, nanos - lastTokenNanos) / 1000;
      gaps.recordValue(Math.min(gap, LONGEST_GAP_MICROS));
    }
    lastTokenNanos = nanos;
  }

  @Override
  public Exchange.@Nullable Message message() {
    return facts.message();
  }

  @Override
  public boolean readable() {
    return true;
  }

  @Override
  public Exchange.Events events() {
    return new Exchange.Events(count, tokenEvents, firstNanos, lastNanos, encodedGaps());
  }

  private @Nullable String encodedGaps() {
    if (tokenEvents < 2) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.allocate(gaps.getNeededByteBufferCapacity());
    int length = gaps.encodeIntoCompressedByteBuffer(buffer);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
  }

  @Override
  public @Nullable Long firstTokenNanos() {
    return firstTokenNanos;
  }
}
