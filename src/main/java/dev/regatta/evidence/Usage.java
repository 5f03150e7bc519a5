package dev.regatta.evidence;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Transcript;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Tokens; what was not told counts as none.
 *
 * @param input read, without those of the cache
 * @param output generated
 * @param cacheRead read from the cache
 * @param cacheCreation written to the cache
 */
record Usage(long input, long output, long cacheRead, long cacheCreation) {
  static final Usage NONE = new Usage(0, 0, 0, 0);

  static Usage of(Exchange.Message message) {
    return of(
        message.inputTokens(),
        message.outputTokens(),
        message.cacheReadTokens(),
        message.cacheCreationTokens());
  }

  static Usage of(Transcript.Message message) {
    return of(
        message.inputTokens(),
        message.outputTokens(),
        message.cacheReadTokens(),
        message.cacheCreationTokens());
  }

  static Usage of(Claims.Use use) {
    return of(
        use.inputTokens(), use.outputTokens(), use.cacheReadTokens(), use.cacheCreationTokens());
  }

  /** All that an agent says it used: by its models, which sub-agents are part of, if it tells. */
  static Optional<Usage> of(Claims claims) {
    Map<String, Claims.Use> models = claims.models();
    if (models != null && !models.isEmpty()) {
      return Optional.of(models.values().stream().map(Usage::of).collect(sum()));
    }
    return claims.inputTokens() == null || claims.outputTokens() == null
        ? Optional.empty()
        : Optional.of(withoutModels(claims));
  }

  /** What an agent says it used itself. */
  static Usage withoutModels(Claims claims) {
    return of(
        claims.inputTokens(),
        claims.outputTokens(),
        claims.cacheReadTokens(),
        claims.cacheCreationTokens());
  }

  private static Usage of(
      @Nullable Long input, @Nullable Long output, @Nullable Long read, @Nullable Long creation) {
    return new Usage(orNone(input), orNone(output), orNone(read), orNone(creation));
  }

  private static long orNone(@Nullable Long count) {
    return count == null ? 0 : count;
  }

  private static Collector<Usage, ?, Usage> sum() {
    return java.util.stream.Collectors.reducing(NONE, Usage::plus);
  }

  static Usage sum(Collection<Usage> all) {
    return all.stream().collect(sum());
  }

  Usage plus(Usage other) {
    return new Usage(
        input + other.input,
        output + other.output,
        cacheRead + other.cacheRead,
        cacheCreation + other.cacheCreation);
  }

  boolean isNone() {
    return equals(NONE);
  }

  /** What it counts, by the words of reports. */
  Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    counts.put("input tokens", input);
    counts.put("output tokens", output);
    counts.put("tokens read from the cache", cacheRead);
    counts.put("tokens written to the cache", cacheCreation);
    return counts;
  }
}
