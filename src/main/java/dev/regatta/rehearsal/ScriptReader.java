package dev.regatta.rehearsal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Makes a script of its text, and names the file, the field and the rule it breaks. */
final class ScriptReader {
  private static final String NOTHING_READ = "REHEARSAL: no model read this.";

  /** What answers a prompt that no rule answers. */
  static final Rule UNMATCHED =
      new Rule(
          Pattern.compile(""),
          Rule.Range.USUAL,
          0,
          NOTHING_READ,
          Optional.empty(),
          Optional.empty(),
          0,
          Integer.MAX_VALUE);

  private static final int MOST_AT_ONCE = 100_000;
  private static final double LONGEST = 86_400;
  private static final Set<Integer> STATUSES = Set.of(400, 401, 403, 429, 500, 503, 529);
  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9-]{1,100}");
  private static final Pattern HEADER_VALUE = Pattern.compile("[ -~]{0,1000}");

  /** What frames the answer, and what marks it as a rehearsal: no script takes that off. */
  private static final Set<String> THE_SERVERS_OWN =
      Set.of(
          "x-regatta-rehearsal",
          "request-id",
          "x-request-id",
          "content-type",
          "content-length",
          "transfer-encoding",
          "connection");

  private static final Map<String, Fault.Break> BREAKS =
      Map.of(
          "stall", Fault.Break.STALL,
          "breakStream", Fault.Break.BREAK_STREAM,
          "malformed", Fault.Break.MALFORMED,
          "emptyStream", Fault.Break.EMPTY_STREAM,
          "noHeaders", Fault.Break.NO_HEADERS);
  private static final Set<String> TOP_FIELDS = Set.of("concurrency", "rules");
  static final Set<String> RULE_FIELDS =
      Set.of(
          "match",
          "latency",
          "tokensPerSecond",
          "reply",
          "tool",
          "fail",
          "retryAfter",
          "headers",
          "stall",
          "breakStream",
          "malformed",
          "emptyStream",
          "noHeaders",
          "times",
          "after");

  private final String file;

  ScriptReader(String file) {
    this.file = file;
  }

  Script read(String text) {
    JsonNode top = tree(text);
    fields(top, "", TOP_FIELDS);
    JsonNode list = top.path("rules");
    if (!list.isArray() || list.isEmpty()) {
      throw problem("rules", "must be a list of at least one rule");
    }
    List<Rule> rules = new ArrayList<>();
    for (JsonNode rule : list) {
      rules.add(rule(rule, "rules[" + rules.size() + "]"));
    }
    return new Script(rules, (int) whole(top, "", "concurrency", 1, MOST_AT_ONCE, MOST_AT_ONCE));
  }

  private JsonNode tree(String text) {
    try {
      return YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readTree(text);
    } catch (JacksonException e) {
      var place = e.getLocation();
      String at = place == null ? "" : " at line " + place.getLineNr();
      String why = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new ScriptProblem(file, "", "isn't YAML" + at + ": " + why, e);
    }
  }

  private Rule rule(JsonNode node, String place) {
    fields(node, place, RULE_FIELDS);
    Pattern match = match(node, place);
    Optional<Fault> fault = fault(node, place);
    String reply = text(node, place, "reply", NOTHING_READ);
    groups(match, reply, place + ".reply");
    return new Rule(
        match,
        latency(node, place, fault.isPresent() ? Rule.Range.NONE : Rule.Range.USUAL),
        number(node.path("tokensPerSecond"), place + ".tokensPerSecond", 0, 1e6, 0),
        reply,
        tool(node.path("tool"), place + ".tool", match),
        fault,
        whole(node, place, "after", 0, Integer.MAX_VALUE, 0),
        whole(node, place, "times", 1, Integer.MAX_VALUE, Integer.MAX_VALUE));
  }

  private Pattern match(JsonNode node, String place) {
    try {
      return Pattern.compile(text(node, place, "match", ""));
    } catch (PatternSyntaxException e) {
      throw new ScriptProblem(
          file, place + ".match", "isn't a regular expression: " + e.getDescription(), e);
    }
  }

  private Rule.Range latency(JsonNode node, String place, Rule.Range usual) {
    JsonNode latency = node.path("latency");
    String field = place + ".latency";
    if (!latency.isArray()) {
      double most = number(latency, field, 0, LONGEST, -1);
      return most < 0 ? usual : new Rule.Range(most, most);
    }
    if (latency.size() != 2) {
      throw problem(field, "must be seconds, or a list [least, most]");
    }
    double least = number(latency.path(0), field + "[0]", 0, LONGEST, 0);
    return new Rule.Range(least, number(latency.path(1), field + "[1]", least, LONGEST, 0));
  }

  private Optional<Rule.Call> tool(JsonNode node, String place, Pattern match) {
    if (node.isMissingNode()) {
      return Optional.empty();
    }
    fields(node, place, Set.of("name", "input"));
    String name = text(node, place, "name", "");
    if (name.isEmpty()) {
      throw problem(place + ".name", "must name a tool");
    }
    JsonNode input = node.path("input");
    if (!input.isObject()) {
      throw problem(place + ".input", "must be a mapping");
    }
    groups(match, input.toString(), place + ".input");
    return Optional.of(new Rule.Call(name, input));
  }

  private Optional<Fault> fault(JsonNode node, String place) {
    List<String> named = new ArrayList<>();
    for (String name :
        List.of("fail", "stall", "breakStream", "malformed", "emptyStream", "noHeaders")) {
      if (node.has(name)) {
        named.add(name);
      }
    }
    if (named.size() > 1) {
      throw problem(place + "." + named.get(1), "can't stand beside " + named.get(0));
    }
    if (named.contains("fail")) {
      return Optional.of(refusal(node, place));
    }
    for (String name : List.of("retryAfter", "headers")) {
      if (node.has(name)) {
        throw problem(place + "." + name, "needs fail");
      }
    }
    for (String name : named) {
      if (!node.path(name).isBoolean() || !node.path(name).asBoolean()) {
        throw problem(place + "." + name, "must be true, or left out");
      }
      return Optional.ofNullable(BREAKS.get(name));
    }
    return Optional.empty();
  }

  private Fault refusal(JsonNode node, String place) {
    int status = (int) whole(node, place, "fail", 0, 999, 0);
    if (!STATUSES.contains(status)) {
      throw problem(place + ".fail", "must be 400, 401, 403, 429, 500, 503 or 529");
    }
    OptionalInt retryAfter =
        node.has("retryAfter")
            ? OptionalInt.of((int) whole(node, place, "retryAfter", 0, Integer.MAX_VALUE, 0))
            : OptionalInt.empty();
    JsonNode given = node.path("headers");
    if (!given.isMissingNode() && !given.isObject()) {
      throw problem(place + ".headers", "must be a mapping of names to values");
    }
    Map<String, String> headers = new TreeMap<>();
    given.properties().forEach(it -> headers.put(header(it.getKey(), place), value(it, place)));
    return new Fault.Refusal(status, retryAfter, headers);
  }

  private String header(String name, String place) {
    if (!HEADER_NAME.matcher(name).matches()) {
      throw problem(place + ".headers", "names are letters, digits and hyphens");
    }
    if (THE_SERVERS_OWN.contains(name.toLowerCase(Locale.ROOT))) {
      throw problem(place + ".headers." + name, "is set by the server alone");
    }
    return name;
  }

  private String value(Map.Entry<String, JsonNode> header, String place) {
    String value = header.getValue().isValueNode() ? header.getValue().asString() : "\n";
    if (!HEADER_VALUE.matcher(value).matches()) {
      throw problem(place + ".headers." + header.getKey(), "must be one line of ASCII text");
    }
    return value;
  }

  private void groups(Pattern match, String template, String place) {
    int most = match.matcher("").groupCount();
    int named = Template.greatestGroup(template).orElse(0);
    if (named > most) {
      throw problem(place, "names ${" + named + "}, but match has " + most + " groups");
    }
  }

  private void fields(JsonNode node, String place, Set<String> known) {
    if (!node.isObject()) {
      throw problem(place, "must be a mapping");
    }
    for (String name : node.propertyNames()) {
      if (!known.contains(name)) {
        String field = place.isEmpty() ? name : place + "." + name;
        throw problem(field, "isn't a field here; known are " + known.stream().sorted().toList());
      }
    }
  }

  private String text(JsonNode node, String place, String name, String otherwise) {
    JsonNode value = node.path(name);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isString()) {
      throw problem(place + "." + name, "must be text; put it in quotes");
    }
    return value.asString();
  }

  private double number(JsonNode value, String place, double least, double most, double otherwise) {
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isNumber() || !(value.asDouble() >= least && value.asDouble() <= most)) {
      throw problem(place, "must be a number from " + least + " to " + most);
    }
    return value.asDouble();
  }

  private long whole(
      JsonNode node, String place, String name, long least, long most, long otherwise) {
    JsonNode value = node.path(name);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.asLong() < least
        || value.asLong() > most) {
      String field = place.isEmpty() ? name : place + "." + name;
      throw problem(field, "must be a whole number from " + least + " to " + most);
    }
    return value.asLong();
  }

  private ScriptProblem problem(String field, String rule) {
    return new ScriptProblem(file, field, rule, (@Nullable Throwable) null);
  }
}
