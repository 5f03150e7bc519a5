package dev.regatta.credential;

import dev.regatta.provider.Provider;
import dev.regatta.secret.Secret;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Where credentials come from: variables, a file of the owner's alone, a command. */
public final class CredentialSources {
  private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";

  /** The variables in which credentials are usually given, ours and the providers' own. */
  public static final Set<String> KNOWN_VARIABLES =
      Arrays.stream(Provider.values())
          .flatMap(provider -> provider.allVariables().stream())
          .collect(Collectors.toUnmodifiableSet());

  /** A shorter value could not be taken out of outputs without taking out words. */
  private static final int SHORTEST = 8;

  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);

  private final Map<String, String> environment;

  /** Sources in this environment. */
  public CredentialSources(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * Refuses what cannot be the name of a variable: it may be a token that somebody gave in place of
   * its name, so it is not repeated.
   *
   * @throws CredentialProblem if it is no name
   */
  public static void requireName(String name) {
    if (!name.matches(NAME)) {
      throw CredentialProblem.refused(
          "--token takes the name of a variable that holds a token, never the token itself; if it"
              + " was one, replace it: arguments can be seen by others");
    }
  }

  /**
   * The credentials of these names.
   *
   * @throws CredentialProblem if a name is none, or a variable is not set, empty or too short
   */
  public List<Credential> named(List<String> names) {
    List<Credential> found = new ArrayList<>();
    for (String name : names) {
      requireName(name);
      String value = environment.get(name);
      if (value == null || value.isBlank()) {
        throw CredentialProblem.missing(
            "the variable "
                + name
                + " is not set: set it to a token, or leave out --token "
                + name);
      }
      found.add(credential(name, value, "the variable " + name));
    }
    return found;
  }

  /** The credentials of a provider's usual names that are set; maybe none. */
  public List<Credential> defaults(Provider provider) {
    return named(
            provider.variables().stream()
                .filter(name -> !environment.getOrDefault(name, "").isBlank())
                .toList())
        .stream()
        .map(found -> found.at(provider))
        .toList();
  }

  /** The values of all variables that usually hold one, whether they are used or not. */
  public List<Secret> secrets() {
    return secrets(KNOWN_VARIABLES);
  }

  /** What these variables hold, as far as it is long enough to be a secret. */
  public List<Secret> secrets(Collection<String> names) {
    return names.stream()
        .map(name -> environment.getOrDefault(name, "").strip())
        .filter(value -> value.length() >= SHORTEST)
        .map(Secret::new)
        .toList();
  }

  /**
   * The credentials in a file: lines {@code NAME=value}, empty lines and lines that begin with #.
   *
   * @throws CredentialProblem if it is not a plain file that only its owner can read, or a line is
   *     not of that form
   */
  public static List<Credential> file(Path file) {
    refuseIfShared(file);
    List<Credential> found = new ArrayList<>();
    int number = 0;
    for (String line : lines(file)) {
      number++;
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        continue;
      }
      int equals = line.indexOf('=');
      String name = equals < 0 ? "" : line.substring(0, equals).strip();
      if (!name.matches(NAME)) {
        throw CredentialProblem.refused(file + ":" + number + ": a line must be NAME=value");
      }
      found.add(credential(name, line.substring(equals + 1), file + ":" + number));
    }
    if (found.isEmpty()) {
      throw CredentialProblem.refused(file + " holds no credential: write lines NAME=value");
    }
    return found;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (MalformedInputException e) {
      throw CredentialProblem.refused(file + " is not a text in UTF-8");
    } catch (IOException e) {
      throw CredentialProblem.missing(file + " could not be read: " + reason(e));
    }
  }

  private static void refuseIfShared(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw CredentialProblem.refused(
          file + (Files.exists(file) ? " is not a plain file" : " is not there"));
    }
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return; // no such permissions on this system
    }
    try {
      Set<PosixFilePermission> permissions =
          Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
      boolean shared =
          permissions.stream()
              .anyMatch(permission ->
                  !permission.name().startsWith("OWNER_")); // group or others, to any end
      if (shared) {
        throw CredentialProblem.refused(
            file + " can be read or written by others: run chmod 600 " + file);
      }
    } catch (IOException e) {
      throw CredentialProblem.missing(file + " could not be looked at: " + reason(e));
    }
  }

  private static String reason(IOException e) {
    return e instanceof AccessDeniedException
        ? "permission denied; run chmod 600 on it"
        : String.valueOf(e.getMessage());
  }

  /**
   * The credential that a command prints.
   *
   * @param command run by the shell, for at most 30 seconds; what it prints on standard error is
   *     not shown, as it may hold the value
   * @throws CredentialProblem if it fails or prints nothing that could be one
   */
  public Credential command(String name, String command) {
    return command(name, command, COMMAND_LIMIT);
  }

  Credential command(String name, String command, Duration limit) {
    String printed = new TokenCommand(name, command, environment, limit).run();
    return credential(name, printed, "the output of the command for " + name);
  }

  /** So many credentials for a provider's API that nobody issued, for rehearsals. */
  public static List<Credential> invented(Provider provider, int count, RandomGenerator random) {
    List<Credential> invented = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      String value =
          String.format(
              Locale.ROOT,
              "%s-rehearsal-%016x%016x",
              prefix(provider),
              random.nextLong(),
              random.nextLong());
      invented.add(new Credential(name(provider) + i, new Secret(value)).at(provider));
    }
    return invented;
  }

  private static String name(Provider provider) {
    return switch (provider) {
      case ANTHROPIC -> "REHEARSAL_TOKEN_";
      case OPENAI -> "REHEARSAL_OPENAI_KEY_";
      case GOOGLE -> "REHEARSAL_GEMINI_KEY_";
    };
  }

  private static String prefix(Provider provider) {
    return switch (provider) {
      case ANTHROPIC -> "sk-ant-api03";
      case OPENAI -> "sk-proj";
      case GOOGLE -> "AIza";
    };
  }

  /**
   * Refuses credentials that are one and the same, or share a name.
   *
   * @throws CredentialProblem naming both
   */
  public static void requireDistinct(List<Credential> credentials) {
    Map<Secret, String> values = new HashMap<>();
    Map<String, Secret> names = new HashMap<>();
    for (Credential credential : credentials) {
      if (names.put(credential.name(), credential.value()) != null) {
        throw CredentialProblem.refused("the credential " + credential.name() + " is given twice");
      }
      Optional<String> twin =
          Optional.ofNullable(values.put(credential.value(), credential.name()));
      if (twin.isPresent()) {
        throw CredentialProblem.refused(
            twin.get()
                + " and "
                + credential.name()
                + " hold the same value: one token counts once, so leave one out");
      }
    }
  }

  private static Credential credential(String name, String given, String source) {
    String value = given.strip();
    if (value.startsWith("\"") || value.startsWith("'")) {
      throw CredentialProblem.refused(
          source + " begins with a quote: write the token without quotes");
    }
    // It becomes a header of HTTP, which holds nothing else.
    boolean word = value.chars().allMatch(character -> character > ' ' && character < 0x7f);
    if (value.length() < SHORTEST || !word) {
      throw CredentialProblem.refused(
          source + " holds no token: a token is one word of at least " + SHORTEST + " characters");
    }
    return new Credential(name, new Secret(value));
  }
}
