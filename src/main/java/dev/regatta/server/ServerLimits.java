package dev.regatta.server;

/**
 * What the server bounds.
 *
 * @param sessions connections at a time
 * @param running processes at a time
 * @param messageBytes of one message of a client
 * @param spillBytes of one execution's output that wait on disk
 * @param runningEach processes at a time that one connection started
 * @param messagesPerSecond of one connection, for long
 * @param messagesAtOnce of one connection, after it was quiet
 * @param runs at a time that were started over HTTP, each a process that has many itself
 */
public record ServerLimits(
    int sessions,
    int running,
    int messageBytes,
    long spillBytes,
    int runningEach,
    int messagesPerSecond,
    int messagesAtOnce,
    int runs) {
  /**
   * 100 connections, 2,000 processes and 1,500 of one connection, 10 MiB a message, 1 GiB on disk,
   * 1,000 messages a second and 20,000 at once, 20 runs.
   */
  public static final ServerLimits USUAL =
      new ServerLimits(100, 2_000, 10 << 20, 1L << 30, 1_500, 1_000, 20_000, 20);

  /** The first four, and the others as usual. */
  public ServerLimits(int sessions, int running, int messageBytes, long spillBytes) {
    this(sessions, running, messageBytes, spillBytes, 1_500, 1_000, 20_000, 20);
  }

  /** Checks that each is above zero. */
  public ServerLimits {
    if (sessions < 1
        || running < 1
        || messageBytes < 1
        || spillBytes < 1
        || runningEach < 1
        || messagesPerSecond < 1
        || messagesAtOnce < 1
        || runs < 1) {
      throw new IllegalArgumentException("a limit of the server must be above 0");
    }
  }
}
