package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who comes in and who doesn't, in a real browser. */
class BrowserTest {
  @TempDir Path folder;

  private static HttpServer stranger() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] page = "<!DOCTYPE html><title>other</title>".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String ws(CommandServer server) {
    return "ws" + server.baseUrl().toString().substring(4) + "/ws";
  }

  @Test
  void theLinkOpensThePageOnceAndItsScriptsMayConnect() throws Exception {
    try (CommandServer server = Served.guarded(folder);
        Browser browser = Browser.open(folder)) {
      assertThat(browser.go(server.baseUrl() + "/")).contains("send the server's token");
      String link = server.loginLink().toString();
      assertThat(browser.go(link)).contains("Regatta 1.2.3");
      assertThat(browser.evaluate("location.href")).isEqualTo(server.baseUrl() + "/");
      assertThat(browser.evaluate("document.cookie")).isEmpty();
      assertThat(browser.evaluate("fetch('/elsewhere').then(a => a.status)")).startsWith("failed");
      assertThat(browser.go(link)).contains("This link leads nowhere");
      assertThat(browser.go(server.baseUrl() + "/")).contains("Regatta 1.2.3");
      assertThat(browser.go(server.baseUrl() + "/healthz")).contains("ok");
      assertThat(browser.evaluate("fetch('/').then(a => a.status)")).isEqualTo("200");
      assertThat(browser.socket(ws(server))).contains("connected");
    }
  }

  @Test
  void aPageOfAnotherPortOrNameCanNeitherFetchNorConnectAlsoWithTheCookieInTheBrowser()
      throws Exception {
    HttpServer stranger = stranger();
    int port = stranger.getAddress().getPort();
    try (CommandServer server = Served.guarded(folder);
        Browser browser = Browser.open(folder, "evil.example")) {
      browser.go(server.loginLink().toString());
      for (String host : new String[] {"127.0.0.1", "localhost", "evil.example"}) {
        browser.go("http://" + host + ":" + port + "/");
        String get = "fetch('" + server.baseUrl() + "/', {credentials: 'include'})";
        assertThat(browser.evaluate(get)).as(host).startsWith("failed");
        String blind =
            "fetch('" + server.baseUrl() + "/', {mode: 'no-cors', credentials: 'include'})";
        assertThat(browser.evaluate(blind)).as(host).startsWith("failed");
        assertThat(browser.socket(ws(server))).as(host).isEqualTo("refused");
      }
      assertThat(server.sessions()).isZero();
    } finally {
      stranger.stop(0);
    }
  }

  @Test
  void aNameThatLeadsHereIsNotOursAlsoWithoutATokenToAskFor() throws Exception {
    try (CommandServer server = Served.open(folder);
        Browser browser = Browser.open(folder, "evil.example")) {
      int port = server.baseUrl().getPort();
      String page = browser.go("http://evil.example:" + port + "/");
      assertThat(page).contains("421").contains("another name");
      assertThat(browser.evaluate("fetch('/health').then(a => a.status)")).isEqualTo("421");
      assertThat(browser.socket("ws://evil.example:" + port + "/ws")).isEqualTo("refused");
    }
  }

  @Test
  void theCookieIsNotTheTokenAndTheTokenIsNowhereInWhatABrowserGets() throws Exception {
    try (CommandServer server = Served.guarded(folder)) {
      String token = Files.readString(folder.resolve("server/token")).strip();
      String link = server.loginLink().toString();
      String host = "Host: 127.0.0.1:" + server.baseUrl().getPort();
      String path = link.substring(server.baseUrl().toString().length());
      assertThat(Served.raw(server, "HEAD " + path + " HTTP/1.1", host))
          .as("a preview does not use it up")
          .startsWith("HTTP/1.1 204 ");
      String answer = Served.raw(server, "GET " + path + " HTTP/1.1", host);
      assertThat(answer)
          .startsWith("HTTP/1.1 303 ")
          .containsPattern("(?i)set-cookie: regatta-[0-9]+=[A-Za-z0-9_-]{43}; Path=/; HttpOnly;")
          .contains("SameSite=Strict")
          .containsIgnoringCase("location: /");
      assertThat(link + answer).doesNotContain(token);
    }
  }
}
