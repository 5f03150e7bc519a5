/**
 * Experiments: the same tasks sequentially and in parallel, or a tree of agents that start agents,
 * and what that shows.
 *
 * <p>Tasks and a plan come in; runs are made of them; a {@link dev.regatta.experiment.Proof},
 * derived from the journal alone, goes out.
 */
@NullMarked
package dev.regatta.experiment;

import org.jspecify.annotations.NullMarked;
