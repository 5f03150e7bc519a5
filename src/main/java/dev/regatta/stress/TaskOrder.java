package dev.regatta.stress;

/**
 * A task that is to be run.
 *
 * @param task as the suite has it
 * @param command the line that carries it out
 * @param plan the same in plain words, with its limits
 */
public record TaskOrder(SuiteTask task, TaskCommand command, PlannedTask plan) {}
