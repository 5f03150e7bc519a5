package dev.regatta.cli;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at the words after a command before the library does, which takes some wrong ones without a
 * word and refuses others in words of its own.
 */
final class GivenWords {
  private final String command;
  private final OwnOptions own;
  private final Set<String> seen = new HashSet<>();
  private int operands;

  GivenWords(String command, OwnOptions own) {
    this.command = command;
    this.own = own;
  }

  /** Refuses the first word that is wrong. */
  void check(String[] words) {
    boolean options = true;
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      if (options && word.equals("--")) {
        options = false;
      } else if (!options || !word.startsWith("-") || word.equals("-")) {
        operand(word);
      } else if (takesNext(word)) {
        Optional<String> next = i + 1 < words.length ? Optional.of(words[i + 1]) : Optional.empty();
        value(word, next.orElseThrow(() -> wrong(missing(word))));
        i++;
      }
      if (operands > 0 && own.takesCommand()) {
        return; // what follows is that command's own
      }
    }
  }

  private void operand(String word) {
    operands++;
    if (own.takesCommand()) {
      return;
    }
    if (own.operand().isEmpty()) {
      throw wrong("takes options only, and '" + word + "' is none");
    }
    if (operands > own.mostOperands()) {
      String what = own.mostOperands() > 1 ? "takes " : "takes one ";
      throw wrong(what + own.operand() + ", and '" + word + "' is one too many");
    }
  }

  /** Whether the next word is the value of this one, which is looked at here. */
  private boolean takesNext(String word) {
    return word.startsWith("--") ? longTakesNext(word) : shortTakesNext(word);
  }

  private boolean longTakesNext(String word) {
    int equals = word.indexOf('=');
    String spelling = equals < 0 ? word : word.substring(0, equals);
    OwnOptions.Own option = known(spelling, word);
    once(option);
    if (equals < 0) {
      return !option.value().isEmpty();
    }
    String value = word.substring(equals + 1);
    if (option.value().isEmpty()) {
      throw wrong("takes " + spelling + " without a value: leave out '=" + value + "'");
    }
    notEmpty(spelling, value);
    return false;
  }

  /** Flags may stand together; an option with a value stands alone, its value with it or after. */
  private boolean shortTakesNext(String word) {
    for (int at = 1; at < word.length(); at++) {
      String spelling = "-" + word.charAt(at);
      OwnOptions.Own option = known(spelling, word);
      once(option);
      if (!option.value().isEmpty()) {
        if (at > 1) {
          throw wrong(
              "takes "
                  + spelling
                  + " with a value, so it stands alone: "
                  + word.substring(0, at)
                  + " "
                  + spelling
                  + " "
                  + option.value());
        }
        String rest = word.substring(2);
        String value = rest.startsWith("=") ? rest.substring(1) : rest;
        if (!rest.isEmpty()) {
          notEmpty(spelling, value);
        }
        return rest.isEmpty();
      }
    }
    return false;
  }

  private OwnOptions.Own known(String spelling, String word) {
    return own.find(spelling)
        .orElseThrow(() ->
            wrong(
                "has no option "
                    + word
                    + (own.takesCommand()
                        ? "; put -- before a command that begins with a hyphen"
                        : "")
                    + elsewhere(spelling).orElseGet(() -> nearest(spelling))));
  }

  private static Optional<String> elsewhere(String spelling) {
    List<String> others =
        Commands.names().stream()
            .filter(name ->
                new OwnOptions(Commands.find(name).orElseThrow().command().get().getClass())
                    .find(spelling)
                    .isPresent())
            .map(name -> "regatta " + name)
            .toList();
    return others.isEmpty() || !spelling.startsWith("--")
        ? Optional.empty()
        : Optional.of("; it is one of " + String.join(", ", others));
  }

  private String nearest(String spelling) {
    return own.all().stream()
        .flatMap(option -> option.spellings().stream())
        .filter(known -> known.startsWith("--"))
        .min(Comparator.comparingInt(known -> Words.distance(spelling, known)))
        .filter(known -> Words.distance(spelling, known) <= (spelling.length() - 2) / 3 + 1)
        .filter(known -> spelling.startsWith("--"))
        .map(known -> ". Did you mean " + known + "?")
        .orElse("");
  }

  /** The library would take the first and say nothing. */
  private void once(OwnOptions.Own option) {
    boolean again = !seen.add(option.name());
    if (again && !option.repeated() && !option.value().isEmpty()) {
      throw wrong("takes --" + option.name() + " once, and it is given twice: keep one");
    }
  }

  /**
   * Refuses an option as the value of the one before it: most likely that one's value was
   * forgotten, and without the swallowed option the command may do something that costs money.
   */
  private void value(String option, String value) {
    if (own.find(value).isPresent()) {
      throw CliFailure.usage(
          option
              + " needs a value, and "
              + value
              + " is an option"
              + (option.startsWith("--")
                  ? "; if it is meant as the value, write " + option + "=" + value
                  : ""));
    }
    notEmpty(option, value);
  }

  private void notEmpty(String option, String value) {
    if (value.isEmpty()) {
      throw wrong("needs a value for " + option + ", and the one that is given is empty");
    }
  }

  private String missing(String option) {
    String value = own.find(option).map(OwnOptions.Own::value).orElseThrow();
    return "needs a value after " + option + ": " + option + " " + value;
  }

  private CliFailure wrong(String what) {
    return CliFailure.usage(
        "regatta "
            + command
            + " "
            + what
            + (what.endsWith("?") ? " " : ". ")
            + "regatta "
            + command
            + " --help shows its options.");
  }
}
