/**
 * Telemetry: what runs do, told in the words of other people's tools, Prometheus and OpenTelemetry.
 *
 * <p>Events of journals come in, read from the files while these grow; metrics and spans go out. No
 * run is disturbed by it, and without it each would do the same.
 */
@NullMarked
package dev.regatta.telemetry;

import org.jspecify.annotations.NullMarked;
