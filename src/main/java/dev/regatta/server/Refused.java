package dev.regatta.server;

import org.eclipse.jetty.http.HttpStatus;
import tools.jackson.databind.node.ObjectNode;

/** A request over HTTP that is not carried out: its status, and why in words for people. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  Refused(int status, String detail) {
    super(detail);
    this.status = status;
  }

  static Refused notFound(String detail) {
    return new Refused(404, detail);
  }

  static Refused invalid(String detail) {
    return new Refused(422, detail);
  }

  int status() {
    return status;
  }

  /** A problem as RFC 9457 has it, without a type of its own: the status says what it is. */
  static ObjectNode problem(int status, String detail) {
    return Notices.object()
        .put("type", "about:blank")
        .put("title", HttpStatus.getMessage(status))
        .put("status", status)
        .put("detail", detail);
  }
}
