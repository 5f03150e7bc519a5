/**
 * The rehearsal: a model server on loopback and an agent that calls it, so that everything but the
 * model is real.
 *
 * <p>Scripts and requests of the models' APIs come in; scripted answers and faults go out, each
 * marked as rehearsal. It knows no other room.
 */
@NullMarked
package dev.regatta.rehearsal;

import org.jspecify.annotations.NullMarked;
