package dev.regatta.evidence;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.regatta.journal.Claims;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Price;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What models cost, at a date.
 *
 * @param dated the day of the prices, as the file says
 * @param prices of each family of models
 */
public record PriceTable(String dated, List<Price> prices) {
  private static final double MILLION = 1e6;
  private static final String STANDARD = "prices.yaml";
  private static final long LARGEST = 1 << 20;

  private static final YAMLMapper MAPPER =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  /** Copies. */
  public PriceTable {
    prices = List.copyOf(prices);
  }

  /**
   * What some calls cost: between two amounts where it is not known how long the cache was to keep
   * what was written to it.
   */
  public record Cost(double least, double most) {
    private Cost plus(Cost other) {
      return new Cost(least + other.least, most + other.most);
    }
  }

  /** A file of prices that can't be used. The message says the file, the field and the rule. */
  public static final class PricesProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private PricesProblem(Path file, String rule, @Nullable Throwable cause) {
      super(file + ": " + rule, cause);
    }
  }

  private record File(
      @JsonProperty(required = true) String dated,
      @JsonProperty(required = true) Map<String, Rates> models) {}

  private record Rates(
      double input, double output, double cacheRead, double cacheWrite, double cacheWriteHour) {
    boolean valid() {
      return List.of(input, output, cacheRead, cacheWrite, cacheWriteHour).stream()
          .allMatch(rate -> rate >= 0 && rate <= MILLION);
    }
  }

  /** The list prices that come with this version. */
  public static PriceTable standard() {
    try (InputStream in =
        Objects.requireNonNull(PriceTable.class.getResourceAsStream(STANDARD), STANDARD)) {
      return table(Path.of(STANDARD), MAPPER.readValue(in, File.class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The prices in a file of the user's.
   *
   * @throws PricesProblem if it can't be read, or is no table of prices
   */
  public static PriceTable read(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new PricesProblem(file, "it is larger than 1 MB; a table of prices is short", null);
      }
      return table(file, MAPPER.readValue(Files.readString(file), File.class));
    } catch (IOException e) {
      throw new PricesProblem(file, "it can't be read: " + e.getMessage(), e);
    } catch (JacksonException e) {
      throw new PricesProblem(file, "it is no table of prices: " + e.getOriginalMessage(), e);
    }
  }

  private static PriceTable table(Path file, @Nullable File read) {
    if (read == null || read.dated() == null || read.models() == null || read.models().isEmpty()) {
      throw new PricesProblem(file, "it needs 'dated:' and 'models:' with at least one", null);
    }
    List<Price> prices = new ArrayList<>();
    read.models()
        .forEach((model, rates) -> {
          if (rates == null || !rates.valid() || model.isBlank()) {
            throw new PricesProblem(
                file,
                "models." + model + ": prices are dollars for a million tokens, from 0",
                null);
          }
          prices.add(
              new Price(
                  model,
                  rates.input(),
                  rates.output(),
                  rates.cacheRead(),
                  rates.cacheWrite(),
                  rates.cacheWriteHour()));
        });
    return new PriceTable(read.dated(), prices);
  }

  /** What a model costs: the longest name that its own begins with counts. */
  public Optional<Price> of(String model) {
    return prices.stream()
        .filter(price -> model.startsWith(price.model()))
        .max(Comparator.comparingInt(price -> price.model().length()));
  }

  /** What these calls cost; empty if one of their models is not in the table. */
  Optional<Cost> cost(List<Exchange.Message> messages) {
    Cost sum = new Cost(0, 0);
    for (Exchange.Message message : messages) {
      Optional<Price> price = Optional.ofNullable(message.model()).flatMap(this::of);
      if (price.isEmpty()) {
        return Optional.empty();
      }
      sum = sum.plus(cost(Usage.of(message), price.get()));
    }
    return Optional.of(sum);
  }

  /**
   * What an agent says it used, at these prices; empty if it does not say, or one of its models is
   * not in the table.
   */
  public Optional<Cost> cost(Claims claims) {
    Map<String, Claims.Use> models = claims.models();
    if (models != null && !models.isEmpty()) {
      Cost sum = new Cost(0, 0);
      for (Map.Entry<String, Claims.Use> used : models.entrySet()) {
        Optional<Price> price = of(used.getKey());
        if (price.isEmpty()) {
          return Optional.empty();
        }
        sum = sum.plus(cost(Usage.of(used.getValue()), price.get()));
      }
      return Optional.of(sum);
    }
    Optional<Price> price = Optional.ofNullable(claims.model()).flatMap(this::of);
    return Usage.of(claims).flatMap(usage -> price.map(rate -> cost(usage, rate)));
  }

  private static Cost cost(Usage usage, Price price) {
    double certain =
        usage.input() * price.input()
            + usage.output() * price.output()
            + usage.cacheRead() * price.cacheRead();
    double written = usage.cacheCreation();
    return new Cost(
        (certain + written * Math.min(price.cacheWrite(), price.cacheWriteHour())) / MILLION,
        (certain + written * Math.max(price.cacheWrite(), price.cacheWriteHour())) / MILLION);
  }
}
