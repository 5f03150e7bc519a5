package dev.regatta.cli;

import dev.regatta.credential.CredentialSources;
import dev.regatta.secret.Secret;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Variables from a file of lines {@code NAME=value}, as {@code .env} files have them: {@code
 * export} before the name, quotes around the value and comments are understood, nothing is
 * expanded.
 *
 * @param variables by name
 */
record EnvFile(Map<String, String> variables) {
  private static final long MOST_BYTES = 1 << 20;
  private static final Pattern LINE =
      Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*)");
  private static final Pattern SECRET =
      Pattern.compile("KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|AUTH");

  /** Shorter ones could not be taken out of outputs without taking out words. */
  private static final int SHORTEST = 8;

  static EnvFile read(Path file, String label) {
    Map<String, String> variables = new LinkedHashMap<>();
    int number = 0;
    for (String line : lines(file, label)) {
      number++;
      String stripped = line.strip();
      if (stripped.isEmpty() || stripped.startsWith("#")) {
        continue;
      }
      Matcher found = LINE.matcher(stripped);
      if (!found.matches()) {
        // The line may hold a secret, so it is not repeated.
        throw CliFailure.usage(
            "--env-file " + label + ":" + number + ": is no line NAME=value, and no comment");
      }
      variables.put(found.group(1), value(found.group(2)));
    }
    return new EnvFile(variables);
  }

  private static List<String> lines(Path file, String label) {
    try {
      if (!Files.isRegularFile(file)) {
        throw CliFailure.usage("--env-file " + label + ": there is no such file");
      }
      if (Files.size(file) > MOST_BYTES) {
        throw CliFailure.usage("--env-file " + label + ": is longer than 1 MiB");
      }
      return Files.readAllLines(file);
    } catch (MalformedInputException e) {
      throw CliFailure.usage("--env-file " + label + ": is no text in UTF-8");
    } catch (IOException e) {
      throw CliFailure.usage("--env-file " + label + ": can't be read: " + Reasons.of(e));
    }
  }

  private static String value(String written) {
    for (String quote : List.of("\"", "'")) {
      if (written.length() > 1 && written.startsWith(quote) && written.endsWith(quote)) {
        return written.substring(1, written.length() - 1);
      }
    }
    int comment = written.indexOf(" #");
    return (comment < 0 ? written : written.substring(0, comment)).strip();
  }

  /** The values that look like credentials, by the names of their variables. */
  List<Secret> secrets() {
    return variables.entrySet().stream()
        .filter(it ->
            CredentialSources.KNOWN_VARIABLES.contains(it.getKey())
                || SECRET.matcher(it.getKey().toUpperCase(Locale.ROOT)).find())
        .map(Map.Entry::getValue)
        .filter(value -> value.length() >= SHORTEST)
        .map(Secret::new)
        .toList();
  }
}
