package dev.regatta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RouteTest {
  private static final URI PROVIDER = URI.create("https://api.anthropic.com");
  private static final String PROXY = "http://proxy.example:3128";

  @Test
  void withoutVariablesItIsDirect() {
    assertThat(Route.of(PROVIDER, Map.of())).isEqualTo(Route.direct(PROVIDER));
  }

  @Test
  void theProxyIsTheOneOfTheSchemeInBothSpellings() {
    Optional<InetSocketAddress> expected =
        Optional.of(InetSocketAddress.createUnresolved("proxy.example", 3128));
    assertThat(Route.of(PROVIDER, Map.of("HTTPS_PROXY", PROXY)).proxy()).isEqualTo(expected);
    assertThat(Route.of(PROVIDER, Map.of("https_proxy", "proxy.example:3128")).proxy())
        .isEqualTo(expected);
    assertThat(Route.of(PROVIDER, Map.of("HTTP_PROXY", PROXY)).proxy()).isEmpty();
    assertThat(Route.of(URI.create("http://models.example"), Map.of("HTTP_PROXY", PROXY)).proxy())
        .isEqualTo(expected);
  }

  @Test
  void whatIsExceptedGoesPastTheProxy() {
    for (String list :
        new String[] {"*", "api.anthropic.com", ".anthropic.com", "a, anthropic.com"}) {
      assertThat(Route.of(PROVIDER, Map.of("HTTPS_PROXY", PROXY, "NO_PROXY", list)).proxy())
          .as(list)
          .isEmpty();
    }
    assertThat(
            Route.of(PROVIDER, Map.of("HTTPS_PROXY", PROXY, "NO_PROXY", "notanthropic.com, ,x"))
                .proxy())
        .isPresent();
  }

  @Test
  void whatListensOnThisMachineIsReachedWithoutDetour() {
    Map<String, String> all =
        Map.of("HTTP_PROXY", PROXY, "HTTPS_PROXY", PROXY, "NODE_EXTRA_CA_CERTS", "/ca.pem");
    for (String local :
        new String[] {"http://127.0.0.1:1", "https://localhost:2", "http://[::1]:3"}) {
      assertThat(Route.of(URI.create(local), all)).isEqualTo(Route.direct(URI.create(local)));
    }
  }

  @Test
  void anAuthorityIsTakenFromTheVariablesThatAgentsRead() {
    assertThat(Route.of(PROVIDER, Map.of("NODE_EXTRA_CA_CERTS", "/a.pem")).authority())
        .contains(Path.of("/a.pem"));
    assertThat(Route.of(PROVIDER, Map.of("SSL_CERT_FILE", "/b.pem")).authority())
        .contains(Path.of("/b.pem"));
  }

  @Test
  void aProxyThatCanNotBeUsedIsRefusedWithItsVariable() {
    for (String wrong : new String[] {"http://user:secret@proxy:1", "::", "http://"}) {
      assertThatThrownBy(() -> Route.of(PROVIDER, Map.of("HTTPS_PROXY", wrong)))
          .isInstanceOf(GatewayProblem.class)
          .hasMessageContaining("HTTPS_PROXY must be http://HOST:PORT")
          .hasMessageNotContaining("secret");
    }
  }
}
