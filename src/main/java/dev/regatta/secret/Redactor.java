package dev.regatta.secret;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Takes secrets out of texts, in front of every sink. It knows each value as it is, URL-encoded, in
 * Base64 at each of the three places where it can begin within other data, in hexadecimal, and
 * escaped as in JSON.
 */
public final class Redactor {
  private static final int SHORTEST = 6;

  private final List<Pattern> patterns;
  private final int longest;

  /** A text to find, also as the characters that its UTF-8 bytes are in Latin-1. */
  private record Pattern(String text, String bytes, String replacement) {}

  /** A redactor for these secrets; with none it changes nothing and costs nothing. */
  public Redactor(Collection<Secret> secrets) {
    Map<String, String> found = new LinkedHashMap<>();
    for (Secret secret : secrets) {
      String replacement = "[secret " + secret.fingerprint() + "]";
      for (String form : forms(secret.reveal())) {
        if (form.length() >= Math.min(SHORTEST, secret.reveal().length())) {
          found.putIfAbsent(form, replacement);
        }
      }
    }
    List<Pattern> made = new ArrayList<>();
    found.forEach((text, replacement) -> made.add(new Pattern(text, latin(text), replacement)));
    made.sort(Comparator.comparingInt((Pattern pattern) -> pattern.text().length()).reversed());
    this.patterns = List.copyOf(made);
    this.longest = patterns.stream().mapToInt(form -> form.bytes().length()).max().orElse(0);
  }

  private static List<String> forms(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    List<String> forms = new ArrayList<>();
    forms.add(value);
    forms.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
    String hex = HexFormat.of().formatHex(bytes);
    forms.add(hex);
    forms.add(hex.toUpperCase(Locale.ROOT));
    forms.add(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("/", "\\/"));
    forms.add(value.replace("\\", "\\\\").replace("\"", "\\\""));
    for (int before = 0; before < 3; before++) {
      forms.addAll(base64(bytes, before));
    }
    return forms;
  }

  /**
   * Base64 of the value after so many bytes of something else. Digits that share bits with what is
   * around the value are left out: they differ each time.
   */
  private static List<String> base64(byte[] value, int before) {
    byte[] shifted = new byte[value.length + before];
    System.arraycopy(value, 0, shifted, before, value.length);
    int first = (before * 8 + 5) / 6;
    int last = shifted.length * 8 / 6;
    List<String> forms = new ArrayList<>();
    for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
      forms.add(encoder.encodeToString(shifted).substring(first, last));
    }
    return forms;
  }

  private static String latin(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** The text without any secret. */
  public String redact(String text) {
    String redacted = text;
    for (Pattern pattern : patterns) {
      redacted = redacted.replace(pattern.text(), pattern.replacement());
    }
    return redacted;
  }

  /** Whether there is nothing to look for. */
  boolean idle() {
    return patterns.isEmpty();
  }

  /** Bytes of the longest text that is looked for. */
  int longest() {
    return longest;
  }

  /** The same for bytes that stand as Latin-1 characters. */
  String redactLatin(String latin) {
    String redacted = latin;
    for (Pattern pattern : patterns) {
      redacted = redacted.replace(pattern.bytes(), pattern.replacement());
    }
    return redacted;
  }

  /** How many characters at the end could be the beginning of a secret. */
  int openEnd(String latin) {
    int most = Math.min(longest - 1, latin.length());
    for (int length = most; length > 0; length--) {
      int at = latin.length() - length;
      for (Pattern pattern : patterns) {
        if (pattern.bytes().length() > length
            && pattern.bytes().regionMatches(0, latin, at, length)) {
          return length;
        }
      }
    }
    return 0;
  }
}
