package dev.regatta.cli;

import java.util.List;

/** What can be offered in a shell where a value is taken. */
sealed interface Completable {
  /** One of these. */
  record Words(List<String> words) implements Completable {}

  /** A file or a folder. */
  record Files() implements Completable {}

  /** A folder. */
  record Folders() implements Completable {}

  /** One of these, or a file; after one of these, a file. */
  record WordsOrFiles(List<String> words) implements Completable {}

  /** The id of a run, or its folder. */
  record Runs() implements Completable {}

  /** A program and its arguments. */
  record Programs() implements Completable {}

  /** Anything, such as a number. */
  record Nothing() implements Completable {}

  /** What fits a value that a help page calls so. */
  static Completable of(String value) {
    return switch (value) {
      case "AGENT" -> new Words(Fleet.AGENTS);
      case "CRITERION" -> new Words(Asking.criteria());
      case "ORDER" -> new Words(Proving.orders());
      case "FILE" -> new Files();
      case "[lint] FILE | history [FILE]" -> new WordsOrFiles(List.of("lint", "history"));
      case "WHENCE" -> new Words(List.of("suite", "auto"));
      case "DIR" -> new Folders();
      case "RUN" -> new Runs();
      case "bash|zsh|fish" -> new Words(List.of("bash", "zsh", "fish"));
      case "-- COMMAND [ARG …]" -> new Programs();
      default -> new Nothing();
    };
  }
}
