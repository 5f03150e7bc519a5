package dev.regatta.gateway;

import dev.regatta.credential.Credential;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.jetty.client.ByteBufferRequestContent;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * A request that can be asked again, because its whole body is kept until it is answered.
 *
 * <p>Only one whose length is told in its head, and is within a bound, is kept: agents send some 75
 * kB to begin with and a megabyte in long conversations. What is larger goes through piece by piece
 * and can't be asked again.
 */
final class Replay {
  /** The longest body that is kept. Bytes. */
  static final int MOST_BYTES = 4 << 20;

  private static final String ATTRIBUTE = Replay.class.getName();

  private final byte[] body;
  private final String contentType;
  private final Set<Credential> refused = new HashSet<>();

  private Replay(byte[] body, String contentType) {
    this.body = body;
    this.contentType = contentType;
  }

  /** Whether a request is short enough to be kept. */
  static boolean fits(Request request) {
    return request.getLength() >= 0 && request.getLength() <= MOST_BYTES;
  }

  /**
   * Reads a request's body whole and keeps it with the request.
   *
   * @throws UncheckedIOException if the agent went away meanwhile
   */
  static Replay keep(Request request) {
    try {
      byte[] body =
          Content.Source.asInputStream(request).readNBytes(Math.toIntExact(request.getLength()));
      String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
      Replay replay = new Replay(body, type == null ? "application/json" : type);
      request.setAttribute(ATTRIBUTE, replay);
      return replay;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was kept with a request; null if nothing was. */
  static @Nullable Replay of(Request request) {
    return (Replay) request.getAttribute(ATTRIBUTE);
  }

  /** Its body, to be sent once. */
  org.eclipse.jetty.client.Request.Content content(ExchangeWitness witness) {
    ByteBuffer bytes = ByteBuffer.wrap(body).asReadOnlyBuffer();
    witness.asked(bytes);
    return new ByteBufferRequestContent(contentType, bytes);
  }

  /** With what it was asked and refused, that one included. */
  Set<Credential> refused(Credential credential) {
    refused.add(credential);
    return Set.copyOf(refused);
  }
}
