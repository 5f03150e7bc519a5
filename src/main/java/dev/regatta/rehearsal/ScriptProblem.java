package dev.regatta.rehearsal;

import org.jspecify.annotations.Nullable;

/** A script that can't be used. The message is one line: {@code FILE: FIELD: RULE}. */
public final class ScriptProblem extends RuntimeException {
  private static final long serialVersionUID = 1;

  ScriptProblem(String file, String field, String rule, @Nullable Throwable cause) {
    super(file + ": " + (field.isEmpty() ? "" : field + ": ") + rule, cause);
  }
}
