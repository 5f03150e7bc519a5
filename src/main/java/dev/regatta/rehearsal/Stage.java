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
    Optional<Answer.ToolUse> tool =
        rule.tool()
            .filter(it -> ask.toolUse().isEmpty() && ask.tools().contains(it.name()))
            .map(it -> toolUse(it, index, found, id));
    // Both halves of a conversation draw by the id of its tool use, so they add up to one draw.
    Optional<String> shared = tool.map(Answer.ToolUse::id).or(ask::toolUse);
    double seconds = rule.latency().at(fraction(shared.orElse(id)));
    return new Answer(
        Message.ID + id,
        shared.isPresent() ? seconds / 2 : seconds,
        rule.tokensPerSecond(),
        tool.isPresent() ? "" : Template.fill(rule.reply(), found),
        tool,
        rule.fault());
  }

  private static Answer.ToolUse toolUse(Rule.Call call, int index, Matcher found, String id) {
    String number = HexFormat.of().toHexDigits(index, RULE_DIGITS);
    return new Answer.ToolUse(
        Ask.TOOL_USE + number + id, call.name(), Template.fill(call.input(), found));
  }

  /** The rule that asked for a tool: its number is in the id, so a restart doesn't lose it. */
  private static int rule(String toolUse) {
    int start = Ask.TOOL_USE.length();
    int end = start + RULE_DIGITS;
    boolean ours =
        toolUse.length() >= end
            && toolUse.substring(start, end).chars().allMatch(HexFormat::isHexDigit);
    return ours ? HexFormat.fromHexDigits(toolUse, start, end) : -1;
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
