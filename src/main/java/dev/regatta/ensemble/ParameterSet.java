package dev.regatta.ensemble;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What one instance is told that others are not.
 *
 * @param model the model; the plan's if empty
 * @param temperature from 0 to 2; the plan's if empty
 * @param flags further arguments of the agent's command line
 */
public record ParameterSet(
    Optional<String> model, Optional<Double> temperature, List<String> flags) {
  private static final String FLAGS = "flags=";

  /** Copies. */
  public ParameterSet {
    flags = List.copyOf(flags);
    temperature.ifPresent(value -> new Temperatures(value, value));
  }

  /**
   * Reads {@code model=M,temperature=T,flags=…}: any of the three, flags last, which take the rest
   * and are split at blanks.
   *
   * @throws IllegalArgumentException with the rule that is broken
   */
  public static ParameterSet parse(String text) {
    Optional<String> model = Optional.empty();
    Optional<Double> temperature = Optional.empty();
    String rest = text.strip();
    while (!rest.isEmpty() && !rest.startsWith(FLAGS)) {
      int comma = rest.indexOf(',');
      String part = (comma < 0 ? rest : rest.substring(0, comma)).strip();
      rest = comma < 0 ? "" : rest.substring(comma + 1).strip();
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals).strip();
      String value = equals < 0 ? "" : part.substring(equals + 1).strip();
      switch (value.isEmpty() ? "" : name) {
        case "model" -> model = Optional.of(value);
        case "temperature" -> temperature = Optional.of(temperature(value));
        default ->
            throw new IllegalArgumentException(
                "takes model=…, temperature=… and flags=…, and '" + part + "' is none of them");
      }
    }
    String flags = rest.isEmpty() ? "" : rest.substring(FLAGS.length()).strip();
    return new ParameterSet(
        model, temperature, flags.isEmpty() ? List.of() : Arrays.asList(flags.split("\\s+")));
  }

  private static double temperature(String value) {
    Temperatures one = Temperatures.parse(value);
    if (one.low() != one.high()) {
      throw new IllegalArgumentException(
          "takes one temperature, not a range: '" + value + "'; --temperatures takes a range");
    }
    return one.low();
  }
}
