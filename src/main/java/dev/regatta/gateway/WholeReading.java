package dev.regatta.gateway;

import dev.regatta.journal.Exchange;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A response that is one JSON text. Beyond a bound it is let through unread. */
final class WholeReading implements AnswerReading {
  private static final int MOST_BYTES = 4 << 20;

  private final ByteArrayOutputStream body = new ByteArrayOutputStream(1024);
  private final MessageFacts facts;
  private final Optional<ChallengeSearch> search;
  private boolean tooLong;

  WholeReading(MessageFacts facts, Optional<ChallengeSearch> search) {
    this.facts = facts;
    this.search = search;
  }

  @Override
  public void accept(ByteBuffer piece, long nanos) {
    if (tooLong || body.size() + piece.remaining() > MOST_BYTES) {
      tooLong = true;
      body.reset();
      return;
    }
    byte[] bytes = new byte[piece.remaining()];
    piece.slice().get(bytes);
    body.writeBytes(bytes);
  }

  @Override
  public Exchange.@Nullable Message message() {
    JsonNode json = JsonFacts.tree(body.toByteArray());
    facts.read(json);
    search.ifPresent(looking -> looking.read(json));
    return facts.message();
  }

  @Override
  public boolean readable() {
    return !tooLong;
  }

  @Override
  public Exchange.@Nullable Events events() {
    return null;
  }

  /** Not known: the tokens came all at once, at the end. */
  @Override
  public @Nullable Long firstTokenNanos() {
    return null;
  }
}
