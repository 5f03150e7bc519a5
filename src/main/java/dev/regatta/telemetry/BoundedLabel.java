package dev.regatta.telemetry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The values of a label that come from elsewhere: agents print the names of models as they like,
 * and each name that is let through is a time series for ever. The first so many that look like
 * names are; all others are {@code other}.
 */
final class BoundedLabel {
  /** What stands for a name that is not let through. */
  static final String OTHER = "other";

  /** What stands for one that was not told. */
  static final String UNKNOWN = "unknown";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@\\[\\]-]{0,99}");

  private final int most;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  /**
   * A label without values yet.
   *
   * @param most how many names are let through
   */
  BoundedLabel(int most) {
    this.most = most;
  }

  /** The value that stands for a name. */
  String of(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      return UNKNOWN;
    }
    if (known.contains(name)) {
      return name;
    }
    return NAME.matcher(name).matches() && add(name) ? name : OTHER;
  }

  private synchronized boolean add(String name) {
    return known.size() < most && known.add(name);
  }
}
