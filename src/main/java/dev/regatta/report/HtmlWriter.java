package dev.regatta.report;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Writes elements and text so that the page is HTML and well-formed XML at once. All text and all
 * attribute values pass through {@link HtmlText#escape}; the style sheet, which is ours, is the
 * only thing written raw.
 */
final class HtmlWriter {
  private final Writer out;
  private final Deque<String> opened = new ArrayDeque<>();

  HtmlWriter(Writer out) {
    this.out = out;
  }

  /** Opens an element; attributes are given as name, value, name, value. */
  HtmlWriter open(String name, String... attributes) throws IOException {
    start(name, attributes);
    out.write(">");
    opened.push(name);
    return this;
  }

  /** Closes the element opened last. */
  HtmlWriter close() throws IOException {
    String name = opened.pop();
    out.write("</" + name + ">");
    if (!isPhrase(name)) {
      out.write("\n");
    }
    return this;
  }

  /** An element without content: {@code meta}, or any of SVG. */
  HtmlWriter empty(String name, String... attributes) throws IOException {
    start(name, attributes);
    out.write("/>\n");
    return this;
  }

  /** An element with nothing but text in it. */
  HtmlWriter element(String name, String text, String... attributes) throws IOException {
    return open(name, attributes).text(text).close();
  }

  /** Text, bounded and escaped. */
  HtmlWriter text(String text) throws IOException {
    out.write(HtmlText.escape(HtmlText.bounded(text, HtmlText.LONGEST)));
    return this;
  }

  /** The text, or the word {@code missing} where there is none. */
  HtmlWriter textOrMissing(@Nullable String text) throws IOException {
    return text == null ? element("span", "missing", "class", "missing") : text(text);
  }

  /** Our own style sheet, which needs no escaping. */
  HtmlWriter style(String css) throws IOException {
    if (css.indexOf('<') >= 0 || css.indexOf('&') >= 0) {
      throw new IllegalArgumentException("a style sheet with < or & would not be XML");
    }
    out.write("<style>\n" + css + "</style>\n");
    return this;
  }

  /** The line that makes browsers follow the standard. */
  HtmlWriter doctype() throws IOException {
    out.write("<!DOCTYPE html>\n");
    return this;
  }

  private void start(String name, String... attributes) throws IOException {
    out.write("<" + name);
    for (int i = 0; i < attributes.length; i += 2) {
      out.write(" " + attributes[i] + "=\"" + HtmlText.escape(attributes[i + 1]) + "\"");
    }
  }

  private static boolean isPhrase(String name) {
    return switch (name) {
      case "span", "b", "code", "tspan", "time" -> true;
      default -> false;
    };
  }
}
