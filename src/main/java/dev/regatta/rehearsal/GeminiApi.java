package dev.regatta.rehearsal;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Google's Gemini API, as the {@code gemini} CLI calls it (measured with 0.61.0). */
record GeminiApi() implements Api {
  /** The list of models. */
  static final String MODELS = "/v1beta/models";

  /** What answers with a message, streamed or not. */
  static final String GENERATE = MODELS + "/:generate";

  /** What counts tokens. */
  static final String COUNT = MODELS + "/:count";

  /** Everything that starts so is a path of this API. */
  private static final Pattern PATH =
      Pattern.compile(
          MODELS
              + "(?:/([A-Za-z0-9._-]{1,200})"
              + "(?::(streamGenerateContent|generateContent|countTokens))?)?");

  /** A script's {@code Write}, and what this CLI calls it. */
  static final String WRITE = "Write";

  static final String WRITE_FILE = "write_file";

  // The CLI asks models for itself: how hard a question is, whose turn it is.
  private static final String OWN_ANSWER =
      """
      {"complexity_reasoning":"rehearsal","complexity_score":1,"reasoning":"rehearsal",\
      "next_speaker":"user"}\
      """;
  // It tells the model of the folder and the machine in a part of the user's message.
  private static final String NOTE = "<session_context>";
  private static final String STREAM = "streamGenerateContent";

  static boolean has(String path) {
    return PATH.matcher(path).matches();
  }

  /** One of its paths without the model in it. */
  static String place(String path) {
    return switch (action(path)) {
      case STREAM, "generateContent" -> GENERATE;
      case "countTokens" -> COUNT;
      default -> MODELS;
    };
  }

  private static String action(String path) {
    Matcher matcher = PATH.matcher(path);
    return matcher.matches() && matcher.group(2) != null ? matcher.group(2) : "";
  }

  @Override
  public Ask ask(JsonNode body, String path) {
    JsonNode contents = body.path("contents");
    if (!contents.isArray() || contents.isEmpty()) {
      throw new IllegalArgumentException(
          "* GenerateContentRequest.contents: contents is not specified");
    }
    Matcher matcher = PATH.matcher(path);
    String model = matcher.matches() && matcher.group(1) != null ? matcher.group(1) : "";
    Set<String> tools = tools(body);
    boolean own = tools.isEmpty() && body.path("generationConfig").has("responseJsonSchema");
    return new Ask(
        model, action(path).equals(STREAM), prompt(contents), toolUse(contents), tools, own);
  }

  private static Set<String> tools(JsonNode body) {
    Set<String> names = new HashSet<>();
    for (JsonNode tool : body.path("tools")) {
      tool.path("functionDeclarations").forEach(it -> names.add(it.path("name").asString("")));
    }
    if (names.contains(WRITE_FILE)) {
      names.add(WRITE);
    }
    return names;
  }

  private static String prompt(JsonNode contents) {
    for (int index = contents.size() - 1; index >= 0; index--) {
      JsonNode content = contents.path(index);
      if (content.path("role").asString("user").equals("user")) {
        String text = ownText(content);
        if (!text.isEmpty()) {
          return text;
        }
      }
    }
    return "";
  }

  private static String ownText(JsonNode content) {
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content.path("parts")) {
      String own = part.path("text").asString("").strip();
      if (!own.isEmpty() && !own.startsWith(NOTE)) {
        text.append(text.isEmpty() ? "" : "\n").append(own);
      }
    }
    return text.toString();
  }

  private static Optional<String> toolUse(JsonNode contents) {
    for (JsonNode part : contents.path(contents.size() - 1).path("parts")) {
      String id = part.path("functionResponse").path("id").asString("");
      if (id.startsWith(Ask.TOOL_USE)) {
        return Optional.of(id);
      }
    }
    return Optional.empty();
  }

  @Override
  public AnswerForm form(Answer answer, Ask ask, int inputTokens) {
    Answer given =
        ask.auxiliary()
            ? new Answer(answer.messageId(), 0, 0, OWN_ANSWER, Optional.empty(), Optional.empty())
            : answer;
    return new GeminiMessage(given, ask.model(), inputTokens);
  }

  @Override
  public String error(int status, String type, String message, String requestId) {
    return body(status, message).toString();
  }

  /** How long to wait stands among the details. */
  @Override
  public String error(Fault.Refusal fault, String message, String requestId) {
    ObjectNode body = body(fault.status(), message);
    fault
        .retryAfter()
        .ifPresent(seconds ->
            body.withObject("error")
                .putArray("details")
                .addObject()
                .put("@type", "type.googleapis.com/google.rpc.RetryInfo")
                .put("retryDelay", seconds + "s"));
    return body.toString();
  }

  private static ObjectNode body(int status, String message) {
    ObjectNode body = JsonMapper.shared().createObjectNode();
    body.putObject("error").put("code", status).put("message", message).put("status", word(status));
    return body;
  }

  private static String word(int status) {
    return switch (status) {
      case 400, 405, 413 -> "INVALID_ARGUMENT";
      case 401 -> "UNAUTHENTICATED";
      case 403 -> "PERMISSION_DENIED";
      case 404 -> "NOT_FOUND";
      case 429 -> "RESOURCE_EXHAUSTED";
      case 503, 529 -> "UNAVAILABLE";
      default -> "INTERNAL";
    };
  }

  /** The API itself names no request: its answers have an id of their own. */
  @Override
  public String requestIdHeader() {
    return "x-request-id";
  }
}
