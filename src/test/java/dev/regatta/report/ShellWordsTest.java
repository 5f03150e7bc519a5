package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShellWordsTest {
  private static final String[] PIECES = {
    "a",
    "'",
    "\"",
    "\\",
    "$HOME",
    "`id`",
    "!",
    " ",
    "\n",
    "\t",
    "\u001b[31m",
    "é",
    "😀",
    "\u202e",
    "*",
    "~",
    "#",
    "x27",
    "7",
    "-",
    "\u0001",
    "%s",
    "\u00a0",
    "\u009b"
  };

  private static String pasted(String line) throws Exception {
    Process process =
        new ProcessBuilder("bash", "-c", line)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  @Test
  void whateverAWordHoldsAShellReadsItAsItWas() throws Exception {
    Random random = new Random(3);
    List<String> words = new ArrayList<>(List.of("", "plain", "a b", "it's"));
    for (int i = 0; i < 300; i++) {
      StringBuilder word = new StringBuilder();
      for (int piece = random.nextInt(8); piece >= 0; piece--) {
        word.append(PIECES[random.nextInt(PIECES.length)]);
      }
      words.add(word.toString());
    }
    StringBuilder line = new StringBuilder("export LC_ALL=C.UTF-8; printf '%s\\0'");
    words.forEach(word -> line.append(' ').append(ShellWords.quoted(word)));
    assertThat(pasted(line.toString()).split("\0", -1))
        .startsWith(words.toArray(String[]::new))
        .hasSize(words.size() + 1);
  }

  @Test
  void whatIsPastedIsOneLineAndShowsAllOfItself() {
    assertThat(ShellWords.quoted("suite.json")).isEqualTo("suite.json");
    assertThat(ShellWords.quoted("my suite's")).isEqualTo("'my suite'\\''s'");
    assertThat(ShellWords.quoted("a\nb\u001b")).isEqualTo("$'a\\nb\\x1b'");
  }

  @Test
  void aCommandThatIsPastedDoesWhatTheServersShellDid() throws Exception {
    String line = "printf '%s\\n' \"it's\" $((1 + 1)); cat; exit 3";
    assertThat(pasted(ShellWords.run(line) + "; echo $?")).isEqualTo("it's\n2\n3\n");
    String lines = "printf 'one\\n'\nprintf \"$((1 + 1))\u0001!\\n\"\n";
    assertThat(ShellWords.run(lines)).doesNotContain("\n", "\u0001", "!");
    assertThat(pasted(ShellWords.run(lines))).isEqualTo("one\n2\u0001!\n");
  }
}
