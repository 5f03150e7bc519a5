package dev.regatta.ensemble;

import dev.regatta.agent.JsonPath;
import dev.regatta.run.BoundedSearch;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What of an answer counts when answers are compared. */
public sealed interface Extractor {

  /** The word or expression that names it. */
  String text();

  /** What counts of an answer, in a form in which equal ones are equal; empty if there is none. */
  Optional<String> of(String answer);

  /** All of it, but for case, punctuation and spacing. */
  record Whole() implements Extractor {
    @Override
    public String text() {
      return "whole";
    }

    @Override
    public Optional<String> of(String answer) {
      String normalized = Answers.normalized(answer);
      // An answer of nothing but signs, such as '!' or '{}', still is one.
      return Optional.of(normalized.isEmpty() ? answer.strip() : normalized);
    }
  }

  /** Its last line that holds anything. */
  record LastLine() implements Extractor {
    @Override
    public String text() {
      return "last-line";
    }

    @Override
    public Optional<String> of(String answer) {
      return answer
          .lines()
          .filter(line -> !line.isBlank())
          .reduce((before, last) -> last)
          .flatMap(line -> new Whole().of(line));
    }
  }

  /** The last number in it: 42, 42.0 and 4.2e1 are the same. */
  record Number() implements Extractor {
    private static final Pattern NUMBER =
        Pattern.compile(
            "(?<![\\p{L}\\d.])[-+\u2212]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?"
                + "(?:[eE][-+]?\\d{1,3})?(?![\\p{L}\\d])");

    // Java takes four seconds for a hundred thousand digits, and no answer needs a thousand.
    private static final int LONGEST = 1_000;

    @Override
    public String text() {
      return "number";
    }

    @Override
    public Optional<String> of(String answer) {
      List<MatchResult> found = NUMBER.matcher(answer).results().toList();
      return found.isEmpty() ? Optional.empty() : Optional.of(plain(found.getLast().group()));
    }

    private static String plain(String number) {
      String ascii = number.replace(",", "").replace('\u2212', '-');
      if (ascii.length() > LONGEST) {
        return ascii;
      }
      BigDecimal value = new BigDecimal(ascii).stripTrailingZeros();
      return value.signum() == 0 ? "0" : value.toString();
    }
  }

  /** What a regular expression finds first: its first group, or all of it. */
  record Matching(Pattern pattern) implements Extractor {
    @Override
    public String text() {
      return pattern.pattern();
    }

    @Override
    public Optional<String> of(String answer) {
      AtomicReference<@Nullable String> found = new AtomicReference<>();
      BoundedSearch.find(
          pattern,
          answer,
          first -> found.set(first.groupCount() > 0 ? first.group(1) : first.group()));
      // An expression that also matches nothing finds that in every answer: no two agree by it.
      return Optional.ofNullable(found.get())
          .filter(text -> !text.isBlank())
          .flatMap(new Whole()::of);
    }
  }

  /**
   * What a JSON path leads to, in the answer or in the first object or list of it that is JSON.
   *
   * @param path for example {@code $.answer[0].value}; if it leads to several values, all count
   */
  record AtPath(JsonPath path) implements Extractor {
    private static final Pattern OPENING = Pattern.compile("[{\\[]");
    // An answer of nothing but brackets must not be read once for each of them.
    private static final int MOST_TRIED = 1_000;
    private static final JsonMapper FIRST =
        JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    @Override
    public String text() {
      return path.text();
    }

    @Override
    public Optional<String> of(String answer) {
      List<JsonNode> values = json(answer).stream().flatMap(path::values).toList();
      return switch (values.size()) {
        case 0 -> Optional.empty();
        case 1 -> counting(values.getFirst());
        default -> Optional.of(values.stream().map(AtPath::alike).toList().toString());
      };
    }

    private static Optional<String> counting(JsonNode value) {
      return value.isString()
          ? new Whole().of(value.asString())
          : Optional.of(alike(value).toString());
    }

    /** The same value written in one way: names in their order, 2.0 and 2e0 as 2. */
    private static JsonNode alike(JsonNode value) {
      JsonNodeFactory nodes = JsonNodeFactory.instance;
      if (value.isObject()) {
        ObjectNode sorted = nodes.objectNode();
        new TreeSet<>(value.propertyNames())
            .forEach(name -> sorted.set(name, alike(value.path(name))));
        return sorted;
      } else if (value.isArray()) {
        ArrayNode list = nodes.arrayNode();
        value.values().forEach(each -> list.add(alike(each)));
        return list;
      } else if (value.isFloatingPointNumber() && Double.isFinite(value.doubleValue())) {
        BigDecimal number = BigDecimal.valueOf(value.doubleValue()).stripTrailingZeros();
        return number.scale() <= 0
            ? nodes.numberNode(number.toBigInteger())
            : nodes.numberNode(number);
      }
      return value;
    }

    /** Agents like to put words, or a fence, around JSON. */
    private static Optional<JsonNode> json(String answer) {
      Matcher opening = OPENING.matcher(answer);
      for (int tried = 0; tried < MOST_TRIED && opening.find(); tried++) {
        try {
          return Optional.of(FIRST.readTree(answer.substring(opening.start())));
        } catch (JacksonException e) {
          // No JSON begins at this bracket; one may at the next.
        }
      }
      return Optional.empty();
    }
  }

  /**
   * The extractor of that name: {@code last-line}, {@code number}, a JSON path that begins with
   * {@code $}, or else a regular expression.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static Extractor named(String text) {
    return switch (text) {
      case "whole" -> new Whole();
      case "last-line" -> new LastLine();
      case "number" -> new Number();
      default -> {
        if (text.startsWith("$")) {
          yield new AtPath(path(text));
        }
        try {
          yield new Matching(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
          throw new IllegalArgumentException(
              "must be last-line, number, a JSON path such as $.answer, or a regular expression,"
                  + " and '"
                  + text
                  + "' is none: "
                  + e.getDescription());
        }
      }
    };
  }

  private static JsonPath path(String text) {
    try {
      return JsonPath.of(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' " + e.getMessage(), e);
    }
  }
}
