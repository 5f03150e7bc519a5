package dev.regatta.rehearsal;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/**
 * Plays a script. What is drawn depends on the seed, the prompt and how often it came, not on the
 * order in which different prompts arrive: so a parallel run can be repeated.
 */
final class Stage {
  private static final int ID_DIGITS = 24;
  private static final int RULE_DIGITS = 4;
  private static final int STEP_DIGITS = 2;
  private static final HexFormat HEX = HexFormat.of();
  private static final String TITLE = "{\"title\":\"Rehearsal\"}";

  private final List<Rule> rules;
  private final long seed;
  private final List<AtomicLong> matched;
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

  Stage(Script script, long seed) {
    this.rules = script.rules();
    this.seed = seed;
    this.matched = Stream.generate(AtomicLong::new).limit(rules.size()).toList();
  }

  /** The answer to one request; a request that is sent again counts again. */
  Answer answer(Ask ask) {
    String key = digest(ask.prompt() + "\0" + ask.toolUse().orElse(""));
    int times = asked.computeIfAbsent(key, it -> new AtomicInteger()).incrementAndGet();
    String id = digest(key + times);
    if (ask.auxiliary()) {
      return new Answer(Message.ID + id, 0, 0, TITLE, Optional.empty(), Optional.empty());
    }
    int begun = ask.toolUse().map(Stage::rule).orElse(-1);
    for (int index = 0; index < rules.size(); index++) {
      Rule rule = rules.get(index);
      Matcher found = rule.match().matcher(ask.prompt());
      // Once a rule has asked for its tool, only faults may come between it and its reply.
      if ((begun < 0 || index == begun || rule.fault().isPresent())
          && found.find()
          && (index == begun || isTurn(index))) {
        return answer(ask, index, found, id);
      }
    }
    Rule last = ScriptReader.UNMATCHED;
    return new Answer(
        Message.ID + id,
        last.latency().at(fraction(id)),
        0,
        last.reply(),
        Optional.empty(),
        Optional.empty());
  }

  private boolean isTurn(int index) {
    Rule rule = rules.get(index);
    long before = matched.get(index).getAndIncrement();
    return before >= rule.after() && before - rule.after() < rule.times();
  }

  private Answer answer(Ask ask, int index, Matcher found, String id) {
    Rule rule = rules.get(index);
    boolean goesOn = ask.toolUse().map(Stage::rule).equals(Optional.of(index));
    Optional<Answer.ToolUse> tool =
        goesOn || ask.toolUse().isEmpty() ? nextTool(ask, index, found, id) : Optional.empty();
    // All parts of a conversation draw by the id of its tool uses, so they add up to one draw.
    Optional<String> shared = tool.map(Answer.ToolUse::id).or(ask::toolUse).map(Stage::digits);
    double seconds = rule.latency().at(fraction(shared.orElse(id)));
    return new Answer(
        Message.ID + id,
        shared.isPresent() ? seconds / (1 + Math.max(1, offered(rule, ask))) : seconds,
        rule.tokensPerSecond(),
        tool.isPresent() ? "" : Template.fill(rule.reply(), found, ask.result()),
        tool,
        rule.fault());
  }

  private static long offered(Rule rule, Ask ask) {
    return rule.tools().stream().filter(call -> ask.tools().contains(call.name())).count();
  }

  /** The first of the rule's tools that was not asked for yet; one that isn't offered is none. */
  private Optional<Answer.ToolUse> nextTool(Ask ask, int index, Matcher found, String id) {
    List<Rule.Call> calls = rules.get(index).tools();
    String digits = ask.toolUse().map(Stage::digits).orElse(id);
    for (int step = ask.toolUse().map(Stage::step).orElse(-1) + 1; step < calls.size(); step++) {
      Rule.Call call = calls.get(step);
      if (ask.tools().contains(call.name())) {
        String number = HEX.toHexDigits(index, RULE_DIGITS) + HEX.toHexDigits(step, STEP_DIGITS);
        return Optional.of(
            new Answer.ToolUse(
                Ask.TOOL_USE + number + digits,
                call.name(),
                Template.fill(call.input(), found, ask.result())));
      }
    }
    return Optional.empty();
  }

  /** The rule that asked for a tool: its number is in the id, so a restart doesn't lose it. */
  private static int rule(String toolUse) {
    return number(toolUse, 0, RULE_DIGITS);
  }

  /** Which of the rule's tools it was. */
  private static int step(String toolUse) {
    return number(toolUse, RULE_DIGITS, STEP_DIGITS);
  }

  private static int number(String toolUse, int from, int digits) {
    int start = Ask.TOOL_USE.length() + from;
    int end = start + digits;
    boolean ours =
        toolUse.length() >= end
            && toolUse.substring(start, end).chars().allMatch(HexFormat::isHexDigit);
    return ours ? HexFormat.fromHexDigits(toolUse, start, end) : -1;
  }

  /** What all tool uses of a conversation share. */
  private static String digits(String toolUse) {
    int start = Ask.TOOL_USE.length() + RULE_DIGITS + STEP_DIGITS;
    return toolUse.substring(Math.min(start, toolUse.length()));
  }

  private String digest(String text) {
    return Fingerprint.of(seed + "\0" + text).substring(0, ID_DIGITS);
  }

  private double fraction(String text) {
    byte[] hash =
        HexFormat.of().parseHex(Fingerprint.of(seed + "\0fraction\0" + text).substring(0, 16));
    return (ByteBuffer.wrap(hash).getLong() >>> 11) * 0x1p-53;
  }
}
