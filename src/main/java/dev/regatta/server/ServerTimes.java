package dev.regatta.server;

import java.time.Duration;

/**
 * The server's rhythm.
 *
 * @param ping from one ping frame to the next
 * @param heartbeat from one {@code heartbeat} to the next: clients call ten seconds without a
 *     message a stall, and more frequent ones would hide it
 * @param grace from TERM to KILL
 */
public record ServerTimes(Duration ping, Duration heartbeat, Duration grace) {
  /** 20, 30 and 2 seconds. */
  public static final ServerTimes USUAL =
      new ServerTimes(Duration.ofSeconds(20), Duration.ofSeconds(30), Duration.ofSeconds(2));

  /** Checks that each is above zero. */
  public ServerTimes {
    if (!ping.isPositive() || !heartbeat.isPositive() || !grace.isPositive()) {
      throw new IllegalArgumentException("a time of the server must be above 0");
    }
  }
}
