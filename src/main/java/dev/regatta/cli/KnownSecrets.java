package dev.regatta.cli;

import dev.regatta.secret.Redactor;
import dev.regatta.secret.Secret;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The secrets that a command has come to know; nothing that it prints or keeps may hold one. */
final class KnownSecrets {
  private final Set<Secret> secrets = new LinkedHashSet<>();
  private volatile Redactor redactor = new Redactor(List.of());

  synchronized void add(Collection<Secret> more) {
    if (secrets.addAll(more)) {
      redactor = new Redactor(secrets);
    }
  }

  /** Knows all of them so far. */
  Redactor redactor() {
    return redactor;
  }
}
