package dev.regatta.gateway;

import dev.regatta.credential.Credential;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** Where a request carries its credential, as the {@code claude} CLI does by the kind of it. */
final class Credentials {
  private static final String KEY = "x-api-key";
  private static final String BEARER = "Bearer ";

  private Credentials() {}

  /** The value in that header, or null. */
  static @Nullable String key(HttpFields headers) {
    return headers.get(KEY);
  }

  static @Nullable String bearer(HttpFields headers) {
    String value = headers.get(HttpHeader.AUTHORIZATION);
    return value != null && value.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? value.substring(BEARER.length()).strip()
        : null;
  }

  /** Takes out whatever credentials there are and puts in that one. */
  static void putIn(HttpFields.Mutable headers, Credential credential) {
    headers.remove(KEY);
    headers.remove(HttpHeader.AUTHORIZATION);
    switch (credential.kind()) {
      case API_KEY -> headers.put(KEY, credential.value().reveal());
      case OAUTH_TOKEN ->
          headers.put(HttpHeader.AUTHORIZATION, BEARER + credential.value().reveal());
    }
  }
}
