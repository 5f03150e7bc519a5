package dev.regatta.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.regatta.provider.Provider;
import dev.regatta.secret.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialSourcesTest {
  private static final String OAUTH = "sk-ant-oat01-one-two-three";
  private static final String KEY = "sk-ant-api03-four-five-six";

  @TempDir Path folder;

  @Test
  void namedVariablesGiveTheirValuesInTheOrderAskedFor() {
    CredentialSources sources = new CredentialSources(Map.of("A", OAUTH, "B", KEY, "C", "x"));
    assertThat(sources.named(List.of("B", "A")))
        .containsExactly(
            new Credential("B", new Secret(KEY)), new Credential("A", new Secret(OAUTH)));
    assertThat(sources.named(List.of())).isEmpty();
  }

  @Test
  void theKindIsToldByThePrefixAndDecidesTheVariable() {
    assertThat(new Credential("a", new Secret(OAUTH)).kind())
        .isEqualTo(Credential.Kind.OAUTH_TOKEN);
    assertThat(new Credential("a", new Secret(KEY)).kind()).isEqualTo(Credential.Kind.API_KEY);
    assertThat(new Credential("a", new Secret("anything-else")).kind())
        .isEqualTo(Credential.Kind.API_KEY);
    assertThat(Credential.Kind.OAUTH_TOKEN.variable()).isEqualTo("CLAUDE_CODE_OAUTH_TOKEN");
    assertThat(Credential.Kind.API_KEY.variable()).isEqualTo("ANTHROPIC_API_KEY");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n"})
  void aVariableThatIsNotSetOrEmptyIsNamed(String value) {
    for (Map<String, String> environment :
        List.of(Map.<String, String>of(), Map.of("MY_TOKEN", value))) {
      refusal(() -> new CredentialSources(environment).named(List.of("MY_TOKEN")), true)
          .hasMessage(
              "the variable MY_TOKEN is not set: set it to a token, or leave out --token MY_TOKEN");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk-ant one",
        "sk-ant\none-two",
        "sk-ant\tone",
        "short",
        "sk-\u0000-zero-byte",
        "sk-ant-ünicode",
        "sk-ant-\u00a0blank",
        "sk-ant-\u007fdelete",
        "sk-ant-\u001b[31mred"
      })
  void aValueThatIsNotOneWordIsRefusedWithoutBeingShown(String value) {
    refusal(() -> new CredentialSources(Map.of("T", value)).named(List.of("T")), false)
        .hasMessage("the variable T holds no token: a token is one word of at least 8 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"sk-ant-one-two\"", "'sk-ant-one-two'", "\"sk-ant-one-two"})
  void aValueInQuotesIsRefusedRatherThanSentWithThem(String value) {
    refusal(() -> new CredentialSources(Map.of("T", value)).named(List.of("T")), false)
        .hasMessage("the variable T begins with a quote: write the token without quotes");
  }

  @Test
  void blanksAndALineEndAroundAValueAreLeftOut() {
    CredentialSources sources = new CredentialSources(Map.of("T", "  " + KEY + " \r\n"));
    assertThat(sources.named(List.of("T")).getFirst().value().reveal()).isEqualTo(KEY);
  }

  @Test
  void withNoNamesTheUsualVariablesThatAreSetAreTaken() {
    Map<String, String> environment =
        Map.of("CLAUDE_CODE_TOKEN2", OAUTH, "CLAUDE_CODE_TOKEN", KEY, "CLAUDE_CODE_TOKEN3", " ");
    assertThat(new CredentialSources(environment).defaults(Provider.ANTHROPIC))
        .extracting(Credential::name)
        .containsExactly("CLAUDE_CODE_TOKEN", "CLAUDE_CODE_TOKEN2");
    assertThat(new CredentialSources(Map.of()).defaults(Provider.ANTHROPIC)).isEmpty();
  }

  @Test
  void twoNamesWithTheSameValueAreFoundOut() {
    List<Credential> twins =
        List.of(new Credential("ONE", new Secret(KEY)), new Credential("TWO", new Secret(KEY)));
    refusal(() -> CredentialSources.requireDistinct(twins), false)
        .hasMessage("ONE and TWO hold the same value: one token counts once, so leave one out");
    List<Credential> twice =
        List.of(new Credential("ONE", new Secret(KEY)), new Credential("ONE", new Secret(OAUTH)));
    refusal(() -> CredentialSources.requireDistinct(twice), false)
        .hasMessage("the credential ONE is given twice");
    CredentialSources.requireDistinct(
        List.of(new Credential("ONE", new Secret(KEY)), new Credential("TWO", new Secret(OAUTH))));
  }

  @Test
  void inventedOnesAreDistinctSeededAndLookLikeRehearsal() {
    List<Credential> invented = CredentialSources.invented(Provider.ANTHROPIC, 50, new Random(1));
    CredentialSources.requireDistinct(invented);
    assertThat(invented)
        .isEqualTo(CredentialSources.invented(Provider.ANTHROPIC, 50, new Random(1)));
    assertThat(invented.getFirst().name()).isEqualTo("REHEARSAL_TOKEN_1");
    assertThat(invented)
        .allMatch(it -> it.value().reveal().startsWith("sk-ant-api03-rehearsal-"))
        .allMatch(it -> it.kind() == Credential.Kind.API_KEY);
  }

  @Test
  void aFileGivesItsLinesButCommentsAndEmptyOnes() throws Exception {
    Path file = file("# mine\n\n ONE = " + OAUTH + " \r\n  # indented\nTWO=" + KEY, "rw-------");
    assertThat(CredentialSources.file(file))
        .containsExactly(
            new Credential("ONE", new Secret(OAUTH)), new Credential("TWO", new Secret(KEY)));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    assertThat(CredentialSources.file(file)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw---x---"})
  void aFileThatOthersCanReachIsRefusedWithTheCommandThatHelps(String permissions)
      throws Exception {
    Path file = file("ONE=" + KEY, permissions);
    refusal(() -> CredentialSources.file(file), false)
        .hasMessage(file + " can be read or written by others: run chmod 600 " + file);
  }

  @Test
  void aFileThatIsMissingAFolderOrALinkIsRefused() throws Exception {
    Path absent = folder.resolve("absent");
    refusal(() -> CredentialSources.file(absent), false).hasMessage(absent + " is not there");
    refusal(() -> CredentialSources.file(folder), false)
        .hasMessage(folder + " is not a plain file");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file("ONE=" + KEY, "rw-------"));
    refusal(() -> CredentialSources.file(link), false).hasMessage(link + " is not a plain file");
  }

  @Test
  void aFileThatItsOwnerCannotReadIsSaid() throws Exception {
    assumeFalse(System.getProperty("user.name").equals("root"), "root reads everything");
    Path file = file("ONE=" + KEY, "-w-------");
    refusal(() -> CredentialSources.file(file), true)
        .hasMessage(file + " could not be read: permission denied; run chmod 600 on it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no equals sign", "=value-without-name", "export ONE=sk-ant-x", "1A=x"})
  void aLineThatIsNotNameAndValueIsNamedByItsNumber(String line) throws Exception {
    Path file = file("# first\n" + line + "\n", "rw-------");
    refusal(() -> CredentialSources.file(file), false)
        .hasMessage(file + ":2: a line must be NAME=value");
  }

  @Test
  void aLineWithoutATokenIsNamedByItsNumberAndNotShown() throws Exception {
    Path file = file("ONE=two words-and-more\n", "rw-------");
    refusal(() -> CredentialSources.file(file), false)
        .hasMessage(file + ":1 holds no token: a token is one word of at least 8 characters");
  }

  @Test
  void aFileWithoutALineOrThatIsNoTextIsRefused() throws Exception {
    Path empty = file("# nothing yet\n", "rw-------");
    refusal(() -> CredentialSources.file(empty), false)
        .hasMessage(empty + " holds no credential: write lines NAME=value");
    Path binary = folder.resolve("binary");
    Files.write(binary, new byte[] {'A', '=', (byte) 0xff, (byte) 0xfe});
    Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rw-------"));
    refusal(() -> CredentialSources.file(binary), false)
        .hasMessage(binary + " is not a text in UTF-8");
  }

  private Path file(String content, String permissions) throws Exception {
    Path file = folder.resolve("tokens-" + System.nanoTime());
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    return file;
  }

  /** What it says, after it was made sure that it shows no value. */
  static AbstractThrowableAssert<?, ? extends Throwable> refusal(
      ThrowingCallable call, boolean missing) {
    return assertThatThrownBy(call)
        .isInstanceOf(CredentialProblem.class)
        .satisfies(
            e -> assertThat(((CredentialProblem) e).isMissing()).as("exit code").isEqualTo(missing))
        .hasMessageNotContainingAny("one-two", "four-five", "words-and-more");
  }
}
