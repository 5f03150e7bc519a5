package dev.regatta.cli;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.aesh.command.option.Argument;
import org.aesh.command.option.Arguments;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;

/** The options of a command, read from where they are declared. */
final class OwnOptions {
  /** What options take that may be given several times; the library has no place for it. */
  private static final Map<String, String> LISTS =
      Map.of(
          "token",
          "NAME",
          "tool",
          "NAME",
          "prompt",
          "TEXT",
          "allow-command",
          "NAME",
          "category",
          "NAME",
          "only",
          "ID",
          "skip",
          "ID",
          "set",
          "SET",
          "check",
          "COMMAND");

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
  private String operand = "";
  private boolean command;

  OwnOptions(Class<?> declaring) {
    collect(declaring);
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
        command = operand.startsWith("--");
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

  /** How many words besides options it takes at most: one for each that its help page names. */
  int mostOperands() {
    return Arrays.stream(operand.split(" \\| "))
        .mapToInt(way -> way.split(" ").length)
        .max()
        .orElseThrow();
  }

  /** Whether what it takes besides options is a command of the user's, with words of its own. */
  boolean takesCommand() {
    return command;
  }

  /** The option that is spelled so, with its hyphens. */
  Optional<Own> find(String spelling) {
    return all.stream().filter(option -> option.spellings().contains(spelling)).findFirst();
  }
}
