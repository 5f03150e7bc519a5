/**
 * Processes: one child and its whole tree, from start to sweep.
 *
 * <p>A command line, an environment and a folder come in; bytes of output, the end and what it cost
 * come out as events, in order, to one reader. The room bounds what it holds in memory, stops whole
 * trees and finds what outlived its parent; it never judges what a program meant by its output. Of
 * this process itself it owns what others can read of its environment.
 */
@NullMarked
package dev.regatta.process;

import org.jspecify.annotations.NullMarked;
