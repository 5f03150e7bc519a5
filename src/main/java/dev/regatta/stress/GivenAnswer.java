package dev.regatta.stress;

import java.time.Duration;

/**
 * What an instance of a task answered in the try of it that counts.
 *
 * @param instance its number, from 1
 * @param passed whether it has passed; only then may it be picked
 * @param text the result that an agent names, or all that was printed, redacted
 * @param duration of that try
 */
public record GivenAnswer(int instance, boolean passed, String text, Duration duration) {}
