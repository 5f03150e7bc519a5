package dev.regatta.report;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * What all pages share: they open without a network, run nothing, and say if it was a rehearsal.
 */
final class HtmlPage {
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

  private HtmlPage() {}

  /** The head, with the style sheet in it. */
  static void head(HtmlWriter html, boolean rehearsal, String title) throws IOException {
    html.open("head");
    html.empty("meta", "charset", "utf-8");
    html.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.empty("meta", "name", "color-scheme", "content", "light dark");
    html.empty("meta", "name", "referrer", "content", "no-referrer");
    html.element("title", (rehearsal ? "REHEARSAL · " : "") + title + " · Regatta");
    html.style(css());
    html.close();
  }

  /** The line above and below all, if it was a rehearsal. */
  static void banner(HtmlWriter html, boolean rehearsal) throws IOException {
    if (rehearsal) {
      html.open("p", "class", "banner", "role", "note");
      html.element("b", "REHEARSAL");
      html.text(" Answers came from a rehearsal, not from a model. No figure here is about one.");
      html.close();
    }
  }

  private static String css() throws IOException {
    try (InputStream in = HtmlPage.class.getResourceAsStream("report.css")) {
      if (in == null) {
        throw new FileNotFoundException("report.css is missing from the program; build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
