/**
 * The store: the one place that several processes share.
 *
 * <p>Rows about runs, rests of credentials and what came of stress suites come in and go out, each
 * change in a transaction of its own. It can be thrown away, as journals cannot: the history of
 * stress suites goes with it, and all else is an index over journals.
 */
@NullMarked
package dev.regatta.store;

import org.jspecify.annotations.NullMarked;
