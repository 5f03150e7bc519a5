/**
 * Reports: what was derived of journals, as text, JSON and HTML.
 *
 * <p>A derived proof comes in; characters go out. Whatever an agent said is shown as text and never
 * as anything else.
 */
@NullMarked
package dev.regatta.report;

import org.jspecify.annotations.NullMarked;
