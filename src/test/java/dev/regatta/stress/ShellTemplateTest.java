package dev.regatta.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values reach the program unchanged, whatever they hold, in real shells. */
class ShellTemplateTest {
  private static final List<String> PIECES =
      List.of(
          "a",
          " ",
          "  ",
          "\n",
          "\t",
          "'",
          "\"",
          "`",
          "$",
          "\\",
          "!",
          "*",
          "?",
          "~",
          "#",
          ";",
          "&",
          "|",
          "<",
          ">",
          "(",
          ")",
          "{",
          "}",
          "[",
          "]",
          "%",
          "$HOME",
          "$(touch hacked)",
          "`touch hacked`",
          "${REQUEST}",
          "'; touch hacked; '",
          "\"; touch hacked; \"",
          "\\\n",
          "\\'",
          "$'",
          "é",
          "漢",
          "😀",
          "-n",
          "=",
          "\r",
          "EOF");

  @TempDir Path folder;

  /** Each template gives the program these arguments; M and R stand for the values. */
  private static final List<List<String>> TEMPLATES =
      List.of(
          List.of("./show \"${METATAGS} ${REQUEST}\" --verbose", "M R", "--verbose"),
          List.of("./show \"[x] ${REQUEST}\"", "[x] R"),
          List.of("./show ${METATAGS} --prompt=${REQUEST}", "M", "--prompt=R"),
          List.of("./show '${METATAGS}, \"${REQUEST}\"'", "M, \"R\""),
          List.of("./show \"\\\"${REQUEST}\\\"\" 'it'\\''s' # don't mind\n", "\"R\"", "it's"),
          List.of("./show \"\\$${REQUEST}\" \\$${METATAGS}", "$R", "$M"),
          List.of("./show \"${METATAGS}${REQUEST}\"${METATAGS}''${REQUEST}", "MRMR"),
          List.of("(cd . && ./show \"${REQUEST}\")", "R"),
          List.of("x=${REQUEST}; ./show \"$x\" \"${x}\"", "R", "R"),
          List.of("./show \"$(printf '%s.' \"${REQUEST}\" ${METATAGS})\"", "R.M."),
          List.of("./show \"${NOT_SET:-plain}\" \"${REQUEST}\"", "plain", "R"));

  @Test
  void everyValueReachesTheProgramUnchanged() throws Exception {
    Path show = folder.resolve("show");
    Files.writeString(show, "#!/bin/sh\nfor a in \"$@\"; do printf '%s\\0' \"$a\"; done\n");
    assertThat(show.toFile().setExecutable(true)).isTrue();
    for (long seed = 1; seed <= 60; seed++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      String tags = text(random);
      String request = text(random);
      StringBuilder script = new StringBuilder();
      List<String> expected = new ArrayList<>();
      for (List<String> template : TEMPLATES) {
        script.append(line(template.getFirst(), tags, request)).append('\n');
        template.stream()
            .skip(1)
            .forEach(argument -> expected.add(filled(argument, tags, request)));
      }
      for (String shell : List.of("sh", "bash")) {
        assertThat(arguments(shell, script.toString()))
            .as("seed %d in %s", seed, shell)
            .isEqualTo(expected);
      }
    }
    assertThat(folder.resolve("hacked")).doesNotExist();
  }

  private static String filled(String argument, String tags, String request) {
    StringBuilder filled = new StringBuilder();
    for (char character : argument.toCharArray()) {
      switch (character) {
        case 'M' -> filled.append(tags);
        case 'R' -> filled.append(request);
        default -> filled.append(character);
      }
    }
    return filled.toString();
  }

  private static String line(String template, String tags, String request) {
    return ShellTemplate.of(template)
        .with(Map.of("METATAGS", tags, "REQUEST", request, "TIMESTAMP", "t", "MARKER", "m"));
  }

  private List<String> arguments(String shell, String script)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(shell, "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return List.of(said.split("\0", -1)).subList(0, said.split("\0", -1).length - 1);
  }

  private static String text(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(1, 12); left > 0; left--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    // What a substitution prints loses its last line ends: that is the shell's own rule.
    return text.append('.').toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          claude -p "${REQUEST}                 | a double quote in it does not end
          claude -p '${REQUEST}                 | a single quote in it does not end
          claude -p "$(echo ${REQUEST}"         | does not end
          (claude -p ${REQUEST}                 | a bracket in it does not end
          echo `echo ${REQUEST}`                | a backquote
          echo "`date`" "${REQUEST}"            | a backquote
          cat << E ${REQUEST}                   | a here-document
          echo $((1 + ${REQUEST}))              | arithmetic
          echo $'${REQUEST}'                    | $'…'
          echo "${X:-${REQUEST}}"               | a ${…} with more than a name
          echo "${X:-"y"}" ${REQUEST}           | a ${…} with more than a name
          echo "$${REQUEST}"                    | a $ right before a value
          echo $${REQUEST}                      | a $ right before a value
          echo a # ${REQUEST}                   | ${REQUEST} in a comment
          echo $(case a in a) echo ${REQUEST};; esac)  | 'case' within $(…)
          """)
  void aPlaceWhereNoQuotingIsSureIsRefused(String template, String why) {
    assertThat(ShellTemplate.fault(template))
        .hasValueSatisfying(fault -> assertThat(fault).contains(why));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"cat", "echo `date` $((1+1)) << E", "echo 'not closed", "echo \"${HOME}\" $'a'"})
  void aLineWithoutPlacesIsLeftAsItIs(String line) {
    assertThat(line(line, "m", "r")).isEqualTo(line);
  }
}
