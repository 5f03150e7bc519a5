package dev.regatta.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The completion script for bash, from 3.2 on: what it offers comes from the options themselves.
 */
final class BashCompletion {
  private static final String HELPERS =
      """
      # Completes regatta's commands, options and values in bash: source <(regatta completion bash)

      _regatta_offer() {
        local line
        while IFS= read -r line; do COMPREPLY+=("$line"); done
      }

      _regatta_words() { _regatta_offer < <(compgen -W "$1" -- "$cur"); }

      _regatta_files() { # -f files, -d folders, -c programs
        _regatta_offer < <(compgen "$1" -- "$cur")
        compopt -o filenames 2>/dev/null
        # A name that begins with ~ is left to the shell.
        if [ ${#COMPREPLY[@]} -eq 0 ]; then compopt -o default 2>/dev/null; fi
      }

      _regatta_runs() { # the latest first: an id begins with its time
        local home=.regatta i
        for ((i = 2; i + 1 < COMP_CWORD; i++)); do
          if [ "${COMP_WORDS[i]}" = --home ]; then
            home=${COMP_WORDS[i + 1]}
            if [ "$home" = = ]; then home=${COMP_WORDS[i + 2]}; fi
          fi
        done
        _regatta_words "$(ls -1r "$home/runs" 2>/dev/null)"
        compopt -o nosort 2>/dev/null
        if [ ${#COMPREPLY[@]} -eq 0 ]; then _regatta_files -d; fi
      }

      """;

  private static final String BEGINNING =
      """
      _regatta() {
        local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
        local flags= valued= ends= skip= operands=0 i word
        COMPREPLY=()
        if [ "$COMP_CWORD" -eq 1 ]; then
          _regatta_words '@commands@ help --help --version'
          return
        fi
        # The shell takes --option=value apart into three words.
        if [ "$cur" = = ]; then
          cur=
        elif [ "$prev" = = ]; then
          prev=${COMP_WORDS[COMP_CWORD - 2]}
        fi
        case ${COMP_WORDS[1]} in
      """;

  private static final String MIDDLE =
      """
          help) ;;
          *) return ;;
        esac
        for ((i = 2; i < COMP_CWORD; i++)); do
          word=${COMP_WORDS[i]}
          if [ "$word" = = ]; then
            skip=yes
          elif [ -n "$skip" ]; then
            skip=
          elif [ "$word" = -- ]; then
            ends=yes
          else
            case $word in
              -*) case " $valued " in *" $word "*) skip=yes ;; esac ;;
              *)
                operands=$((operands + 1))
                if [ "${COMP_WORDS[1]}" = run ]; then ends=yes; fi
                ;;
            esac
          fi
        done
        if [ -z "$ends" ]; then
          case " $valued " in
            *" $prev "*)
              case $prev in
      """;

  private static final String END =
      """
              esac
              return
              ;;
          esac
          case $cur in
            -*)
              _regatta_words "$flags $valued"
              return
              ;;
          esac
        fi
        case ${COMP_WORDS[1]}:$operands in
      @operands@
          run:*) if [ -n "$ends" ]; then _regatta_files -f; else _regatta_words "$flags $valued"; fi ;;
          help:0) _regatta_words '@commands@' ;;
          *) _regatta_words "$flags $valued" ;;
        esac
      }

      complete -F _regatta regatta
      """;

  private BashCompletion() {}

  static String script(Map<String, OwnOptions> commands) {
    String names = String.join(" ", commands.keySet());
    StringBuilder script =
        new StringBuilder(HELPERS).append(BEGINNING.replace("@commands@", names));
    Map<String, Completable> values = new TreeMap<>();
    commands.forEach((name, options) -> {
      script
          .append("    ")
          .append(name)
          .append(") flags='")
          .append(spelled(options, option -> option.value().isEmpty()))
          .append("'; valued='")
          .append(spelled(options, option -> !option.value().isEmpty()))
          .append("' ;;\n");
      options.all().stream()
          .filter(option -> !option.value().isEmpty())
          .forEach(option ->
              values.put(String.join("|", option.spellings()), Completable.of(option.value())));
    });
    script.append(MIDDLE);
    values.forEach((spellings, value) -> {
      if (!(value instanceof Completable.Nothing)) {
        script.append("          ").append(line(spellings, value)).append('\n');
      }
    });
    return script
        .append(END.replace("@operands@", operands(commands)).replace("@commands@", names))
        .toString();
  }

  private static String spelled(OwnOptions options, Predicate<OwnOptions.Own> which) {
    return options.all().stream()
        .filter(which)
        .flatMap(option -> option.spellings().stream())
        .collect(Collectors.joining(" "));
  }

  private static String operands(Map<String, OwnOptions> commands) {
    return commands.entrySet().stream()
        .flatMap(command -> operand(command.getKey(), command.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private static Stream<String> operand(String name, OwnOptions options) {
    Completable operand = Completable.of(options.operand());
    return switch (operand) {
      case Completable.Nothing() -> Stream.of();
      case Completable.WordsOrFiles _ ->
          Stream.of(
              "    " + line(name + ":0", operand),
              "    " + line(name + ":1", new Completable.Files()));
      default -> Stream.of("    " + line(name + ":0", operand));
    };
  }

  private static String line(String pattern, Completable value) {
    return pattern + ") " + offer(value) + " ;;";
  }

  private static String offer(Completable value) {
    return switch (value) {
      case Completable.Words(List<String> words) ->
          "_regatta_words '" + String.join(" ", words) + "'";
      case Completable.WordsOrFiles(List<String> words) ->
          "_regatta_files -f; _regatta_words '" + String.join(" ", words) + "'";
      case Completable.Files() -> "_regatta_files -f";
      case Completable.Folders() -> "_regatta_files -d";
      case Completable.Runs() -> "_regatta_runs";
      case Completable.Programs() ->
          "if [ -n \"$ends$cur\" ]; then _regatta_files -c; else _regatta_words \"$flags $valued\";"
              + " fi";
      case Completable.Nothing() -> ":";
    };
  }
}
