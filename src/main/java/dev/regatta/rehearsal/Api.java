package dev.regatta.rehearsal;

import tools.jackson.databind.JsonNode;

/** The form of one provider's API: how it is asked, how it answers and how it refuses. */
sealed interface Api permits MessagesApi, ResponsesApi, ChatApi, GeminiApi {
  /**
   * Reads a request's body.
   *
   * @param path where it came, which holds the model's name in some APIs
   * @throws IllegalArgumentException naming the field that is wrong
   */
  Ask ask(JsonNode body, String path);

  /** An answer in this form. */
  AnswerForm form(Answer answer, Ask ask, int inputTokens);

  /**
   * The body of an error.
   *
   * @param status the HTTP status
   * @param type the kind of error, in the words of the Messages API
   */
  String error(int status, String type, String message, String requestId);

  /** The body of an error that a script asks for. */
  default String error(Fault.Refusal fault, String message, String requestId) {
    return error(fault.status(), fault.type(), message, requestId);
  }

  /** The header that names a request. */
  String requestIdHeader();

  /** The API that has that path; the Messages API has what no other has. */
  static Api at(String path) {
    if (GeminiApi.has(path)) {
      return new GeminiApi();
    }
    return switch (path) {
      case ResponsesApi.PATH -> new ResponsesApi();
      case ChatApi.PATH -> new ChatApi();
      default -> new MessagesApi();
    };
  }
}
