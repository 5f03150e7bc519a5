package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ColumnsTest {
  private final Columns columns = new Columns("lr");

  @Test
  void eachCellIsAsWideAsTheWidestOfItsColumn() {
    columns.add("a", "1", " end");
    columns.add("long", "22.50", "");
    assertThat(columns.lines()).containsExactly("a       1 end", "long22.50");
  }

  @Test
  void rowsMayBeShorterThanOthersAndNoLineEndsInBlanks() {
    columns.add("a");
    columns.add("bb", "2", "rest");
    assertThat(columns.lines()).containsExactly("a", "bb2rest");
  }

  @Test
  void noRowsAreNoLines() {
    assertThat(columns.lines()).isEmpty();
  }
}
