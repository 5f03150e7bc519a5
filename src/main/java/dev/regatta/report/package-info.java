/**
 * Reports: what was derived of journals, as text, JSON and HTML; the trail of who did what; what
 * the doctor found.
 *
 * <p>A derived proof, the lines of a journal or findings come in; characters go out. Whatever an
 * agent said is shown as text and never as anything else.
 */
@NullMarked
package dev.regatta.report;

import org.jspecify.annotations.NullMarked;
