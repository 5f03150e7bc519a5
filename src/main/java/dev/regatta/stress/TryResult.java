package dev.regatta.stress;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One try of a task, or of one instance of it.
 *
 * @param attempt its name within the run, such as {@code simple_1.2} or {@code concurrent_1@3.1}
 * @param number 1-based count of the tries
 * @param started when the server was asked to start it
 * @param firstOutput how long after that it printed something first, if it did
 * @param duration from being asked for until its end was known
 * @param ending how it ended
 * @param judgement whether it passed, and why
 * @param transcript its answer against the agent's transcript
 * @param output the file with what it printed, redacted; none if nothing was printed or kept
 * @param outputBytes how much it printed
 * @param pid of its process, where the server told it
 */
public record TryResult(
    String attempt,
    int number,
    Instant started,
    Optional<Duration> firstOutput,
    Duration duration,
    Ending ending,
    Judgement judgement,
    TranscriptCheck transcript,
    Optional<Path> output,
    long outputBytes,
    OptionalLong pid) {}
