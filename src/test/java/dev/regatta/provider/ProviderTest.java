package dev.regatta.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderTest {
  @ParameterizedTest
  @CsvSource({
    "ANTHROPIC,POST,/v1/messages",
    "ANTHROPIC,POST,/v1/messages/count_tokens",
    "ANTHROPIC,GET,/v1/models",
    "ANTHROPIC,GET,/v1/models/claude-opus-4-8",
    "OPENAI,POST,/v1/responses",
    "OPENAI,POST,/v1/responses/compact",
    "OPENAI,GET,/v1/models",
    "GOOGLE,POST,/v1beta/models/gemini-3-pro:generateContent",
    "GOOGLE,POST,/v1beta/models/gemini-3-pro:streamGenerateContent",
    "GOOGLE,POST,/v1beta/models/gemini-3-pro:countTokens",
    "GOOGLE,GET,/v1beta/models"
  })
  void thePathsThatAgentsCallAreServed(Provider provider, String method, String path) {
    assertThat(provider.serves(method, path)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "ANTHROPIC,GET,/v1/messages",
    "ANTHROPIC,POST,/v1/responses",
    "ANTHROPIC,POST,/v1/files",
    "ANTHROPIC,GET,/v1/models/../files",
    "OPENAI,POST,/v1/messages",
    "OPENAI,DELETE,/v1/responses",
    "OPENAI,POST,/v1/responses/",
    "GOOGLE,POST,/v1beta/models/a/b:generateContent",
    "GOOGLE,POST,/v1beta/files:generateContent"
  })
  void nothingElseIsServed(Provider provider, String method, String path) {
    assertThat(provider.serves(method, path)).isFalse();
  }

  @Test
  void theCallsForMessagesTellWhoseTheyAre() {
    assertThat(Provider.answering("/v1/messages")).contains(Provider.ANTHROPIC);
    assertThat(Provider.answering("/v1/responses")).contains(Provider.OPENAI);
    assertThat(Provider.answering("/v1beta/models/gemini-3-pro:streamGenerateContent"))
        .contains(Provider.GOOGLE);
    assertThat(Provider.answering("/v1/messages/count_tokens")).isEmpty();
    assertThat(Provider.answering("/v1/models")).isEmpty();
  }

  @Test
  void onlyGooglesPathsNameAModel() {
    assertThat(Provider.GOOGLE.modelIn("/v1beta/models/gemini-3-pro:generateContent"))
        .contains("gemini-3-pro");
    assertThat(Provider.OPENAI.modelIn("/v1/responses")).isEmpty();
  }

  @Test
  void eachIsAtItsOwnHostOverTlsOnly() {
    for (Provider provider : Provider.values()) {
      assertThat(provider.isAt(provider.url())).isTrue();
      assertThat(provider.isAt(URI.create("http://" + provider.host()))).isFalse();
      assertThat(provider.isAt(URI.create("https://" + provider.host() + ":8443"))).isFalse();
      assertThat(provider.isAt(URI.create("https://a@" + provider.host()))).isFalse();
      assertThat(provider.isAt(URI.create("https://" + provider.host() + ".example"))).isFalse();
    }
    assertThat(Provider.OPENAI.isAt(Provider.ANTHROPIC.url())).isFalse();
  }

  @Test
  void aVariablesNameTellsWhoseCredentialItHolds() {
    assertThat(Provider.ofVariable("CLAUDE_CODE_TOKEN3")).contains(Provider.ANTHROPIC);
    assertThat(Provider.ofVariable("OPENAI_API_KEY")).contains(Provider.OPENAI);
    assertThat(Provider.ofVariable("OPENAI_API_KEY9")).contains(Provider.OPENAI);
    assertThat(Provider.ofVariable("CODEX_API_KEY")).contains(Provider.OPENAI);
    assertThat(Provider.ofVariable("GOOGLE_API_KEY")).contains(Provider.GOOGLE);
    assertThat(Provider.ofVariable("WORK")).isEmpty();
    assertThat(Provider.OPENAI.variables()).hasSize(10).doesNotContain("CODEX_API_KEY");
  }

  @Test
  void limitsAndRetriesAreToldByEachOnesHeaders() {
    assertThat(Provider.ANTHROPIC.tells("anthropic-ratelimit-tokens-remaining")).isTrue();
    assertThat(Provider.OPENAI.tells("x-ratelimit-remaining-tokens")).isTrue();
    assertThat(Provider.OPENAI.tells("retry-after")).isTrue();
    assertThat(Provider.OPENAI.tells("set-cookie")).isFalse();
    assertThat(Provider.OPENAI.requestIdHeader()).isEqualTo("x-request-id");
  }
}
