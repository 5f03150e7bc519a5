package dev.regatta.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

class RedactorTest {
  private static final String TOKEN = "sk-ant-oat01-AbC_dEf/gHi+jKl=123";

  private static Redactor redactor(String... values) {
    return new Redactor(Arrays.stream(values).map(Secret::new).toList());
  }

  private static String mask(String value) {
    return "[secret " + Secret.fingerprintOf(value) + "]";
  }

  @Test
  void aTokenInAnErrorMessageIsReplacedByItsFingerprint() {
    assertThat(redactor(TOKEN).redact("401 for " + TOKEN + ": bad key " + TOKEN + "."))
        .isEqualTo("401 for " + mask(TOKEN) + ": bad key " + mask(TOKEN) + ".");
  }

  @Test
  void aTextWithoutSecretsComesBackAsItIs() {
    String text = "sk-ant-oat01-AbC_dEf is only the beginning";
    assertThat(redactor(TOKEN).redact(text)).isSameAs(text);
    assertThat(redactor().redact(TOKEN)).isSameAs(TOKEN);
    assertThat(redactor(TOKEN).redact("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        TOKEN,
        "abcdefgh",
        "with \"quotes\" and \\back\\slashes/",
        "tab\tline\nbell\u0007end",
        "ümläut-töken-€-😀",
        "per%cent&am'p!(x)~*+ y"
      })
  void everyEncodingThatIsPromisedIsFound(String value) throws Exception {
    Redactor redactor = redactor(value);
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    String url = URLEncoder.encode(value, StandardCharsets.UTF_8);
    JsonMapper ascii =
        JsonMapper.builder().configure(JsonWriteFeature.ESCAPE_NON_ASCII, true).build();
    String hex = HexFormat.of().formatHex(bytes);
    String json = new JsonMapper().writeValueAsString(value);
    List<String> forms =
        List.of(
            value,
            url,
            url.replace("+", "%20"),
            hex,
            HexFormat.of().withUpperCase().formatHex(bytes),
            json.substring(1, json.length() - 1),
            json.substring(1, json.length() - 1).replace("/", "\\/"),
            ascii.writeValueAsString(value).replaceAll("^\"|\"$", ""));
    for (String form : forms) {
      assertThat(redactor.redact("<" + form + ">")).as(form).isEqualTo("<" + mask(value) + ">");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TOKEN, "abcdefgh", "abcdefghi", "ümläut-töken-€-😀", "\u0007?>~~~?>"})
  void base64IsFoundWhereverTheValueStandsInTheData(String value) {
    Redactor redactor = redactor(value);
    Random random = new Random(4);
    for (int round = 0; round < 200; round++) {
      byte[] before = new byte[random.nextInt(7)];
      byte[] after = new byte[random.nextInt(7)];
      random.nextBytes(before);
      random.nextBytes(after);
      byte[] secret = value.getBytes(StandardCharsets.UTF_8);
      byte[] all = Arrays.copyOf(before, before.length + secret.length + after.length);
      System.arraycopy(secret, 0, all, before.length, secret.length);
      System.arraycopy(after, 0, all, before.length + secret.length, after.length);
      for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
        String redacted = redactor.redact(encoder.encodeToString(all));
        assertThat(redacted).as("seed 4, round " + round).contains(mask(value));
        // What is left has at most the digits that hold bits of what stood around it.
        int left = redacted.replace(mask(value), "").replace("=", "").length();
        assertThat(left).isLessThanOrEqualTo((before.length + after.length) * 8 / 6 + 4);
      }
    }
  }

  @Test
  void aBasicAuthorizationHeaderIsFound() {
    String header =
        "Authorization: Basic "
            + Base64.getEncoder().encodeToString(("x-api-key:" + TOKEN).getBytes());
    assertThat(redactor(TOKEN).redact(header)).contains(mask(TOKEN));
  }

  @Test
  void ofSeveralSecretsEachHasItsOwnFingerprint() {
    assertThat(redactor("first-token", "second-token").redact("second-token first-token"))
        .isEqualTo(mask("second-token") + " " + mask("first-token"));
  }

  @Test
  void oneThatBeginsLikeAnotherIsReplacedWhole() {
    Redactor redactor = redactor("abcdefgh", "abcdefghijkl");
    assertThat(redactor.redact("abcdefghijkl abcdefgh"))
        .isEqualTo(mask("abcdefghijkl") + " " + mask("abcdefgh"));
    assertThat(redactor("cdefghij", "abcdefghijkl").redact("abcdefghijkl"))
        .isEqualTo(mask("abcdefghijkl"));
  }

  @Test
  void ofTwoThatOverlapNothingOfEitherIsLeft() {
    assertThat(redactor("abcdefgh", "ghijklmn").redact("<abcdefghijklmn>"))
        .isEqualTo("<" + mask("abcdefgh") + ">");
    assertThat(redactor("ghijklmnopq", "abcdefgh").redact("<abcdefghijklmnopq>"))
        .isEqualTo("<" + mask("abcdefgh") + ">");
    assertThat(redactor("abcabcabc").redact("<abcabcabcabc>"))
        .isEqualTo("<" + mask("abcabcabc") + ">");
    assertThat(redactor("abcdefgh", "ijklmnop").redact("<abcdefghijklmnop>"))
        .isEqualTo("<" + mask("abcdefgh") + mask("ijklmnop") + ">");
  }

  @Test
  void aSecretThatStandsInTheReplacementDoesNotBreakIt() {
    Redactor redactor = redactor("secret", "[secret ");
    assertThat(redactor.redact("my secret")).isEqualTo("my " + mask("secret"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "ab", "abc", "abcde"})
  void aShortValueIsReplacedTooAndTheRestStays(String value) {
    assertThat(redactor(value).redact("<" + value + ">")).isEqualTo("<" + mask(value) + ">");
    assertThat(redactor(value).redact("<->")).isEqualTo("<->");
  }

  @Test
  void aTextThatIsOneEndlessRepetitionIsCleanedInReasonableTime() {
    String text = "a".repeat(1_000_000);
    assertThat(redactor("aaaaaaaa").redact(text)).isEqualTo(mask("aaaaaaaa"));
  }
}
