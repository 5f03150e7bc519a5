package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.secret.Secret;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plants tokens, has an agent echo them in every form, and searches every byte a call wrote. */
class SecretsTest {
  private static final String OAUTH = "sk-ant-oat01-Planted+Oauth/Token=1\"q";
  private static final String KEY = "sk-ant-api03-Planted+Api/Key=2\\b";
  private static final String UNUSED = "sk-proj-planted-and-not-used-3";
  private static final String FILED = "sk-ant-api03-planted-in-a-file-4";
  private static final List<String> ALL = List.of(OAUTH, KEY, UNUSED, FILED);

  /** Prints all it was given in every form, also within its answer and its errors. */
  private static final String ECHO =
      """
      cat /proc/[0-9]*/cmdline > %1$s/argv.$$ 2>/dev/null
      env
      env >&2
      env | base64 -w0
      env | base64 -w0 | tr '+/' '-_'
      env | od -An -v -tx1 | tr -d ' \\n'
      env | sed 's/%%/%%25/g;s/+/%%2B/g;s,/,%%2F,g;s/=/%%3D/g;s/"/%%22/g;s/\\\\/%%5C/g'
      token="$CLAUDE_CODE_OAUTH_TOKEN$ANTHROPIC_API_KEY"
      json=$(printf '%%s' "$token" | sed 's/\\\\/\\\\\\\\/g;s/"/\\\\"/g')
      printf '\\n{"type":"system","subtype":"init","session_id":"%%s","model":"%%s","claude_code_version":"2.1.329","tools":["%%s"]}\\n' "$session" "$json" "$json"
      printf '{"type":"assistant","error":"server_error","message":{"id":"x","model":"m","content":[{"type":"text","text":"API Error: token %%s is bad"}]}}\\n' "$json"
      printf '{"type":"result","subtype":"success","is_error":%2$s,"duration_ms":300,"duration_api_ms":250,"num_turns":1,"result":"my token is %%s","session_id":"%%s","total_cost_usd":0.01,"usage":{"input_tokens":10,"output_tokens":5}}\\n' "$json" "$session"
      """;

  @TempDir Path folder;
  @TempDir Path programs;

  private Cli cli(boolean failing) {
    return Cli.in(folder)
        .onlyPath(FakeClaude.in(programs, ECHO.formatted(folder, failing)))
        .with("CLAUDE_CODE_TOKEN", OAUTH)
        .with("CLAUDE_CODE_TOKEN1", KEY)
        .with("OPENAI_API_KEY", UNUSED);
  }

