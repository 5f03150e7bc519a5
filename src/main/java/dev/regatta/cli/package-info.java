/** The commands: parse, call one thing below, show. */
@NullMarked
package dev.regatta.cli;

import org.jspecify.annotations.NullMarked;
