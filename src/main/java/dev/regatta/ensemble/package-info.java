/**
 * Ensembles: the same prompt to many agents, models and temperatures at once, and the best answer.
 *
 * <p>A prompt, instances and a criterion come in; a run is made of them; an {@link
 * dev.regatta.ensemble.Ensemble}, derived from the journal alone, goes out.
 */
@NullMarked
package dev.regatta.ensemble;

import org.jspecify.annotations.NullMarked;
