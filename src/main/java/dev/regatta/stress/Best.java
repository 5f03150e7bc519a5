package dev.regatta.stress;

import java.util.OptionalInt;

/**
 * The best instance of a task by one criterion.
 *
 * @param criterion its name in the suite
 * @param instance its number; none if it could not be told
 * @param reason what it was best with, or why it could not be told
 */
public record Best(String criterion, OptionalInt instance, String reason) {}
