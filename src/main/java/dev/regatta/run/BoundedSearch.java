package dev.regatta.run;

import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A search with a regular expression that ends. An expression such as {@code (a+)+$} needs
 * exponential time on an answer made for it, and the answer is a stranger's text.
 */
public final class BoundedSearch {
  /** Looks at characters; about a second's worth, and 50 looks at each of a million characters. */
  static final long STEPS = 50_000_000;

  private BoundedSearch() {}

  /** How a search ended. */
  public enum Found {
    /** There is a match. */
    FOUND,
    /** There is none. */
    NOT_FOUND,
    /** It took too many steps. */
    GIVEN_UP
  }

  static Found find(Pattern pattern, String text) {
    return find(pattern, text, _ -> {});
  }

  /**
   * Looks for the first match.
   *
   * @param first gets it, if there is one
   */
  public static Found find(Pattern pattern, String text, Consumer<MatchResult> first) {
    try {
      Matcher matcher = pattern.matcher(new Counted(text, new long[] {STEPS}));
      if (!matcher.find()) {
        return Found.NOT_FOUND;
      }
      first.accept(matcher);
      return Found.FOUND;
    } catch (OutOfSteps | StackOverflowError e) {
      // The JDK matches alternatives within a repetition recursively: a long text ends its stack.
      return Found.GIVEN_UP;
    }
  }

  private record Counted(CharSequence text, long[] left) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (left[0]-- <= 0) {
        throw new OutOfSteps();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text.subSequence(start, end), left);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }

  private static final class OutOfSteps extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutOfSteps() {
      super("the search took too many steps", null, false, false);
    }
  }
}
