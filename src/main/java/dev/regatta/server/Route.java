package dev.regatta.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is answered at a path.
 *
 * @param method of HTTP; one that answers GET answers HEAD too
 * @param path begins with a slash; a segment in braces takes any one, and gives it its name
 * @param caller who may ask
 * @param handling how it is answered
 */
record Route(String method, String path, Caller caller, Handling handling) {

  /** Who may ask. */
  enum Caller {
    /** Whoever reaches us under our own name. */
    ANYBODY,
    /** Who has the token, or a session that was opened with it. */
    KNOWN
  }

  /** Answers on a thread of its own, so that it may wait. */
  @FunctionalInterface
  interface Handling {
    /**
     * Answers.
     *
     * @throws Refused what the client did wrong, or what it can't have
     * @throws ClientGone if the client is
     * @throws IOException what failed on our side
     */
    void answer(Visit visit) throws Refused, IOException, InterruptedException;
  }

  static Route get(String path, Handling handling) {
    return new Route("GET", path, Caller.KNOWN, handling);
  }

  static Route post(String path, Handling handling) {
    return new Route("POST", path, Caller.KNOWN, handling);
  }

  static Route open(String path, Handling handling) {
    return new Route("GET", path, Caller.ANYBODY, handling);
  }

  boolean takes(String asked) {
    return asked.equals(method) || (asked.equals("HEAD") && method.equals("GET"));
  }

  /** What stands in the place of its parameters, if a path is one of its. */
  Optional<Map<String, String>> matched(List<String> segments) {
    List<String> wanted = segments(path);
    if (wanted.size() != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      String want = wanted.get(i);
      if (want.startsWith("{")) {
        if (segments.get(i).isEmpty()) {
          return Optional.empty();
        }
        parameters.put(want.substring(1, want.length() - 1), segments.get(i));
      } else if (!want.equals(segments.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }

  /** What stands between the slashes; an empty one at the end too, since that is another path. */
  static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    int start = 1;
    for (int slash = path.indexOf('/', 1); slash >= 0; slash = path.indexOf('/', start)) {
      segments.add(path.substring(start, slash));
      start = slash + 1;
    }
    segments.add(path.substring(Math.min(start, path.length())));
    return segments;
  }
}
