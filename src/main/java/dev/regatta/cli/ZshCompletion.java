package dev.regatta.cli;

import java.util.List;
import java.util.Map;

/** The completion script for zsh: what it offers comes from the options themselves. */
final class ZshCompletion {
  private static final String BEGINNING =
      """
      #compdef regatta
      # Completes regatta's commands, options and values in zsh. Put it as _regatta into a folder of
      # your $fpath: regatta completion zsh > ~/.zfunc/_regatta

      _regatta_runs() { # the latest first: an id begins with its time
        local -a runs
        runs=( ${~opt_args[--home]:-.regatta}/runs/*(N/On:t) )
        compadd -V runs -a runs || _files -/
      }

      _regatta() {
        local context state line
        local -a named # not 'commands', which is zsh's own table of programs
        typeset -A opt_args
        named=(
      """;

  private static final String MIDDLE =
      """
        )
        if (( CURRENT == 2 )); then
          _describe -t commands command named
          return
        fi
        shift words
        (( CURRENT-- ))
        case $words[1] in
      """;

  private static final String END =
      """
          help) _describe -t commands command named ;;
        esac
      }

      if [ "$funcstack[1]" = _regatta ]; then
        _regatta "$@"
      else
        compdef _regatta regatta
      fi
      """;

  private ZshCompletion() {}

  static String script(Map<String, OwnOptions> commands) {
    StringBuilder script = new StringBuilder(BEGINNING);
    commands
        .keySet()
        .forEach(name ->
            script
                .append("    ")
                .append(quoted(name + ":" + Commands.find(name).orElseThrow().line()))
                .append('\n'));
    script.append(MIDDLE);
    commands.forEach((name, options) -> script.append(arguments(name, options)));
    return script.append(END).toString();
  }

  private static String arguments(String name, OwnOptions options) {
    StringBuilder arguments = new StringBuilder("    " + name + ")\n      _arguments -S");
    for (OwnOptions.Own option : options.all()) {
      for (String spelling : option.spellings()) {
        arguments.append(" \\\n        ").append(quoted(specification(option, spelling)));
      }
    }
    switch (Completable.of(options.operand())) {
      case Completable.Nothing() -> {
        // only options
      }
      case Completable.Programs() ->
          arguments
              .append(" \\\n        '(-)1:command: _command_names -e'")
              .append(" \\\n        '*::argument: _normal'");
      case Completable.WordsOrFiles(List<String> words) ->
          arguments
              .append(" \\\n        ")
              .append(quoted("1:FILE:{compadd " + String.join(" ", words) + "; _files}"))
              .append(" \\\n        '2:FILE:_files'");
      case Completable operand ->
          arguments
              .append(" \\\n        ")
              .append(quoted("1:" + plain(options.operand()) + action(operand)));
    }
    return arguments.append("\n      ;;\n").toString();
  }

  /** In zsh's words: what it excludes, what it is, what it takes and how that is completed. */
  private static String specification(OwnOptions.Own option, String spelling) {
    String alone = option.repeated() ? "*" : "(" + String.join(" ", option.spellings()) + ")";
    String begins = alone + spelling;
    String described = "[" + plain(option.description()) + "]";
    if (option.value().isEmpty()) {
      return begins + described;
    }
    return begins
        + (spelling.startsWith("--") ? "=" : "+")
        + described
        + ":"
        + plain(option.value())
        + action(Completable.of(option.value()));
  }

  private static String action(Completable value) {
    return switch (value) {
      case Completable.Words(List<String> words) -> ":(" + String.join(" ", words) + ")";
      case Completable.WordsOrFiles(List<String> ignored) -> ":_files";
      case Completable.Files() -> ":_files";
      case Completable.Folders() -> ":_files -/";
      case Completable.Runs() -> ":_regatta_runs";
      case Completable.Programs() -> ":_command_names -e";
      case Completable.Nothing() -> ": ";
    };
  }

  private static String plain(String text) {
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:");
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
