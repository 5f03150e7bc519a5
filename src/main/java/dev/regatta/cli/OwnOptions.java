package dev.regatta.cli;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aesh.command.option.Argument;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;

/** The options of a command, read from where they are declared. */
final class OwnOptions {
  /** What options take that may be given several times; the library has no place for it. */
  private static final Map<String, String> LISTS =
      Map.of("token", "NAME", "tool", "NAME", "prompt", "TEXT");

  /**
   * An option.
   *
   * @param name without hyphens
   * @param spellings all that it may be given as, its name first
   * @param description one line
   * @param value what its value is called, or empty if it takes none
   * @param repeated whether it may be given several times
   */
  record Own(
      String name, List<String> spellings, String description, String value, boolean repeated) {}

  private final List<Own> all = new ArrayList<>();
  private final Map<String, Boolean> takesValue = new HashMap<>();
  private String operand = "";

  OwnOptions(Class<?> declaring) {
    collect(declaring);
    for (Own option : all) {
      option.spellings().forEach(word -> takesValue.put(word, !option.value().isEmpty()));
    }
  }

  private void collect(Class<?> declaring) {
    for (Field field : declaring.getDeclaredFields()) {
      Option option = field.getAnnotation(Option.class);
      if (option != null) {
        String value = option.hasValue() ? option.argument() : "";
        all.add(new Own(option.name(), spellings(option), option.description(), value, false));
      }
      OptionList list = field.getAnnotation(OptionList.class);
      if (list != null) {
        String value = LISTS.getOrDefault(list.name(), "VALUE");
        all.add(new Own(list.name(), List.of("--" + list.name()), list.description(), value, true));
      }
      if (field.isAnnotationPresent(Argument.class)) {
        operand = field.getAnnotation(Argument.class).description();
      } else if (field.isAnnotationPresent(Arguments.class)) {
        operand = field.getAnnotation(Arguments.class).description();
      } else if (field.isAnnotationPresent(Mixin.class)) {
        collect(field.getType());
      }
    }
  }

  private static List<String> spellings(Option option) {
    List<String> spellings = new ArrayList<>(List.of("--" + option.name()));
    for (String alias : option.aliases()) {
      spellings.add("--" + alias);
    }
    if (option.shortName() != '\u0000') {
      spellings.add("-" + option.shortName());
    }
    return spellings;
  }

  /** All of them, in the order in which they are declared. */
  List<Own> all() {
    return List.copyOf(all);
  }

  /** What the command takes besides options, as its help page calls it; empty for nothing. */
  String operand() {
    return operand;
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
