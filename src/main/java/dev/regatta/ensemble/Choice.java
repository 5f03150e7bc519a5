package dev.regatta.ensemble;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which answer a criterion picks, and on what figures.
 *
 * @param criterion the criterion's word
 * @param picked number of the instance that is picked, or null if none is
 * @param reason why, in one line for people
 * @param figures what each candidate came to, in the order of the instances
 */
public record Choice(
    String criterion, @Nullable Integer picked, String reason, List<Figure> figures) {

  /** Copies. */
  public Choice {
    figures = List.copyOf(figures);
  }

  /**
   * What one candidate came to.
   *
   * @param instance its number
   * @param value the figure that was compared, or null if it has none
   * @param shown the same in words
   */
  public record Figure(int instance, @Nullable Double value, String shown) {}

  /** That none is picked. */
  static Choice none(String criterion, String reason, List<Figure> figures) {
    return new Choice(criterion, null, reason, figures);
  }
}
