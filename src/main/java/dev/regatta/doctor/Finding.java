package dev.regatta.doctor;

import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at.
 *
 * @param id what it was, for example {@code tool.claude}; {@code docs/doctor.md} lists them
 * @param status how it is meant
 * @param found what was found, in one line
 * @param fix what helps; null where nothing has to be done
 */
public record Finding(String id, Status status, String found, @Nullable String fix) {}
