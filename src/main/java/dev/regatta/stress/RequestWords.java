package dev.regatta.stress;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the wording of a request is. */
final class RequestWords {
  private static final Pattern ORDER =
      Pattern.compile(
          "(?i)^\\W*((please|first|then|next|now|finally|and)[,:]?\\s+)*(add|analy[sz]e|answer|build"
              + "|calculate|compare|create|demonstrate|deploy|design|develop|execute|explain|find"
              + "|format|generate|guide|help|implement|improve|iterate|launch|list|make|measure|optimi[sz]e|produce|refactor|research|review|run|set"
              + " up|show|start|stream|take|track|try|update|use|write)\\b");

  private static final Pattern STEPS =
      Pattern.compile(
          "(?is)\\bthen\\b|\\bfinally\\b|\\bafter"
              + " (that|wards)\\b|\\bsteps?\\b|\\biterat(e|ions?)\\b|\\b1[.)]\\s.*\\b2[.)]\\s|\\b\\d+"
              + " times\\b|\\beach (one|iteration|step)\\b");

  private static final Pattern QUESTION_BACK =
      Pattern.compile(
          "(?i)\\bask me\\b|\\bhelp me\\b|\\bguide me\\b|\\bwalk me\\b|\\blet me"
              + " (know|choose|decide)\\b|\\bwait for my\\b|\\bprompt me\\b|\\btell me"
              + " when\\b|\\bwhich (one )?would you like\\b|\\binteractive(ly)?\\b");

  private RequestWords() {}

  /** Whether it orders several things one after another. */
  static boolean orderSteps(String request) {
    long orders =
        Arrays.stream(request.split("(?<=[.!?;:])\\s+"))
            .filter(sentence -> ORDER.matcher(sentence).find())
            .count();
    return orders > 1 || orders == 1 && STEPS.matcher(request).find();
  }

  /** The words by which it wants somebody to answer, if it does. */
  static Optional<String> wantsAnswer(String request) {
    Matcher words = QUESTION_BACK.matcher(request);
    return words.find() ? Optional.of(words.group()) : Optional.empty();
  }
}
