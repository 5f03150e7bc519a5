package dev.regatta.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SecretTest {
  private static final String VALUE = "sk-ant-oat01-very-secret-Value_123";
  private final Secret secret = new Secret(VALUE);

  private record Holder(String name, Secret value) {}

  @Test
  void everyTextFormShowsNothingButTheFingerprint() {
    String print = secret.fingerprint();
    assertThat(print).matches("[0-9a-f]{12}");
    assertThat(secret).hasToString("secret " + print);
    assertThat("" + secret + List.of(secret) + Map.of(secret, secret) + new Holder("n", secret))
        .contains(print)
        .doesNotContain("very-secret");
    assertThat(String.format("%s %1$S", secret)).doesNotContainIgnoringCase("very-secret");
  }

  @Test
  void anExceptionThatCarriesItDoesNotShowIt() {
    StringWriter trace = new StringWriter();
    new IllegalStateException("with " + secret, new RuntimeException(secret.toString()))
        .printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).contains(secret.fingerprint()).doesNotContain("very-secret");
  }

  @Test
  void aMapperOfJsonFindsNothingInItToWrite() {
    JsonMapper mapper = JsonMapper.builder().build();
    String json;
    try {
      json = mapper.writeValueAsString(new Holder("n", secret));
    } catch (RuntimeException e) {
      json = String.valueOf(e.getMessage()); // it may also refuse, without the value
    }
    assertThat(json).doesNotContain("very-secret");
  }

  @Test
  void theFingerprintIsTheBeginningOfTheValuesSha256() {
    // printf 'abc' | sha256sum
    assertThat(new Secret("abc").fingerprint()).isEqualTo("ba7816bf8f01");
    assertThat(Secret.fingerprintOf("abc")).isEqualTo("ba7816bf8f01");
  }

  @Test
  void equalValuesAreEqualAndOthersAreNot() {
    assertThat(secret).isEqualTo(new Secret(VALUE)).hasSameHashCodeAs(new Secret(VALUE));
    assertThat(secret).isNotEqualTo(new Secret(VALUE + "4")).isNotEqualTo(VALUE);
  }

  @Test
  void anEmptyOneIsRefused() {
    assertThatThrownBy(() -> new Secret(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a secret cannot be empty");
  }
}
