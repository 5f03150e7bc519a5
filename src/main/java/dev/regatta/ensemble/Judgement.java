package dev.regatta.ensemble;

import org.jspecify.annotations.Nullable;

/**
 * What a judge said of two answers in one order.
 *
 * @param first number of the instance whose answer was shown first
 * @param second number of the other
 * @param winner number of the better one, or null if neither is, or there is no verdict
 * @param valid whether there is a verdict
 * @param reason what it said, or why there is none
 * @param cut whether an answer was too long to be shown whole
 * @param model the model that judged, by its own word
 * @param inputTokens tokens it read
 * @param outputTokens tokens it generated
 * @param costUsd US dollars, or null where nobody says so
 * @param seconds how long it took
 */
public record Judgement(
    int first,
    int second,
    @Nullable Integer winner,
    boolean valid,
    String reason,
    boolean cut,
    @Nullable String model,
    @Nullable Long inputTokens,
    @Nullable Long outputTokens,
    @Nullable Double costUsd,
    double seconds) {}
