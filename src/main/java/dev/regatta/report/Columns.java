package dev.regatta.report;

import java.util.ArrayList;
import java.util.List;

/** Lines of several cells, each padded to the widest of its column. */
final class Columns {
  private final List<List<String>> rows = new ArrayList<>();
  private final String rightAligned;

  /**
   * Columns.
   *
   * @param alignment one character a column: {@code r} aligns right, anything else left
   */
  Columns(String alignment) {
    this.rightAligned = alignment;
  }

  void add(String... cells) {
    rows.add(List.of(cells));
  }

  /** The lines, each cell followed directly by the next. */
  List<String> lines() {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      String pad = " ".repeat(widths[i] - row.get(i).length());
      boolean right = i < rightAligned.length() && rightAligned.charAt(i) == 'r';
      line.append(right ? pad + row.get(i) : row.get(i) + pad);
    }
    return line.toString().stripTrailing();
  }
}
