package dev.regatta.secret;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The forms in which a value turns up in requests, in logs and in what programs print. */
final class Encodings {
  private static final Pattern PERCENT = Pattern.compile("%[0-9A-F]{2}");

  private Encodings() {}

  /** The value itself, first, and its other forms. */
  static Set<String> of(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    Set<String> forms = new LinkedHashSet<>();
    forms.add(value);
    forms.addAll(json(value));
    forms.addAll(url(value));
    String hex = HexFormat.of().formatHex(bytes);
    forms.add(hex);
    forms.add(hex.toUpperCase(Locale.ROOT));
    for (int before = 0; before < 3; before++) {
      forms.addAll(base64(bytes, before));
    }
    return forms;
  }

  /** Writers of JSON differ in whether a slash and what is not ASCII are escaped. */
  private static List<String> json(String value) {
    List<String> forms = new ArrayList<>();
    for (String unicode : List.of("", "\\u%04x", "\\u%04X")) {
      String escaped = json(value, unicode);
      forms.add(escaped);
      forms.add(escaped.replace("/", "\\/"));
    }
    return forms;
  }

  private static String json(String value, String unicode) {
    StringBuilder escaped = new StringBuilder(value.length() + 8);
    for (int i = 0; i < value.length(); i++) {
      char character = value.charAt(i);
      switch (character) {
        case '"' -> escaped.append("\\\"");
        case '\\' -> escaped.append("\\\\");
        case '\b' -> escaped.append("\\b");
        case '\t' -> escaped.append("\\t");
        case '\n' -> escaped.append("\\n");
        case '\f' -> escaped.append("\\f");
        case '\r' -> escaped.append("\\r");
        default -> {
          if (character >= ' ' && (character < 0x7f || unicode.isEmpty())) {
            escaped.append(character);
          } else {
            String form = unicode.isEmpty() ? "\\u%04x" : unicode;
            escaped.append(String.format(Locale.ROOT, form, (int) character));
          }
        }
      }
    }
    return escaped.toString();
  }

  /** As in forms, and as in addresses, where browsers leave some marks as they are. */
  private static List<String> url(String value) {
    String form = URLEncoder.encode(value, StandardCharsets.UTF_8);
    String address = form.replace("+", "%20");
    String browser =
        address
            .replace("%21", "!")
            .replace("%27", "'")
            .replace("%28", "(")
            .replace("%29", ")")
            .replace("%7E", "~");
    List<String> forms = new ArrayList<>(List.of(form, address, browser));
    for (String upper : List.of(form, address, browser)) {
      forms.add(
          PERCENT
              .matcher(upper)
              .replaceAll((MatchResult escape) -> escape.group().toLowerCase(Locale.ROOT)));
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
}
