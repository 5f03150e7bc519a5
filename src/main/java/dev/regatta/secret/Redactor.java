package dev.regatta.secret;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Takes secrets out of texts, in front of every sink. It knows each value as it is, URL-encoded, in
 * Base64 at each of the three places where it can begin within other data, in hexadecimal, and
 * escaped as in JSON.
 */
public final class Redactor {
  /** A shorter part of an encoded value would be found in innocent words. */
  private static final int SHORTEST = 6;

  private final List<Secret> secrets;
  private final Needles texts;
  private final Needles latin;

  /** A redactor for these secrets; with none it changes nothing and costs nothing. */
  public Redactor(Collection<Secret> secrets) {
    this.secrets = List.copyOf(secrets);
    Map<String, String> found = new LinkedHashMap<>();
    for (Secret secret : secrets) {
      String value = secret.reveal();
      for (String form : Encodings.of(value)) {
        if (form.length() >= Math.min(SHORTEST, value.length())) {
          found.putIfAbsent(form, "[secret " + secret.fingerprint() + "]");
        }
      }
    }
    this.texts =
        new Needles(
            found.entrySet().stream()
                .map(form -> new Needles.Needle(form.getKey(), form.getValue()))
                .toList());
    this.latin =
        new Needles(
            texts.all().stream()
                .map(needle -> new Needles.Needle(latin(needle.text()), needle.replacement()))
                .toList());
  }

  /** The characters that a text's UTF-8 bytes are in Latin-1. */
  private static String latin(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** One that knows these secrets too; itself if there are none. */
  public Redactor with(Collection<Secret> more) {
    return more.isEmpty()
        ? this
        : new Redactor(Stream.concat(secrets.stream(), more.stream()).toList());
  }

  /** The text without any secret. */
  public String redact(String text) {
    return texts.clean(text, 0, text.length()).text();
  }

  /** Whether there is nothing to look for. */
  boolean idle() {
    return texts.all().isEmpty();
  }

  /** The same for bytes that stand as Latin-1 characters. */
  Needles latin() {
    return latin;
  }
}
