package dev.regatta.gateway;

import dev.regatta.journal.Exchange;
import org.jspecify.annotations.Nullable;

/** What a response of the Gemini API says of its message. */
final class GeminiFacts implements MessageFacts {
  @Override
  public boolean isIn(String type) {
    return type.isEmpty(); // its events have no type
  }

  @Override
  public boolean isText(String type) {
    return false;
  }

  @Override
  public void read(byte[] bytes) {}

  @Override
  public Exchange.@Nullable Message message() {
    return null;
  }
}
