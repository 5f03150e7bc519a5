package dev.regatta.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A strict reader of Prometheus' text format, version 0.0.4: each family has its type before its
 * samples and stands together, no sample comes twice, buckets grow and end with all there is.
 */
public final class PrometheusText {
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{((?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n"
              + "]|\\\\[\\\\\"n])*\",?)*)\\})? ([-+]?(?:[0-9.]+(?:[eE][-+]?[0-9]+)?|Inf)|NaN)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"");

  private final Map<String, String> types = new LinkedHashMap<>();
  private final Map<String, Map<Map<String, String>, Double>> samples = new LinkedHashMap<>();

  private PrometheusText() {}

  /** What a server without a token answers. */
  public static PrometheusText of(String base) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/metrics")).build();
      return read(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
  }

  public static PrometheusText read(String text) {
    PrometheusText read = new PrometheusText();
    assertThat(text).endsWith("\n");
    String family = "";
    for (String line : text.split("\n")) {
      if (line.startsWith("# HELP ")) {
        assertThat(line.split(" ", 4)).as(line).hasSize(4);
      } else if (line.startsWith("# TYPE ")) {
        String[] words = line.split(" ");
        assertThat(words).as(line).hasSize(4);
        assertThat(words[3]).isIn("counter", "gauge", "histogram");
        assertThat(read.types.put(words[2], words[3])).as("twice: " + line).isNull();
        family = words[2];
      } else {
        read.sample(line, family);
      }
    }
    read.types.forEach(read::check);
    return read;
  }

  private void sample(String line, String family) {
    Matcher matcher = SAMPLE.matcher(line);
    assertThat(matcher.matches()).as("no sample: %s", line).isTrue();
    String name = matcher.group(1);
    boolean histogram = "histogram".equals(types.get(family));
    assertThat(histogram ? name.replaceAll("_(bucket|sum|count)$", "") : name)
        .as("in its family: %s", line)
        .isEqualTo(family);
    Map<String, String> labels = new TreeMap<>();
    Matcher label = LABEL.matcher(matcher.group(2) == null ? "" : matcher.group(2));
    while (label.find()) {
      assertThat(labels.put(label.group(1), label.group(2))).as(line).isNull();
    }
    assertThat(
            samples
                .computeIfAbsent(name, each -> new HashMap<>())
                .put(labels, Double.parseDouble(matcher.group(3).replace("Inf", "Infinity"))))
        .as("twice: %s", line)
        .isNull();
  }

  private void check(String family, String type) {
    if (type.equals("counter")) {
      samples(family).values().forEach(value -> assertThat(value).isNotNegative());
    }
    if (!type.equals("histogram")) {
      return;
    }
    samples(family + "_count")
        .forEach((labels, count) -> {
          List<Double> buckets =
              samples(family + "_bucket").entrySet().stream()
                  .filter(bucket -> without(bucket.getKey()).equals(labels))
                  .sorted(
                      (one, other) -> Double.compare(bound(one.getKey()), bound(other.getKey())))
                  .map(Map.Entry::getValue)
                  .collect(Collectors.toCollection(ArrayList::new));
          assertThat(buckets).isSorted().isNotEmpty().last().isEqualTo(count);
          assertThat(samples(family + "_sum")).containsKey(labels);
        });
  }

  private static double bound(Map<String, String> labels) {
    return Double.parseDouble(labels.get("le").replace("Inf", "Infinity"));
  }

  private static Map<String, String> without(Map<String, String> labels) {
    Map<String, String> rest = new TreeMap<>(labels);
    rest.remove("le");
    return rest;
  }

  /** The families and their types. */
  public Map<String, String> types() {
    return types;
  }

  /** The samples of that name by their labels. */
  public Map<Map<String, String>, Double> samples(String name) {
    return samples.getOrDefault(name, Map.of());
  }

  /** The value of one sample: its labels' names and values in turn; 0 where there is none. */
  public double value(String name, String... labels) {
    Map<String, String> wanted = new TreeMap<>();
    for (int i = 0; i < labels.length; i += 2) {
      wanted.put(labels[i], labels[i + 1]);
    }
    return samples(name).getOrDefault(wanted, 0.0);
  }

  /** The sum of all samples of that name. */
  public double total(String name) {
    return samples(name).values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** All values that a label has. */
  public Set<String> values(String label) {
    return samples.values().stream()
        .flatMap(each -> each.keySet().stream())
        .filter(labels -> labels.containsKey(label))
        .map(labels -> labels.get(label))
        .collect(Collectors.toSet());
  }

  /** Sees that no counter is below what it was. */
  public void requireNotBelow(PrometheusText before) {
    before.types.forEach((family, type) -> {
      List<String> names =
          switch (type) {
            case "counter" -> List.of(family);
            case "histogram" -> List.of(family + "_bucket", family + "_sum", family + "_count");
            default -> List.of();
          };
      for (String name : names) {
        before
            .samples(name)
            .forEach((labels, value) ->
                assertThat(samples(name).get(labels))
                    .as("%s %s", name, labels)
                    .isGreaterThanOrEqualTo(value));
      }
    });
  }
}
