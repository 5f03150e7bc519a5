package dev.regatta.gateway;

import java.util.regex.Pattern;

/** The requests of the Anthropic API that agents make; nothing else goes through. */
final class ModelPaths {
  private static final Pattern MODEL = Pattern.compile("/v1/models/[A-Za-z0-9._-]{1,200}");

  private ModelPaths() {}

  static boolean known(String method, String path) {
    return switch (method) {
      case "POST" -> path.equals("/v1/messages") || path.equals("/v1/messages/count_tokens");
      case "GET" -> path.equals("/v1/models") || MODEL.matcher(path).matches();
      default -> false;
    };
  }

  /** What the {@code claude} CLI asks first, without a credential: whether anybody is there. */
  static boolean greeting(String method, String path) {
    return path.equals("/") && (method.equals("HEAD") || method.equals("GET"));
  }
}
