package dev.regatta.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regatta.journal.Exchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriceTableTest {
  @TempDir Path folder;

  @Test
  void theLongestNameThatAModelsBeginsWithCounts() {
    PriceTable table = PriceTable.standard();
    assertThat(table.of("claude-opus-4-8").orElseThrow().input()).isEqualTo(5);
    assertThat(table.of("claude-opus-4-20250514").orElseThrow().input()).isEqualTo(15);
    assertThat(table.of("gpt-5")).isEmpty();
    assertThat(table.dated()).matches("\\d{4}-\\d\\d-\\d\\d");
  }

  @Test
  void aCostIsBetweenTheTwoPricesOfWritingToTheCache() {
    // As the real CLI worked it out for the same tokens: $0.19527.
    assertThat(cost("claude-opus-4-8", 38874, 36, 0, 0))
        .contains(new PriceTable.Cost(0.19527, 0.19527));
    assertThat(cost("claude-sonnet-4-5", 0, 0, 1_000_000, 2_000_000))
        .contains(new PriceTable.Cost(7.8, 12.3));
    assertThat(cost("unknown", 1, 1, 0, 0)).isEmpty();
  }

  private static Optional<PriceTable.Cost> cost(
      String model, long input, long output, long read, long creation) {
    return PriceTable.standard()
        .cost(List.of(new Exchange.Message("m", model, null, null, input, output, read, creation)));
  }

  @Test
  void aUsersTableIsTaken() throws IOException {
    PriceTable table =
        PriceTable.read(
            file(
                "dated: 2027-01-01\nmodels:\n  x: {input: 1, output: 2, cacheRead: 3,"
                    + " cacheWrite: 4, cacheWriteHour: 5}\n"));
    assertThat(table.dated()).isEqualTo("2027-01-01");
    assertThat(table.of("x-1").orElseThrow().cacheWriteHour()).isEqualTo(5);
  }

  @Test
  void whatIsNoTableIsRefusedWithItsRule() throws IOException {
    refused("models: {}", "dated");
    refused("dated: 2027-01-01\nmodels: {}\n", "needs 'dated:' and 'models:' with at least one");
    refused("dated: d\nmodels: {x: {input: 1}}\n", "output");
    refused("dated: d\nprices: {}\nmodels: {}\n", "prices");
    refused(
        "dated: d\nmodels: {x: {input: -1, output: 2, cacheRead: 3, cacheWrite: 4,"
            + " cacheWriteHour: 5}}\n",
        "models.x: prices are dollars for a million tokens, from 0");
    refused("[", "it is no table of prices");
    assertThatThrownBy(() -> PriceTable.read(folder.resolve("none")))
        .isInstanceOf(PriceTable.PricesProblem.class)
        .hasMessageContaining("can't be read");
  }

  private void refused(String text, String rule) throws IOException {
    Path file = file(text);
    assertThatThrownBy(() -> PriceTable.read(file))
        .isInstanceOf(PriceTable.PricesProblem.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(rule);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("prices.yaml"), text);
  }
}
