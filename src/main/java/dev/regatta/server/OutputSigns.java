package dev.regatta.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * Looks in what a process prints for words by which agents say that they are done or have met a
 * limit. It only reports them, each kind once; what is printed may lie. The words stand in
 * docs/server.md.
 */
final class OutputSigns {
  /** What of a line is looked at. */
  static final int LINE_BYTES = 16 * 1024;

  /** What of all lines is looked at: a flood of output is not read for ever. */
  static final int TOTAL_BYTES = 64 << 20;

  /** What a phrase says. */
  private enum Kind {
    DONE,
    FILE_MADE,
    USAGE_LIMIT,
    RATE_LIMIT,
    TOKEN_LIMIT;

    /** Kinds that one announcement covers. */
    private Kind notice() {
      return switch (this) {
        case DONE, FILE_MADE -> DONE;
        case USAGE_LIMIT, RATE_LIMIT -> RATE_LIMIT;
        case TOKEN_LIMIT -> TOKEN_LIMIT;
      };
    }
  }

  private static final Map<String, Kind> KINDS = kinds();
  private static final Phrases PHRASES = new Phrases(new ArrayList<>(KINDS.keySet()));

  /** What may be a path; without going back, as hostile lines would make that long. */
  private static final Pattern PATH = Pattern.compile("[\\w./~-]++");

  private static final Pattern NAME_END =
      Pattern.compile("\\w\\w\\.[A-Za-z][A-Za-z0-9]{0,7}+\\W*$");
  private static final Pattern RESET =
      Pattern.compile("(?i)(?:\\||reset[a-z_ ]{0,20}[\"']?[:= ]{1,3})([0-9]{10})\\b");
  private static final Pattern RETRY =
      Pattern.compile(
          "(?i)(?:retry[-_ ]after[\"']?[:= ]{1,3}\"?|(?:retry|try again) in )([0-9]{1,7})\\b");
  private static final Pattern TOKENS =
      Pattern.compile(
          "(?i)(?:\\b([0-9]{3,9}) (?:output )?tokens?\\b|context length is ([0-9]{3,9})\\b"
              + "|> ([0-9]{3,9}) maximum)");

  private final Set<Kind> told = EnumSet.noneOf(Kind.class);
  private int left = TOTAL_BYTES;

  private static Map<String, Kind> kinds() {
    Map<Kind, List<String>> phrases =
        Map.of(
            Kind.DONE,
            List.of(
                "task completed successfully",
                "i've completed",
                "i have completed",
                "the task is complete",
                "task is now complete",
                "all done"),
            Kind.FILE_MADE,
            List.of(
                "file created",
                "created file",
                "created the file",
                "successfully created",
                "i've created",
                "i have created"),
            Kind.USAGE_LIMIT,
            List.of(
                "usage limit reached",
                "usage limit exceeded",
                "hour limit reached",
                "weekly limit reached",
                "hit your limit",
                "hit your usage limit"),
            Kind.RATE_LIMIT,
            List.of(
                "rate_limit_error",
                "rate limit exceeded",
                "rate limit reached",
                "too many requests",
                "api error: 429",
                "http 429",
                "error 429",
                "status 429"),
            Kind.TOKEN_LIMIT,
            List.of(
                "output token maximum",
                "token limit exceeded",
                "maximum context length",
                "context_length_exceeded",
                "context length exceeded",
                "prompt is too long"));
    Map<String, Kind> kinds = new HashMap<>();
    phrases.forEach((kind, all) ->
        all.forEach(phrase -> {
          kinds.put(phrase, kind);
          kinds.put(phrase.replace('\'', '\u2019'), kind); // as models like to write it
        }));
    return kinds;
  }

  /** The phrases that count, as docs/server.md has them. */
  static Set<String> phrases() {
    return KINDS.keySet();
  }

  /** What a line says that nobody was told yet. */
  sealed interface Sign {
    /**
     * The process says that it is done.
     *
     * @param marker the words
     * @param line in which they stand, shortened
     */
    record Done(String marker, String line) implements Sign {}

    /**
     * It says that it met a limit.
     *
     * @param method of the notification
     * @param params of it
     */
    record Limit(String method, ObjectNode params) implements Sign {}
  }

  /** Looks at a line or a part of one; gives what nobody was told yet, mostly nothing. */
  List<Sign> in(byte[] bytes, int from, int to) {
    if (left <= 0 || told.size() == 3) {
      return List.of();
    }
    int end = Math.min(to, from + Math.min(LINE_BYTES, left));
    left -= end - from;
    List<Sign> signs = List.of();
    Set<Kind> seen = EnumSet.noneOf(Kind.class);
    for (Phrases.Place place : PHRASES.in(bytes, from, end)) {
      Kind kind = KINDS.get(place.phrase());
      if (kind == null || told.contains(kind.notice()) || !seen.add(kind)) {
        continue; // once in a line is enough to look further
      }
      String line = new String(bytes, from, end - from, StandardCharsets.UTF_8);
      String rest = new String(bytes, place.end(), end - place.end(), StandardCharsets.UTF_8);
      Optional<Sign> sign = sign(kind, place.phrase(), line, rest);
      if (sign.isPresent()) {
        told.add(kind.notice());
        signs = signs.isEmpty() ? new ArrayList<>() : signs;
        signs.add(sign.get());
      }
    }
    return signs;
  }

  private static Optional<Sign> sign(Kind kind, String phrase, String line, String rest) {
    return switch (kind) {
      case DONE -> Optional.of(new Sign.Done(phrase, shown(line)));
      case FILE_MADE ->
          namesFile(rest.substring(0, Math.min(rest.length(), Message.SHOWN)))
              ? Optional.of(new Sign.Done(phrase, shown(line)))
              : Optional.empty();
      case USAGE_LIMIT -> Optional.of(rate("usage_limit", false, line, rest));
      case RATE_LIMIT -> Optional.of(rate("rate_limit_429", true, line, rest));
      case TOKEN_LIMIT -> Optional.of(tokens(line));
    };
  }

  private static boolean namesFile(String text) {
    Matcher path = PATH.matcher(text);
    while (path.find()) {
      String end = path.group();
      if (NAME_END.matcher(end.substring(Math.max(0, end.length() - 16))).find()) {
        return true;
      }
    }
    return false;
  }

  private static Sign rate(String type, boolean recoverable, String line, String rest) {
    ObjectNode params = Notices.object().put("error_type", type).put("message", shown(line));
    number(RESET, rest).ifPresent(seconds -> params.put("reset_timestamp", seconds));
    number(RETRY, line).ifPresent(seconds -> params.put("retry_after", seconds));
    return new Sign.Limit("error.rate_limit_exceeded", params.put("recoverable", recoverable));
  }

  private static Sign tokens(String line) {
    ObjectNode params = Notices.object().put("error_type", "token_limit");
    OptionalLong limit = number(TOKENS, line);
    if (limit.isPresent()) {
      params.put("limit", limit.getAsLong());
    } else {
      params.putNull("limit");
    }
    return new Sign.Limit(
        "error.token_limit_exceeded",
        params
            .put("message", shown(line))
            .put("suggestion", "Ask for less at a time, or raise the agent's limit of tokens.")
            .put("recoverable", true));
  }

  /** The first number of a pattern's groups. */
  private static OptionalLong number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (matcher.find()) {
      for (int group = 1; group <= matcher.groupCount(); group++) {
        if (matcher.group(group) != null) {
          return OptionalLong.of(Long.parseLong(matcher.group(group)));
        }
      }
    }
    return OptionalLong.empty();
  }

  private static String shown(String line) {
    return Message.shown(line.strip());
  }
}
