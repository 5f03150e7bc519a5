package dev.regatta.doctor;

import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialProblem;
import dev.regatta.credential.CredentialSources;
import dev.regatta.provider.Provider;
import dev.regatta.secret.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The credentials that a run would find, and what is wrong with those it would not.
 *
 * @param found each credential with its finding, in the order in which they were looked for
 * @param problems findings about those that cannot be used, and about all together
 * @param secrets every value that must not be shown, also of those that are not used
 */
record Tokens(Map<Credential, Finding> found, List<Finding> problems, Set<Secret> secrets) {
  /** Where the agents themselves look: read only when it is named. */
  private static final List<String> AGENTS_OWN =
      Arrays.stream(Provider.values())
          .flatMap(provider -> provider.agentsOwnVariables().stream().sorted())
          .toList();

  /** Where agents look for another address. */
  private static final List<String> ENDPOINTS =
      Arrays.stream(Provider.values()).map(Provider::addressVariable).toList();

  static Tokens of(Examination examination) {
    Tokens tokens = new Tokens(new LinkedHashMap<>(), new ArrayList<>(), new HashSet<>());
    tokens.keepSecret(examination);
    tokens.search(examination);
    tokens.problems.addAll(same(tokens.found.keySet()));
    if (tokens.found.isEmpty() && tokens.problems.isEmpty()) {
      tokens.problems.add(Diagnosis.CREDENTIAL_NONE.says("no credential was found"));
    }
    tokens.addUnused(examination);
    tokens.addIgnoredEndpoints(examination);
    return tokens;
  }

  /** Also what is refused as a credential may be one, and an address may hold a password. */
  private void keepSecret(Examination examination) {
    Set<String> names = new HashSet<>(CredentialSources.KNOWN_VARIABLES);
    names.addAll(examination.tokens());
    names.addAll(ENDPOINTS);
    secrets.addAll(new CredentialSources(examination.environment()).secrets(names));
  }

  private void search(Examination examination) {
    CredentialSources sources = new CredentialSources(examination.environment());
    for (String name : names(examination)) {
      try {
        for (Credential credential : sources.named(List.of(name))) {
          add(atItsProvider(credential), "in the variable " + name, examination);
        }
      } catch (CredentialProblem problem) {
        problems.add(
            Diagnosis.CREDENTIAL_UNUSABLE.about(
                Map.of("name", Plain.line(name)),
                Plain.line(String.valueOf(problem.getMessage()))));
      }
    }
    examination.tokenFile().ifPresent(file -> searchFile(file, examination));
  }

  /** By the name that it has; any other name is taken for one of Anthropic's. */
  private static Credential atItsProvider(Credential credential) {
    return credential.at(Provider.ofVariable(credential.name()).orElse(Provider.ANTHROPIC));
  }

  private static List<String> names(Examination examination) {
    if (!examination.tokens().isEmpty() || examination.tokenFile().isPresent()) {
      return examination.tokens();
    }
    return Arrays.stream(Provider.values())
        .flatMap(provider -> provider.variables().stream())
        .filter(name -> !examination.environment().getOrDefault(name, "").isBlank())
        .toList();
  }

  private void searchFile(Path file, Examination examination) {
    try {
      for (Credential credential : CredentialSources.file(file)) {
        add(atItsProvider(credential), "in the file " + Plain.line(file.toString()), examination);
      }
    } catch (CredentialProblem problem) {
      problems.add(
          Diagnosis.CREDENTIAL_FILE.says(Plain.line(String.valueOf(problem.getMessage()))));
    }
  }

  private void add(Credential credential, String source, Examination examination) {
    String unasked = examination.online() ? "" : "; --online asks whether it is accepted";
    secrets.add(credential.value());
    found.put(
        credential,
        Diagnosis.CREDENTIAL.about(
            Map.of("name", credential.name()), kind(credential) + " " + source + unasked));
  }

  private static String kind(Credential credential) {
    String kind =
        switch (credential.kind()) {
          case OAUTH_TOKEN -> "OAuth token";
          case API_KEY -> "API key";
          case OPENAI_KEY, GEMINI_KEY -> credential.provider().called() + " API key";
        };
    return kind + " " + credential.value().fingerprint();
  }

  private static List<Finding> same(Set<Credential> credentials) {
    Map<Secret, String> names = new HashMap<>();
    List<Finding> same = new ArrayList<>();
    for (Credential credential : credentials) {
      Optional<String> twin =
          Optional.ofNullable(names.putIfAbsent(credential.value(), credential.name()));
      twin.ifPresent(name ->
          same.add(
              Diagnosis.CREDENTIAL_SAME.says(
                  name
                      + " and "
                      + credential.name()
                      + " hold the same value, "
                      + credential.value().fingerprint())));
    }
    return same;
  }

  private void addUnused(Examination examination) {
    for (String name : AGENTS_OWN) {
      String value = examination.environment().getOrDefault(name, "").strip();
      if (!value.isEmpty() && !examination.tokens().contains(name)) {
        problems.add(
            Diagnosis.CREDENTIAL_UNUSED.about(
                Map.of("name", name),
                name + " is set (" + Secret.fingerprintOf(value) + "), and is not used by itself"));
      }
    }
  }

  private void addIgnoredEndpoints(Examination examination) {
    for (String variable : ENDPOINTS) {
      if (!examination.environment().getOrDefault(variable, "").isBlank()) {
        problems.add(
            Diagnosis.ENDPOINT_IGNORED.says(
                variable
                    + " is set, and is not followed: credentials go to the provider, or where"
                    + " --base-url says"));
      }
    }
  }
}
