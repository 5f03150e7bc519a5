package dev.regatta.cli;

import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.Map;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;

/** The options of a command, read from where they are declared. */
final class OwnOptions {
  private final Map<String, Boolean> takesValue = new HashMap<>();

  OwnOptions(Class<?> command) {
    collect(command);
  }

  private void collect(Class<?> declaring) {
    for (Field field : declaring.getDeclaredFields()) {
      Option option = field.getAnnotation(Option.class);
      if (option != null) {
        takesValue.put("--" + option.name(), option.hasValue());
        for (String alias : option.aliases()) {
          takesValue.put("--" + alias, option.hasValue());
        }
        if (option.shortName() != '\u0000') {
          takesValue.put("-" + option.shortName(), option.hasValue());
        }
      }
      OptionList list = field.getAnnotation(OptionList.class);
      if (list != null) {
        takesValue.put("--" + list.name(), true);
      }
      if (field.isAnnotationPresent(Mixin.class)) {
        collect(field.getType());
      }
    }
  }

  /** Whether that is an option, maybe with its value attached. */
  boolean known(String word) {
    String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
    boolean attached = !word.startsWith("--") && word.length() > 2;
    return takesValue.containsKey(attached ? word.substring(0, 2) : name);
  }

  /** Whether the next word is that option's value. */
  boolean takesValue(String word) {
    return takesValue.getOrDefault(word, false);
  }

  /**
   * Refuses an option as the value of the one before it: most likely that one's value was
   * forgotten, and without the swallowed option the command may do something that costs money.
   */
  void refuseAsValue(String option, String value) {
    if (takesValue.containsKey(value)) {
      throw CliFailure.usage(
          option
              + " needs a value, and "
              + value
              + " is an option"
              + (option.startsWith("--")
                  ? "; if it is meant as the value, write " + option + "=" + value
                  : ""));
    }
  }
}
