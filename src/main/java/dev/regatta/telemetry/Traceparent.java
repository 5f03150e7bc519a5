package dev.regatta.telemetry;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text by which processes name the span that they work for.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context</a>
 */
final class Traceparent {
  // There is no version ff. Behind 00 nothing follows, behind later ones something may.
  private static final Pattern FORM =
      Pattern.compile("(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  private Traceparent() {}

  /** The span that it names; nothing if it names none. */
  static Optional<SpanContext> read(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || (text.startsWith("00") && form.group(4) != null)) {
      return Optional.empty();
    }
    return Optional.of(
            SpanContext.createFromRemoteParent(
                form.group(1),
                form.group(2),
                TraceFlags.fromHex(form.group(3), 0),
                TraceState.getDefault()))
        .filter(SpanContext::isValid);
  }

  /** What names that span. */
  static String of(SpanContext span) {
    return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + span.getTraceFlags().asHex();
  }
}
