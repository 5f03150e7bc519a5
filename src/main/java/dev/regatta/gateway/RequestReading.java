package dev.regatta.gateway;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.async.ByteBufferFeeder;
import tools.jackson.core.json.JsonFactory;

/**
 * Finds the model that a request names while its body passes by. The body may be megabytes of
 * conversation, so it is never held.
 */
final class RequestReading {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int LONGEST_NAME = 200;

  private final JsonParser parser =
      JSON.createNonBlockingByteBufferParser(ObjectReadContext.empty());
  private int depth;
  private boolean named;
  private boolean done;
  private @Nullable String model;

  /** Takes a piece; its position stays. */
  void accept(ByteBuffer piece) {
    if (done) {
      return;
    }
    try {
      ((ByteBufferFeeder) parser.nonBlockingInputFeeder()).feedInput(piece.slice());
      while (!done) {
        JsonToken token = parser.nextToken();
        if (token == null || token == JsonToken.NOT_AVAILABLE) {
          return;
        }
        read(token);
      }
    } catch (JacksonException e) {
      done = true; // the model API will say what it thinks of a body that isn't JSON
    }
  }

  private void read(JsonToken token) {
    switch (token) {
      case START_OBJECT, START_ARRAY -> depth++;
      case END_OBJECT, END_ARRAY -> depth--;
      case PROPERTY_NAME -> named = depth == 1 && "model".equals(parser.currentName());
      case VALUE_STRING -> {
        if (named && depth == 1) {
          String text = parser.getString();
          model = text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME);
          done = true;
        }
      }
      default -> {}
    }
  }

  /** The model, or null if none was named. */
  @Nullable String model() {
    return model;
  }
}
