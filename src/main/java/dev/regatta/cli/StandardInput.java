package dev.regatta.cli;

import dev.regatta.run.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Standard input for somebody who must be able to stop waiting: a read of it cannot be interrupted,
 * so a thread of its own reads ahead a little, and nobody waits for that thread.
 */
final class StandardInput extends InputStream {
  private static final int CHUNK = 1 << 16;
  private static final int CHUNKS_AHEAD = 16;

  private sealed interface Piece {
    record Bytes(byte[] bytes) implements Piece {}

    record End() implements Piece {}

    record GivenUp() implements Piece {}

    record Failed(IOException why) implements Piece {}
  }

  private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(CHUNKS_AHEAD);
  private final Cancellation.Registration registration;
  private final Cancellation cancellation;
  private byte[] current = new byte[0];
  private int position;
  private boolean ended;
  private boolean givenUp;

  StandardInput(InputStream stream, Cancellation cancellation) {
    this.cancellation = cancellation;
    // A full queue holds bytes, so who waits for it is not waiting; an empty one takes this.
    this.registration = cancellation.onRequest(() -> pieces.offer(new Piece.GivenUp()));
    Thread.ofPlatform().daemon().name("regatta-input").start(() -> readAhead(stream));
  }

  /** Waits with each piece, the last one too, until there is room: none may be lost. */
  private void readAhead(InputStream stream) {
    try {
      Piece piece;
      do {
        piece = read(stream);
        pieces.put(piece);
      } while (piece instanceof Piece.Bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Piece read(InputStream stream) {
    byte[] chunk = new byte[CHUNK];
    try {
      int count = stream.read(chunk);
      return count < 0 ? new Piece.End() : new Piece.Bytes(Arrays.copyOf(chunk, count));
    } catch (IOException e) {
      return new Piece.Failed(e);
    }
  }

  /** Whether all of it was read; also when only its end was left and the run was stopped. */
  boolean atEnd() {
    return !givenUp && position == current.length && (ended || pieces.peek() instanceof Piece.End);
  }

  @Override
  public int read() throws IOException {
    return fill() ? current[position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, current.length - position);
    System.arraycopy(current, position, bytes, offset, count);
    position += count;
    return count;
  }

  /** Waits for bytes; false at the end. */
  private boolean fill() throws IOException {
    while (position == current.length) {
      if (cancellation.requested() && !atEnd()) {
        givenUp = true;
      }
      if (ended || givenUp) {
        return false;
      }
      switch (take()) {
        case Piece.Bytes read -> {
          current = read.bytes();
          position = 0;
        }
        case Piece.End ignored -> ended = true;
        case Piece.GivenUp ignored -> givenUp = true;
        case Piece.Failed failed -> throw failed.why();
      }
    }
    return true;
  }

  private Piece take() throws IOException {
    try {
      return pieces.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    registration.close();
  }
}
