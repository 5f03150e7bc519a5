package dev.regatta.evidence;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Who says something about an attempt's calls. */
public enum Witness {
  /** The agent's own JSON. */
  AGENT,
  /** The files that the agent wrote while it worked. */
  TRANSCRIPT,
  /** The gateway, which saw the calls. */
  GATEWAY,
  /** The price table, with the tokens that were seen. */
  PRICES;

  /** The word in reports. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
