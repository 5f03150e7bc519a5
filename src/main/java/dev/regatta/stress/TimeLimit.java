package dev.regatta.stress;

import java.time.Duration;

/**
 * A limit of a task, as its suite gives it.
 *
 * @param time how long
 * @param field where it is written
 */
public record TimeLimit(Duration time, String field) {}
