package dev.regatta.provider;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The paths of one provider's API that agents call.
 *
 * @param message answers a {@code POST} with a message of a model; a group of it is the model
 * @param beside takes a {@code POST} that brings no message, as one that counts tokens
 * @param models answers a {@code GET}
 */
record ModelPaths(Pattern message, Pattern beside, Pattern models) {

  ModelPaths(String message, String beside, String models) {
    this(Pattern.compile(message), Pattern.compile(beside), Pattern.compile(models));
  }

  boolean serves(String method, String path) {
    return switch (method) {
      case "POST" -> answers(path) || beside.matcher(path).matches();
      case "GET" -> models.matcher(path).matches();
      default -> false;
    };
  }

  boolean answers(String path) {
    return message.matcher(path).matches();
  }

  Optional<String> modelIn(String path) {
    Matcher matcher = message.matcher(path);
    return matcher.matches() && matcher.groupCount() > 0
        ? Optional.ofNullable(matcher.group(1))
        : Optional.empty();
  }
}