  private static List<String> forms(String token) {
    byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
    List<String> forms = new ArrayList<>();
    forms.add(token);
    forms.add(URLEncoder.encode(token, StandardCharsets.UTF_8));
    forms.add(token.replace("\\", "\\\\").replace("\"", "\\\""));
    forms.add(HexFormat.of().formatHex(bytes));
    // What is certain of its Base64 wherever it begins: the digits that it alone decides.
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      String whole = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      String certain = whole.substring(4, whole.length() - 2);
      forms.add(certain);
      forms.add(certain.replace('+', '-').replace('/', '_'));
    }
    return forms;
  }

  private static void assertClean(String what, String bytes) {
    for (String token : ALL) {
      for (String form : forms(token)) {
        assertThat(bytes.contains(form)).as("%s holds a token as %s", what, form).isFalse();
      }
    }
  }

  private void assertNothingHoldsAToken(Cli.Ended ended) throws IOException {
    assertClean("standard output", ended.out());
    assertClean("standard error", ended.err());
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().equals("tokens")) {
          assertClean(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
          assertClean("the name of a file", file.toString());
        }
      }
    }
  }

  private void assertTheAgentRan() {
    assertThat(Cli.below(folder)).anyMatch(name -> name.startsWith("argv."));
    assertThat(Cli.below(folder)).anyMatch(name -> name.endsWith(".out"));
  }

  @Test
  void anAgentBehindTheGatewayHasNoTokenToPrintButAPlaceholderWhichIsTakenOutToo()
      throws IOException {
    Cli.Ended ended = cli(false).run("prove", "--prompt", "hi", "-P", "2", "--out", "proof");
    assertTheAgentRan();
    assertThat(folder.resolve("proof/attempts/r1-parallel-1.out"))
        .content(StandardCharsets.ISO_8859_1)
        .contains("[secret ")
        .doesNotContain("regatta-placeholder-")
        .doesNotContain(
            ALL.stream().map(token -> "[secret " + Secret.fingerprintOf(token)).toList());
    assertNothingHoldsAToken(ended);
  }

  @Test
  void aProofWhoseAgentPrintsItsEnvironmentHoldsNoToken() throws IOException {
    Cli.Ended ended =
        cli(false)
            .run("prove", "--no-witness", "--prompt", "hi", "-P", "2", "--out", "proof", "--debug");
    assertTheAgentRan();
    assertThat(ended.out()).contains("CLAUDE_CODE_TOKEN");
    assertThat(folder.resolve("proof/attempts/r1-parallel-1.out"))
        .content(StandardCharsets.ISO_8859_1)
        .contains("[secret ");
    assertNothingHoldsAToken(ended);
    assertNothingHoldsAToken(cli(false).within("show", "proof"));
    assertNothingHoldsAToken(cli(false).within("show", "proof", "--json"));
    assertThat(Parsed.json(cli(false).within("show", "proof", "--json").out()).isObject()).isTrue();
  }

  @Test
  void aFailureThatNamesTheTokenIsReportedWithoutIt() throws IOException {
    Cli.Ended ended =
        cli(true).run("prove", "--prompt", "hi", "-P", "2", "--out", "proof", "--debug", "--json");
    assertTheAgentRan();
    assertNothingHoldsAToken(ended);
    assertThat(Parsed.json(ended.out()).isObject()).isTrue();
  }

  @Test
  void aRunPrintsItsOutputsItsFailuresAndItsSummaryWithoutAToken() throws IOException {
    for (boolean failing : new boolean[] {false, true}) {
      Cli.Ended ended =
          cli(failing).input("one\ntwo\n").run("run", "--agent", "claude", "-P", "2", "--debug");
      assertNothingHoldsAToken(ended);
      assertThat(ended.out()).contains("[secret ");
      assertNothingHoldsAToken(
          cli(failing).input("one\n").run("run", "--agent", "claude", "--json"));
    }
    assertTheAgentRan();
    for (String run : Marked.runs(folder.resolve(".regatta"))) {
      assertNothingHoldsAToken(cli(false).within("show", run));
      assertNothingHoldsAToken(cli(false).within("show", run, "--json"));
    }
    assertNothingHoldsAToken(cli(false).within("runs", "--json"));
  }

  @Test
  void aPlainCommandGetsNoTokenAndWhatHoldsOneIsKeptWithoutIt() throws IOException {
    Cli.Ended ended =
        cli(false)
            .input("x\n")
            .run(
                "run",
                "--",
                "sh",
                "-c",
                "env; printf '%s' '" + KEY + "'; echo '" + UNUSED + "' >&2; exit 1",
                "sh");
    assertThat(ended.exit()).isEqualTo(1);
    assertNothingHoldsAToken(ended);
    assertThat(ended.out()).doesNotContain("CLAUDE_CODE_TOKEN", "OPENAI_API_KEY");
    assertThat(ended.out()).contains("[secret ");
  }

  @Test
  void aTokenInALineOfStandardInputIsNeitherKeptNorShown() throws IOException {
    Cli.Ended ended = cli(false).input(KEY + "\n").run("run", "--", "false");
    assertNothingHoldsAToken(ended);
    assertNothingHoldsAToken(
        cli(false).within("show", Marked.runs(folder.resolve(".regatta")).getFirst()));
  }

  @Test
  void tokensOfAFileAndOfACommandAreAsWellKept() throws IOException {
    Path tokens = folder.resolve("tokens");
    Files.writeString(tokens, "FILED=" + FILED + "\n");
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
    Cli.Ended ended =
        Cli.in(folder)
            .onlyPath(FakeClaude.in(programs, ECHO.formatted(folder, false)))
            .with("SOURCE", KEY)
            .run(
                "prove",
                "--token-file",
                "tokens",
                "--token-command",
                "printf '%s' \"$SOURCE\"",
                "--prompt",
                "hi",
                "-P",
                "2",
                "--debug");
    assertTheAgentRan();
    assertThat(ended.out()).contains("FILED").contains("TOKEN_COMMAND");
    assertNothingHoldsAToken(ended);
  }

  @Test
  void aTokenUnderANameOfOnesOwnIsKeptFromPlainCommandsToo() throws IOException {
    Cli.Ended ended =
        Cli.in(folder)
            .with("MINE", KEY)
            .input("x\n")
            .run(
                "run",
                "--token",
                "MINE",
                "--",
                "sh",
                "-c",
                "env; echo \"$MINE\"; printf '%s' '" + KEY + "'",
                "sh");
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(ended.out()).doesNotContain("MINE=").contains("[secret ");
    assertNothingHoldsAToken(ended);
  }

  @Test
  void messagesAboutWrongCallsDoNotRepeatAToken() throws IOException {
    String[][] calls = {
      {"run", "--tasks", KEY},
      {"show", KEY},
      {KEY},
      {"prove", "--base-url", "http://user:" + OAUTH + "@127.0.0.1", "--debug"},
      {"prove", "--rounds", KEY, "--debug"},
      {"prove", "--token", KEY},
      {"prove", "--agent", UNUSED},
      {"run", "--resume", KEY}
    };
    for (String[] call : calls) {
      Cli.Ended ended = cli(false).within(call);
      assertThat(ended.exit()).isIn(2, 3);
      assertThat(ended.err()).contains("regatta: ");
      assertNothingHoldsAToken(ended);
    }
  }
}
