package dev.regatta.cli;

import dev.regatta.credential.CredentialSources;
import dev.regatta.process.OwnEnvironment;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Takes the user's tokens out of what agents could read of this process, before any starts. */
final class HiddenTokens {
  private static final Set<String> STARTING_AGENTS =
      Set.of("run", "ask", "prove", "demo", "doctor", "serve");

  private HiddenTokens() {}

  /**
   * Hides them if the command starts agents; then this process may become its own program once
   * more, and this does not return.
   *
   * @return the variables of this process, tokens too
   */
  static Map<String, String> hide(String[] words) {
    OwnEnvironment own = OwnEnvironment.ofProcess();
    if (words.length > 0 && STARTING_AGENTS.contains(words[0])) {
      Set<String> names = named(List.of(words));
      own.hide(names::contains)
          .ifPresent(why ->
              System.err.println(
                  "regatta: agents could read your tokens in this process's environment: " + why));
    }
    return own.variables();
  }

  /** The usual names, and those that the words give with {@code --token}. */
  private static Set<String> named(List<String> words) {
    Set<String> names = new HashSet<>(CredentialSources.KNOWN_VARIABLES);
    for (int i = 1; i < words.size() && !words.get(i).equals("--"); i++) {
      String word = words.get(i);
      if (word.startsWith("--token=")) {
        names.add(word.substring("--token=".length()));
      } else if (words.get(i - 1).equals("--token")) {
        names.add(word);
      }
    }
    return names;
  }
}
