package dev.regatta.credential;

import dev.regatta.provider.Provider;
import dev.regatta.secret.Secret;

/**
 * A token or key for an API, under the name people know it by.
 *
 * @param name its name, for example {@code CLAUDE_CODE_TOKEN1}
 * @param value its value
 * @param kind what the value is
 */
public record Credential(String name, Secret value, Kind kind) {
  private static final String ANTHROPICS = "sk-ant-";

  /** A credential of Anthropic's, whose kind is told from the value's prefix. */
  public Credential(String name, Secret value) {
    this(name, value, Kind.of(value, Provider.ANTHROPIC));
  }

  /** Whose API it opens. */
  public Provider provider() {
    return kind.provider();
  }

  /**
   * The same, for that provider's API.
   *
   * @throws CredentialProblem if it is plainly one of another provider's, which must not see it
   */
  public Credential at(Provider provider) {
    if (provider != Provider.ANTHROPIC && value.reveal().startsWith(ANTHROPICS)) {
      throw CredentialProblem.refused(
          name
              + " holds a token of Anthropic's, and one of "
              + provider.called()
              + "'s is needed: name another with --token");
    }
    return new Credential(name, value, Kind.of(value, provider));
  }

  /** What a value is: decides the variable in which a child gets it. */
  public enum Kind {
    /** An OAuth token of a subscription: {@code sk-ant-oat…}. */
    OAUTH_TOKEN(Provider.ANTHROPIC, "CLAUDE_CODE_OAUTH_TOKEN"),
    /** An API key of Anthropic's: everything else that goes there. */
    API_KEY(Provider.ANTHROPIC, "ANTHROPIC_API_KEY"),
    /** An API key of OpenAI's. */
    OPENAI_KEY(Provider.OPENAI, "OPENAI_API_KEY"),
    /** An API key of Google's. */
    GEMINI_KEY(Provider.GOOGLE, "GEMINI_API_KEY");

    private final Provider provider;
    private final String variable;

    Kind(Provider provider, String variable) {
      this.provider = provider;
      this.variable = variable;
    }

    /** Whose API values of this kind open. */
    public Provider provider() {
      return provider;
    }

    /** The environment variable in which the provider's CLI takes a value of this kind. */
    public String variable() {
      return variable;
    }

    static Kind of(Secret value, Provider provider) {
      return switch (provider) {
        case ANTHROPIC -> value.reveal().startsWith("sk-ant-oat") ? OAUTH_TOKEN : API_KEY;
        case OPENAI -> OPENAI_KEY;
        case GOOGLE -> GEMINI_KEY;
      };
    }
  }
}
