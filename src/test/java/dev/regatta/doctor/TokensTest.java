package dev.regatta.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.regatta.secret.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
  private static final String KEY = "sk-ant-api03-planted-value-one";
  private static final String OAUTH = "sk-ant-oat01-planted-value-two";

  @TempDir Path folder;
  private Ward ward;

  @BeforeEach
  void anEnvironment() throws IOException {
    ward = new Ward(folder);
  }

  private List<Finding> look(String... names) {
    return look(ward.examination(List.of(names), Optional.empty()));
  }

  private static List<Finding> look(Examination examination) {
    Tokens tokens = Tokens.of(examination);
    List<Finding> findings = new ArrayList<>(tokens.found().values());
    findings.addAll(tokens.problems());
    assertThat(findings.toString()).doesNotContain("planted");
    return findings;
  }

  @Test
  void theUsualVariablesAreFoundEachWithItsKindAndFingerprint() {
    ward.environment.put("CLAUDE_CODE_TOKEN3", OAUTH);
    ward.environment.put("CLAUDE_CODE_TOKEN", KEY);
    ward.environment.put("SOMETHING_ELSE", "sk-ant-api03-planted-elsewhere");
    assertThat(look())
        .containsExactly(
            new Finding(
                "credential.CLAUDE_CODE_TOKEN",
                Status.OK,
                "API key "
                    + Secret.fingerprintOf(KEY)
                    + " in the variable CLAUDE_CODE_TOKEN; --online asks whether it is accepted",
                null),
            new Finding(
                "credential.CLAUDE_CODE_TOKEN3",
                Status.OK,
                "OAuth token "
                    + Secret.fingerprintOf(OAUTH)
                    + " in the variable CLAUDE_CODE_TOKEN3; --online asks whether it is accepted",
                null));
  }

  @Test
  void keysOfOtherProvidersAreFoundUnderTheirNamesAndSaidToBeTheirs() {
    ward.environment.put("OPENAI_API_KEY2", "sk-proj-planted");
    ward.environment.put("CODEX_API_KEY", "sk-proj-planted-by-codex");
    assertThat(look())
        .extracting(Finding::id, Finding::found)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "credential.OPENAI_API_KEY2",
                "OpenAI API key "
                    + Secret.fingerprintOf("sk-proj-planted")
                    + " in the variable OPENAI_API_KEY2; --online asks whether it is accepted"),
            org.assertj.core.groups.Tuple.tuple(
                "credential.unused",
                "CODEX_API_KEY is set ("
                    + Secret.fingerprintOf("sk-proj-planted-by-codex")
                    + "), and is not used by itself"));
  }

  @Test
  void aTokenOfAnthropicsUnderAnothersNameCannotBeUsed() {
    ward.environment.put("OPENAI_API_KEY", KEY);
    assertThat(look())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.status()).isEqualTo(Status.FAIL);
          assertThat(finding.found())
              .contains("OPENAI_API_KEY holds a token of Anthropic's, and one of OpenAI's");
        });
  }

  @Test
  void whoAsksOnlineIsNotToldToAskOnline() {
    ward.environment.put("MINE", KEY);
    assertThat(
            look(ward.examination(List.of("MINE"), Optional.of(URI.create("http://127.0.0.1:1")))))
        .singleElement()
        .extracting(Finding::found)
        .asString()
        .endsWith("in the variable MINE");
  }

  @Test
  void namedVariablesAreLookedAtInsteadOfTheUsualOnes() {
    ward.environment.put("CLAUDE_CODE_TOKEN", OAUTH);
    ward.environment.put("MINE", KEY);
    assertThat(look("MINE")).extracting(Finding::id).containsExactly("credential.MINE");
  }

  @Test
  void noCredentialAtAllIsAWarningBecauseARehearsalNeedsNone() {
    Finding none = look().getFirst();
    assertThat(none.id()).isEqualTo("credential.none");
    assertThat(none.status()).isEqualTo(Status.WARN);
    assertThat(none.fix()).contains("CLAUDE_CODE_TOKEN1").endsWith("a rehearsal needs none");
  }

  @Test
  void aNamedVariableThatIsNotSetFailsAndTheOthersAreStillShown() {
    ward.environment.put("MINE", KEY);
    ward.environment.put("BLANK", "   ");
    List<Finding> findings = look("ABSENT", "MINE", "BLANK");
    assertThat(findings)
        .extracting(Finding::id, Finding::status)
        .containsExactly(
            tuple("credential.MINE", Status.OK),
            tuple("credential.ABSENT", Status.FAIL),
            tuple("credential.BLANK", Status.FAIL));
    assertThat(findings.get(1).found()).startsWith("the variable ABSENT is not set");
    assertThat(findings.get(1).fix())
        .isEqualTo("set ABSENT to one token without blanks, or leave it out");
  }

  @Test
  void aValueThatIsNoTokenFailsWithoutBeingShown() {
    ward.environment.put("CLAUDE_CODE_TOKEN", "planted two words");
    ward.environment.put("CLAUDE_CODE_TOKEN1", "short");
    assertThat(look())
        .extracting(Finding::id, Finding::status, Finding::found)
        .containsExactly(
            tuple(
                "credential.CLAUDE_CODE_TOKEN",
                Status.FAIL,
                "the variable CLAUDE_CODE_TOKEN holds no token: a token is one word of at least 8"
                    + " characters"),
            tuple(
                "credential.CLAUDE_CODE_TOKEN1",
                Status.FAIL,
                "the variable CLAUDE_CODE_TOKEN1 holds no token: a token is one word of at least"
                    + " 8 characters"));
  }

  @Test
  void whatWasRefusedAsATokenIsKeptSecretAllTheSame() {
    ward.environment.put("CLAUDE_CODE_TOKEN", "planted two words");
    assertThat(Tokens.of(ward.examination()).secrets()).contains(new Secret("planted two words"));
  }

  @Test
  void twoNamesWithOneValueAreFoundOut() {
    ward.environment.put("CLAUDE_CODE_TOKEN1", KEY);
    ward.environment.put("CLAUDE_CODE_TOKEN2", " " + KEY + "\n");
    Finding same = look().getLast();
    assertThat(same.id()).isEqualTo("credential.same");
    assertThat(same.status()).isEqualTo(Status.FAIL);
    assertThat(same.found())
        .isEqualTo(
            "CLAUDE_CODE_TOKEN1 and CLAUDE_CODE_TOKEN2 hold the same value, "
                + Secret.fingerprintOf(KEY));
  }

  @Test
  void theAgentsOwnVariablesAreNamedAndUsedOnlyWhenAskedFor() {
    ward.environment.put("ANTHROPIC_API_KEY", KEY);
    Finding unused = look().getLast();
    assertThat(unused.id()).isEqualTo("credential.unused");
    assertThat(unused.status()).isEqualTo(Status.INFO);
    assertThat(unused.found())
        .isEqualTo(
            "ANTHROPIC_API_KEY is set ("
                + Secret.fingerprintOf(KEY)
                + "), and is not used by itself");
    assertThat(unused.fix()).isEqualTo("nothing, or name it: --token ANTHROPIC_API_KEY");
    assertThat(look("ANTHROPIC_API_KEY"))
        .extracting(Finding::id)
        .containsExactly("credential.ANTHROPIC_API_KEY");
  }

  @Test
  void anAddressInTheEnvironmentIsNamedAndItsPasswordIsNot() {
    ward.environment.put("CLAUDE_CODE_TOKEN", KEY);
    ward.environment.put("ANTHROPIC_BASE_URL", "https://me:planted@example.invalid");
    Finding ignored = look().getLast();
    assertThat(ignored.id()).isEqualTo("credential.endpoint");
    assertThat(ignored.status()).isEqualTo(Status.WARN);
    assertThat(ignored.found()).startsWith("ANTHROPIC_BASE_URL is set, and is not followed");
    assertThat(ignored.fix()).contains("--base-url URL");
  }

  @Test
  void credentialsInAFileAreFoundWithTheFilesName() throws IOException {
    Path file = file("rw-------", "WORK=" + KEY + "\nHOME_PLAN=" + OAUTH + "\n");
    List<Finding> findings = look(withFile(file));
    assertThat(findings)
        .extracting(Finding::id)
        .containsExactly("credential.WORK", "credential.HOME_PLAN");
    assertThat(findings.getFirst().found()).contains(" in the file " + file + ";");
  }

  @Test
  void aFileThatOthersCanReadFailsWithTheCommandThatCloses() throws IOException {
    Path file = file("rw-r--r--", "WORK=" + KEY + "\n");
    Finding finding = look(withFile(file)).getFirst();
    assertThat(finding.id()).isEqualTo("credential.file");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.found())
        .isEqualTo(file + " can be read or written by others: run chmod 600 " + file);
    assertThat(look(withFile(folder.resolve("absent"))).getFirst().found())
        .endsWith("absent is not there");
  }

  private Path file(String permissions, String text) throws IOException {
    Path file = Files.writeString(folder.resolve("tokens"), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private Examination withFile(Path file) {
    Examination plain = ward.examination();
    return new Examination(
        plain.environment(),
        plain.folder(),
        plain.home(),
        plain.load(),
        List.of(),
        Optional.of(file),
        false,
        Optional.empty());
  }
}
