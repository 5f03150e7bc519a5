package dev.regatta.evidence;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How much of what an attempt says of itself others have seen. Each level holds the ones before.
 */
public enum Level {
  /** Its own word only, or its word against another witness's. */
  CLAIMED("claimed"),
  /** What the agent wrote into its own files while it worked fits what it says. */
  TRANSCRIPT_CORROBORATED("transcript-corroborated"),
  /** The gateway saw its calls, and they fit what it says. */
  WITNESSED("witnessed"),
  /** Besides, its answer holds what it could only know from this attempt. */
  WITNESSED_AND_CHALLENGED("witnessed-and-challenged");

  private final String word;

  Level(String word) {
    this.word = word;
  }

  /** The word in reports. */
  @JsonValue
  public String word() {
    return word;
  }
}
