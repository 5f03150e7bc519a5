package dev.regatta.telemetry;

import dev.regatta.secret.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The variables by which OpenTelemetry is set up everywhere. Nothing is sent anywhere unless one of
 * them names an address.
 *
 * @see <a
 *     href="https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/">Environment
 *     variables</a>
 */
public final class OtlpVariables {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String TRACES = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  private static final String METRICS = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
  private static final String PREFIX = "OTEL_";

  /** By these the {@code claude} CLI sends telemetry of its own. */
  private static final String CLAUDE = "CLAUDE_CODE_ENABLE_TELEMETRY";

  private static final String CLAUDE_TRACES = "CLAUDE_CODE_ENHANCED_TELEMETRY_BETA";

  /** A shorter value is no key, and would be found in innocent words. */
  private static final int SHORTEST_KEY = 8;

  private OtlpVariables() {}

  /** Whether telemetry is asked for. */
  public static boolean ask(Map<String, String> environment) {
    return (names(environment, ENDPOINT)
            || names(environment, TRACES)
            || names(environment, METRICS))
        && !"true".equalsIgnoreCase(environment.getOrDefault("OTEL_SDK_DISABLED", "").strip());
  }

  /** Why it can't be sent as is asked for. */
  static Optional<String> refusal(Map<String, String> environment) {
    return grpc(environment).or(() -> address(environment));
  }

  /** The value is not said again: an address can hold a password. */
  private static Optional<String> address(Map<String, String> environment) {
    return environment.entrySet().stream()
        .filter(each -> each.getKey().startsWith("OTEL_EXPORTER_OTLP_"))
        .filter(each -> each.getKey().endsWith("ENDPOINT") && !each.getValue().isBlank())
        .filter(each -> !isAddress(each.getValue().strip()))
        .findFirst()
        .map(each ->
            each.getKey() + " is no address: set it to the collector's, as http://127.0.0.1:4318");
  }

  private static boolean isAddress(String text) {
    try {
      URI address = new URI(text);
      return List.of("http", "https").contains(address.getScheme()) && address.getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static Optional<String> grpc(Map<String, String> environment) {
    return environment.entrySet().stream()
        .filter(each -> each.getKey().startsWith("OTEL_EXPORTER_OTLP_"))
        .filter(each -> each.getKey().endsWith("PROTOCOL") && each.getValue().equals("grpc"))
        .findFirst()
        .map(each ->
            each.getKey()
                + " is grpc, which is not spoken here: set it to http/protobuf, with the"
                + " collector's port for that, usually 4318");
  }

  private static boolean names(Map<String, String> environment, String variable) {
    return !environment.getOrDefault(variable, "").isBlank();
  }

  /**
   * What an attempt's process is given besides: the span it belongs to, and the variables for
   * agents that tell of themselves, if the user has turned that on.
   */
  public static Map<String, String> handed(
      Map<String, String> environment, TraceIds ids, String attempt) {
    return handed(environment, ids.traceparent(attempt));
  }

  /** The same with the span as it is named. */
  static Map<String, String> handed(Map<String, String> environment, String traceparent) {
    Map<String, String> handed = new HashMap<>();
    if (names(environment, CLAUDE)) {
      environment.forEach((name, value) -> {
        if (name.startsWith(PREFIX) || name.equals(CLAUDE) || name.equals(CLAUDE_TRACES)) {
          handed.put(name, value);
        }
      });
    }
    handed.put(TraceIds.VARIABLE, traceparent);
    return handed;
  }

  /** What must not be printed: headers carry keys. */
  public static List<Secret> secrets(Map<String, String> environment) {
    List<Secret> secrets = new ArrayList<>();
    environment.forEach((name, value) -> {
      if (name.startsWith("OTEL_EXPORTER_OTLP_") && name.endsWith("HEADERS")) {
        Stream.of(value.split(","))
            .map(header -> header.substring(header.indexOf('=') + 1).strip())
            .filter(given -> given.length() >= SHORTEST_KEY)
            .map(Secret::new)
            .forEach(secrets::add);
      }
    });
    return secrets;
  }

  /** The same as properties of the SDK, with what holds where they say nothing. */
  static Map<String, String> properties(Map<String, String> environment) {
    Map<String, String> properties = new HashMap<>();
    properties.put("otel.service.name", "regatta");
    properties.put("otel.exporter.otlp.protocol", "http/protobuf");
    boolean all = names(environment, ENDPOINT);
    properties.put("otel.traces.exporter", all || names(environment, TRACES) ? "otlp" : "none");
    properties.put("otel.metrics.exporter", all || names(environment, METRICS) ? "otlp" : "none");
    environment.forEach((name, value) -> {
      if (name.startsWith(PREFIX) && !value.isBlank()) {
        properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
      }
    });
    properties.put("otel.logs.exporter", "none"); // there are no logs to send
    return properties;
  }
}
