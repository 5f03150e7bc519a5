package dev.regatta.server;

/**
 * What the server bounds.
 *
 * @param sessions connections at a time
 * @param running processes at a time
 * @param messageBytes of one message of a client
 * @param spillBytes of one execution's output that wait on disk
 */
public record ServerLimits(int sessions, int running, int messageBytes, long spillBytes) {
  /** 100 connections, 2,000 processes, 10 MiB a message, 1 GiB on disk. */
  public static final ServerLimits USUAL = new ServerLimits(100, 2_000, 10 << 20, 1L << 30);

  /** Checks that each is above zero. */
  public ServerLimits {
    if (sessions < 1 || running < 1 || messageBytes < 1 || spillBytes < 1) {
      throw new IllegalArgumentException("a limit of the server must be above 0");
    }
  }
}
