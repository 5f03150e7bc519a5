package dev.regatta.credential;

import dev.regatta.secret.Secret;

/**
 * A token or key for an API, under the name people know it by.
 *
 * @param name its name, for example {@code CLAUDE_CODE_TOKEN1}
 * @param value its value
 * @param kind what the value is
 */
public record Credential(String name, Secret value, Kind kind) {

  /** A credential whose kind is told from the value's prefix. */
  public Credential(String name, Secret value) {
    this(name, value, Kind.of(value));
  }

  /** What a value is: decides the variable in which a child gets it. */
  public enum Kind {
    /** An OAuth token of a subscription: {@code sk-ant-oat…}. */
    OAUTH_TOKEN("CLAUDE_CODE_OAUTH_TOKEN"),
    /** An API key: everything else. */
    API_KEY("ANTHROPIC_API_KEY");

    private final String variable;

    Kind(String variable) {
      this.variable = variable;
    }

    /** The environment variable in which the {@code claude} CLI takes a value of this kind. */
    public String variable() {
      return variable;
    }

    static Kind of(Secret value) {
      return value.reveal().startsWith("sk-ant-oat") ? OAUTH_TOKEN : API_KEY;
    }
  }
}
