package dev.regatta.cli;

import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;

/** The names of the options of {@code run}, read from where they are declared. */
final class RunWords {
  private static final Map<String, Boolean> TAKES_VALUE = new HashMap<>();

  static {
    for (Class<?> options : List.of(RunOptions.class, AgentOptions.class, CommonOptions.class)) {
      for (Field field : options.getDeclaredFields()) {
        Option option = field.getAnnotation(Option.class);
        if (option != null) {
          TAKES_VALUE.put("--" + option.name(), option.hasValue());
          for (String alias : option.aliases()) {
            TAKES_VALUE.put("--" + alias, option.hasValue());
          }
          if (option.shortName() != '\u0000') {
            TAKES_VALUE.put("-" + option.shortName(), option.hasValue());
          }
        }
        OptionList list = field.getAnnotation(OptionList.class);
        if (list != null) {
          TAKES_VALUE.put("--" + list.name(), true);
        }
      }
    }
  }

  private RunWords() {}

  /** Whether that is an option, maybe with its value attached. */
  static boolean known(String word) {
    String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
    boolean attached = !word.startsWith("--") && word.length() > 2;
    return TAKES_VALUE.containsKey(attached ? word.substring(0, 2) : name);
  }

  /** Whether the next word is that option's value. */
  static boolean takesValue(String word) {
    return TAKES_VALUE.getOrDefault(word, false);
  }
}
