package dev.regatta.server;

import dev.regatta.secret.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a browser comes in, which can't send the token by itself: by a link that works once and not
 * for long, and then by a cookie. Neither says anything of the token, and both end with the server.
 */
final class BrowserSessions {
  /** A link that lies about in a terminal is soon worth nothing. */
  static final Duration LINK_LIFE = Duration.ofMinutes(5);

  /** A day's work. */
  static final Duration SESSION_LIFE = Duration.ofHours(12);

  /** More would be a fault of whoever asks for them; the oldest ends. */
  private static final int MOST = 100;

  private static final int BYTES = 32;

  private final LongSupplier nanos;
  private final SecureRandom random;

  // By digest, so that how long a search takes says nothing of the values.
  private final Map<String, Long> links = new LinkedHashMap<>();
  private final Map<String, Long> sessions = new LinkedHashMap<>();

  /**
   * None.
   *
   * @param nanos a monotonic clock
   * @param random what nobody can guess
   */
  BrowserSessions(LongSupplier nanos, SecureRandom random) {
    this.nanos = nanos;
    this.random = random;
  }

  /** What a new link holds. */
  synchronized String link() {
    return fresh(links, LINK_LIFE);
  }

  /**
   * Opens a session with what a link holds, which is worth nothing from then on.
   *
   * @return the value of the session's cookie, or empty if the link was used, is old or unknown
   */
  synchronized Optional<String> open(String link) {
    return lasts(links.remove(digest(link)))
        ? Optional.of(fresh(sessions, SESSION_LIFE))
        : Optional.empty();
  }

  /** Whether that is the cookie of a session that is open. */
  synchronized boolean knows(String cookie) {
    return lasts(sessions.get(digest(cookie)));
  }

  private boolean lasts(@Nullable Long at) {
    return at != null && at - nanos.getAsLong() > 0;
  }

  private String fresh(Map<String, Long> among, Duration life) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String value = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    among.put(digest(value), nanos.getAsLong() + life.toNanos());
    if (among.size() > MOST) {
      among.remove(among.keySet().iterator().next());
    }
    return value;
  }

  private static String digest(String value) {
    return Sha256.of(value.getBytes(StandardCharsets.UTF_8));
  }
}
