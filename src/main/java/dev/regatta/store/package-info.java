/**
 * The store: the one place that several processes share.
 *
 * <p>Rows about runs and rests of credentials come in and go out, each change in a transaction of
 * its own. It is an index over journals and can be thrown away; journals cannot.
 */
@NullMarked
package dev.regatta.store;

import org.jspecify.annotations.NullMarked;
