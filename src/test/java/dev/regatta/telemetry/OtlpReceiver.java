package dev.regatta.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/** A collector for tests: what was sent to it over OTLP, decoded. */
public final class OtlpReceiver implements AutoCloseable {
  private final HttpServer server;
  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final List<Metric> metrics = new CopyOnWriteArrayList<>();
  private final List<Map<String, String>> resources = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final int status;
  private final boolean silent;

  private OtlpReceiver(int status, boolean silent) throws IOException {
    this.status = status;
    this.silent = silent;
    this.server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::take);
    server.start();
  }

  public static OtlpReceiver open() throws IOException {
    return new OtlpReceiver(200, false);
  }

  /** One that answers with a status of its own. */
  public static OtlpReceiver refusing(int status) throws IOException {
    return new OtlpReceiver(status, false);
  }

  /** One that takes connections and never answers. */
  public static OtlpReceiver silent() throws IOException {
    return new OtlpReceiver(200, true);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = body(exchange);
      bodies.add(new String(body, StandardCharsets.UTF_8));
      asked.countDown();
      if (silent) {
        closed.await();
        return;
      }
      keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("x-key")));
      if (status == 200) {
        keep(exchange.getRequestURI().getPath(), body);
      }
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(status, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] body(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    if (!"gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
      return bytes;
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    }
  }

  private void keep(String path, byte[] body) {
    try {
      switch (path) {
        case "/v1/traces" ->
            ExportTraceServiceRequest.parseFrom(body)
                .getResourceSpansList()
                .forEach(each -> {
                  resources.add(values(each.getResource().getAttributesList()));
                  each.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
                });
        case "/v1/metrics" ->
            ExportMetricsServiceRequest.parseFrom(body)
                .getResourceMetricsList()
                .forEach(each ->
                    each.getScopeMetricsList()
                        .forEach(scope -> metrics.addAll(scope.getMetricsList())));
        default -> throw new IllegalArgumentException(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public List<Span> spans() {
    return List.copyOf(spans);
  }

  /** The one with that id. */
  public Span span(String id) {
    return spans.stream().filter(span -> id(span).equals(id)).findFirst().orElseThrow();
  }

  public List<Metric> metrics() {
    return List.copyOf(metrics);
  }

  /** What the resources of spans say. */
  public List<Map<String, String>> resources() {
    return List.copyOf(resources);
  }

  /** What was sent, as it is. */
  public List<String> bodies() {
    return List.copyOf(bodies);
  }

  /** What requests had in the header x-key. */
  public List<String> keys() {
    return List.copyOf(keys);
  }

  /** Whether something was sent, in a time that is long enough. */
  public boolean awaitAsked() throws InterruptedException {
    return asked.await(60, TimeUnit.SECONDS);
  }

  public static String id(Span span) {
    return HexFormat.of().formatHex(span.getSpanId().toByteArray());
  }

  public static String parent(Span span) {
    return HexFormat.of().formatHex(span.getParentSpanId().toByteArray());
  }

  public static String trace(Span span) {
    return HexFormat.of().formatHex(span.getTraceId().toByteArray());
  }

  /** Its attributes as texts. */
  public static Map<String, String> attributes(Span span) {
    return values(span.getAttributesList());
  }

  public static Map<String, String> values(List<KeyValue> attributes) {
    Map<String, String> values = new TreeMap<>();
    attributes.forEach(each -> values.put(each.getKey(), text(each.getValue())));
    return values;
  }

  private static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case INT_VALUE -> Long.toString(value.getIntValue());
      case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream()
              .map(OtlpReceiver::text)
              .toList()
              .toString();
      default -> throw new IllegalArgumentException(value.toString());
    };
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
