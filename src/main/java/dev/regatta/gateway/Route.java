package dev.regatta.gateway;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How requests get to the model API.
 *
 * @param upstream its base URL
 * @param proxy the proxy through which they go
 * @param authority certificates, in PEM, that are believed besides those of the Java platform
 */
public record Route(URI upstream, Optional<InetSocketAddress> proxy, Optional<Path> authority) {

  /** Without detour. */
  public static Route direct(URI upstream) {
    return new Route(upstream, Optional.empty(), Optional.empty());
  }

  /**
   * As an agent would go that is given these variables: {@code HTTPS_PROXY} or {@code HTTP_PROXY}
   * by the scheme, {@code NO_PROXY}, {@code NODE_EXTRA_CA_CERTS} and {@code SSL_CERT_FILE}. What
   * listens on this machine is reached without detour.
   *
   * @throws GatewayProblem if the proxy's address is none, with the variable's name
   */
  public static Route of(URI upstream, Map<String, String> environment) {
    String host = String.valueOf(upstream.getHost());
    boolean local = host.equals("127.0.0.1") || host.equals("localhost") || host.equals("[::1]");
    if (local) {
      return direct(upstream);
    }
    String name = "https".equalsIgnoreCase(upstream.getScheme()) ? "HTTPS_PROXY" : "HTTP_PROXY";
    return new Route(
        upstream,
        excepted(host, value(environment, "NO_PROXY"))
            ? Optional.empty()
            : value(environment, name).map(address -> proxy(name, address)),
        value(environment, "NODE_EXTRA_CA_CERTS")
            .or(() -> value(environment, "SSL_CERT_FILE"))
            .map(Path::of));
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Optional.ofNullable(
            environment.getOrDefault(name, environment.get(name.toLowerCase(Locale.ROOT))))
        .filter(value -> !value.isBlank());
  }

  private static boolean excepted(String host, Optional<String> list) {
    for (String entry : list.orElse("").split(",", -1)) {
      String suffix = entry.strip().toLowerCase(Locale.ROOT);
      String bare = suffix.startsWith(".") ? suffix.substring(1) : suffix;
      if (bare.equals("*")
          || (!bare.isEmpty() && (host.equalsIgnoreCase(bare) || endsWith(host, "." + bare)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsWith(String host, String suffix) {
    return host.toLowerCase(Locale.ROOT).endsWith(suffix);
  }

  private static InetSocketAddress proxy(String name, String address) {
    URI uri = uri(address.contains("://") ? address.strip() : "http://" + address.strip());
    if (!"http".equalsIgnoreCase(uri.getScheme())
        || uri.getHost() == null
        || uri.getUserInfo() != null) {
      throw new GatewayProblem(
          name
              + " must be http://HOST:PORT without a user's name: change it, or do without the"
              + " gateway, with --no-witness",
          null);
    }
    return InetSocketAddress.createUnresolved(
        uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
  }

  /** One without a host, where it is no address at all. */
  private static URI uri(String address) {
    try {
      return URI.create(address);
    } catch (IllegalArgumentException e) {
      return URI.create("");
    }
  }
}
