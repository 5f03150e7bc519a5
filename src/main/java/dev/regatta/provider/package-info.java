/**
 * Providers: whose model API it is, where it listens, which of its paths agents call, and under
 * which names people keep its credentials.
 *
 * <p>A path, a header's or a variable's name comes in; what it means to that provider goes out. It
 * holds facts only, sends nothing, and lies below all other rooms.
 */
@NullMarked
package dev.regatta.provider;

import org.jspecify.annotations.NullMarked;
