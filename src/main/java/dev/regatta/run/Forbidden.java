package dev.regatta.run;

import java.util.Locale;
import java.util.Optional;

/**
 * Fields that people look for in a tasks file and that it must not have. A tasks file comes with a
 * repository: whoever writes it must not be able to send a token somewhere, or to make one be read.
 */
final class Forbidden {
  private Forbidden() {}

  /** Why a tasks file doesn't have a field of this name, if there is a reason worth telling. */
  static Optional<String> why(String field) {
    String name = field.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
    return switch (name) {
      case "token", "tokens", "tokencommand", "credential", "credentials", "credentialcommand" ->
          tokens();
      case "key", "keys", "apikey", "apikeys", "secret", "secrets", "password", "auth" -> tokens();
      case "endpoint", "baseurl", "apiurl", "url", "host", "server", "provider", "proxy" ->
          Optional.of(
              "is not taken from a tasks file: where calls and their tokens go is said on the"
                  + " command line only");
      case "env", "environment", "variables" ->
          Optional.of(
              "is not taken from a tasks file: a variable could carry a token or send one to"
                  + " another host; set it in the shell that starts the run");
      case "permissions", "permissionmode", "bypass", "bypasspermissions", "skippermissions" ->
          Optional.of(
              "is not taken from a tasks file: name single tools in 'tools'; more is said on the"
                  + " command line only");
      default -> Optional.empty();
    };
  }

  private static Optional<String> tokens() {
    return Optional.of(
        "is not taken from a tasks file: name credentials on the command line, with --token NAME");
  }
}
