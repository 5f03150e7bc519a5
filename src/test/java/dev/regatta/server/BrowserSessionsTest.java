package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Links and cookies, with a clock of the test's own and raw requests. */
class BrowserSessionsTest {
  private final AtomicLong nanos = new AtomicLong();
  private final BrowserSessions sessions = new BrowserSessions(nanos::get, new SecureRandom());
  @TempDir Path folder;

  @Test
  void aLinkOpensOneSessionAndNoSecond() {
    String link = sessions.link();
    String cookie = sessions.open(link).orElseThrow();
    assertThat(cookie).isNotEqualTo(link).hasSize(43);
    assertThat(sessions.knows(cookie)).isTrue();
    assertThat(sessions.open(link)).isEmpty();
    assertThat(sessions.knows(link)).isFalse();
    assertThat(sessions.open("")).isEmpty();
  }

  @Test
  void aLinkIsWorthNothingAfterFiveMinutesNorACookieAfterTwelveHours() {
    String early = sessions.link();
    String late = sessions.link();
    nanos.addAndGet(BrowserSessions.LINK_LIFE.toNanos() - 1);
    String cookie = sessions.open(early).orElseThrow();
    nanos.addAndGet(1);
    assertThat(sessions.open(late)).isEmpty();
    nanos.addAndGet(BrowserSessions.SESSION_LIFE.toNanos() - 2);
    assertThat(sessions.knows(cookie)).isTrue();
    nanos.addAndGet(1);
    assertThat(sessions.knows(cookie)).isFalse();
  }

  @Test
  void ofManyLinksTheOldestEnds() {
    String oldest = sessions.link();
    for (int i = 0; i < 100; i++) {
      sessions.link();
    }
    assertThat(sessions.open(oldest)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, same-origin, own, 200",
    "GET, none, -, 200",
    "GET, -, -, 200",
    "GET, same-site, -, 403",
    "GET, cross-site, -, 403",
    "POST, same-origin, own, 405",
    "POST, same-origin, -, 403",
    "POST, same-site, http://127.0.0.1:1, 403",
    "POST, -, -, 403"
  })
  void withACookieOnlyPagesOfThisServerMayCallIt(
      String method, String site, String origin, int status) throws IOException {
    try (CommandServer server = Served.guarded(folder)) {
      String host = "127.0.0.1:" + server.baseUrl().getPort();
      assertThat(
              Served.raw(
                  server,
                  method + " / HTTP/1.1",
                  "Host: " + host,
                  "Cookie: other=1; " + cookie(server),
                  site.equals("-") ? "X-None: 1" : "Sec-Fetch-Site: " + site,
                  origin.equals("-")
                      ? "X-None: 2"
                      : "Origin: " + (origin.equals("own") ? "http://" + host : origin)))
          .startsWith("HTTP/1.1 " + status + " ");
    }
  }

  @Test
  void aWebSocketWithACookieNeedsTheOriginOfAPageOfOurs() throws IOException {
    try (CommandServer server = Served.guarded(folder)) {
      String host = "127.0.0.1:" + server.baseUrl().getPort();
      String cookie = "Cookie: " + cookie(server);
      assertThat(Served.upgrade(server, "/ws", host, cookie, "Origin: http://" + host))
          .isEqualTo(101);
      assertThat(Served.upgrade(server, "/ws", host, cookie)).isEqualTo(403);
      assertThat(Served.upgrade(server, "/ws", host, cookie + "x", "Origin: http://" + host))
          .isEqualTo(401);
    }
  }

  private static String cookie(CommandServer server) {
    String link = server.loginLink().getQuery().substring("once=".length());
    return server.admission().cookie(server.browsers().open(link).orElseThrow()).split(";")[0];
  }
}
