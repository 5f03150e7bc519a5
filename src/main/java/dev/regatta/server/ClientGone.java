package dev.regatta.server;

import java.io.IOException;

/**
 * The client reads or sends no more. It has a type of its own since a disk fails with the same
 * exceptions, and of that somebody must hear.
 */
final class ClientGone extends IOException {
  private static final long serialVersionUID = 1L;

  ClientGone(IOException cause) {
    super(cause);
  }
}
