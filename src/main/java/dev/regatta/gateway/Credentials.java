package dev.regatta.gateway;

import dev.regatta.credential.Credential;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** Where a request carries its credential, as the providers' CLIs do by the kind of it. */
final class Credentials {
  private static final String KEY = "x-api-key";
  private static final String GOOGLE_KEY = "x-goog-api-key";
  private static final String BEARER = "Bearer ";
  private static final String IN_QUERY = "key=";

  private Credentials() {}

  /** Whatever a request carries where a credential may be. */
  static Stream<String> given(HttpFields headers, @Nullable String query) {
    return Stream.concat(
        Stream.of(
                Optional.ofNullable(key(headers)),
                Optional.ofNullable(headers.get(GOOGLE_KEY)),
                Optional.ofNullable(bearer(headers)))
            .flatMap(Optional::stream),
        parameters(query)
            .filter(Credentials::isKey)
            .map(parameter -> parameter.substring(IN_QUERY.length())));
  }

  /** The value in that header, or null. */
  static @Nullable String key(HttpFields headers) {
    return headers.get(KEY);
  }

  private static @Nullable String bearer(HttpFields headers) {
    String value = headers.get(HttpHeader.AUTHORIZATION);
    return value != null && value.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? value.substring(BEARER.length()).strip()
        : null;
  }

  /** Takes out whatever credentials there are and puts in that one. */
  static void putIn(HttpFields.Mutable headers, Credential credential) {
    headers.remove(KEY);
    headers.remove(GOOGLE_KEY);
    headers.remove(HttpHeader.AUTHORIZATION);
    String value = credential.value().reveal();
    switch (credential.kind()) {
      case API_KEY -> headers.put(KEY, value);
      case GEMINI_KEY -> headers.put(GOOGLE_KEY, value);
      case OAUTH_TOKEN, OPENAI_KEY -> headers.put(HttpHeader.AUTHORIZATION, BEARER + value);
    }
  }

  /** A query without the credential in it; it goes on in a header, which no log of paths keeps. */
  static @Nullable String without(@Nullable String query) {
    String rest =
        parameters(query)
            .filter(Predicate.not(Credentials::isKey))
            .collect(Collectors.joining("&"));
    return rest.isEmpty() ? null : rest;
  }

  private static boolean isKey(String parameter) {
    return parameter.startsWith(IN_QUERY);
  }

  private static Stream<String> parameters(@Nullable String query) {
    return query == null ? Stream.empty() : Arrays.stream(query.split("&", -1));
  }
}
