package dev.regatta.server;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * The server's rhythm.
 *
 * @param ping from one ping frame to the next
 * @param heartbeat from one {@code heartbeat} to the next: clients call ten seconds without a
 *     message a stall, and more frequent ones would hide it
 * @param grace from TERM to KILL
 * @param patience what a run may take to begin, and to end once it is asked to: a JVM starts in
 *     half a second, but on a machine that is very busy it was seen to take ten
 * @param idle what a client over HTTP may take to say or read something when that is waited for
 */
public record ServerTimes(
    Duration ping, Duration heartbeat, Duration grace, Duration patience, Duration idle) {
  /** 20, 30, 2, 60 and 30 seconds. */
  public static final ServerTimes USUAL =
      new ServerTimes(Duration.ofSeconds(20), Duration.ofSeconds(30), Duration.ofSeconds(2));

  /** The first three, and the others as usual. */
  public ServerTimes(Duration ping, Duration heartbeat, Duration grace) {
    this(ping, heartbeat, grace, Duration.ofSeconds(60), Duration.ofSeconds(30));
  }

  /** Checks that each is above zero. */
  public ServerTimes {
    if (!Stream.of(ping, heartbeat, grace, patience, idle).allMatch(Duration::isPositive)) {
      throw new IllegalArgumentException("a time of the server must be above 0");
    }
  }
}
