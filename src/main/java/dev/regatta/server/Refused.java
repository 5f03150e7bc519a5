package dev.regatta.server;

import dev.regatta.run.Problem;
import dev.regatta.run.TaskSchema;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A request over HTTP that is not carried out: its status, and why in words for people. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int MOST_SHOWN = 10;

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

  /**
   * Sees that a value is as its schema has it.
   *
   * @param whole what it is called where no field of it is meant
   * @throws Refused that names each field which breaks a rule
   */
  static ObjectNode faultless(TaskSchema schema, JsonNode value, String whole) throws Refused {
    List<Problem> problems = schema.problems(value);
    if (problems.isEmpty() && value instanceof ObjectNode object) {
      return object;
    }
    throw invalid(
        problems.stream()
            .limit(MOST_SHOWN)
            .map(problem ->
                (problem.field().isEmpty() ? whole : problem.field()) + " " + problem.rule())
            .collect(Collectors.joining("; ")));
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
