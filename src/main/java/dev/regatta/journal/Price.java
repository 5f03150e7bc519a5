package dev.regatta.journal;

/**
 * What a model costs, in US dollars for a million tokens.
 *
 * @param model what the names of the models begin with that cost this
 * @param input tokens read, without those of the cache
 * @param output tokens generated
 * @param cacheRead tokens read from the cache
 * @param cacheWrite tokens written to the cache, to be kept for 5 minutes
 * @param cacheWriteHour tokens written to the cache, to be kept for an hour
 */
public record Price(
    String model,
    double input,
    double output,
    double cacheRead,
    double cacheWrite,
    double cacheWriteHour) {}
