package dev.regatta.rehearsal;

import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One prompt from start to result, told in the events of the real CLI's stream-json. */
final class Conversation {
  // Dollars per million tokens: what the real CLI (2.1.197) reckoned for its usual model.
  private static final double INPUT_PRICE = 5;
  private static final double OUTPUT_PRICE = 25;
  private static final int MOST_TOKENS = 4096;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Arguments arguments;
  private final Endpoint endpoint;
  private final Workspace workspace;
  private final List<ToolServer> servers;
  private final Consumer<ObjectNode> events;
  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private final ModelCall calls;
  private final String sessionId = UUID.randomUUID().toString();
  private final ArrayNode messages = JSON.createArrayNode();
  private final ArrayNode denials = JSON.createArrayNode();
  private final long begun;
  private long apiNanos;
  private long inputTokens;
  private long outputTokens;
  private int turns;

  Conversation(
      Arguments arguments,
      Endpoint endpoint,
      Workspace workspace,
      List<ToolServer> servers,
      Consumer<ObjectNode> events,
      InstantSource clock,
      LongSupplier nanoClock) {
    this.arguments = arguments;
    this.endpoint = endpoint;
    this.workspace = workspace;
    this.servers = List.copyOf(servers);
    this.events = events;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.calls = new ModelCall(endpoint);
    this.begun = nanoClock.getAsLong();
  }

  /** Asks, uses tools as told, and returns the result event, which has been told too. */
  ObjectNode hold(String prompt) {
    events.accept(init());
    messages.addObject().put("role", "user").put("content", prompt);
    ObjectNode result = answer();
    events.accept(result);
    return result;
  }

  private ObjectNode answer() {
    while (true) {
      turns++;
      long start = nanoClock.getAsLong();
      ModelCall.Ending ending = calls.send(request());
      apiNanos += nanoClock.getAsLong() - start;
      switch (ending) {
        case ModelCall.Ending.Failed failed -> {
          return failure(failed);
        }
        case ModelCall.Ending.Answered answered -> {
          count(answered.message().path("usage"));
          tell(answered);
          if (!answered.message().path("stop_reason").asString("").equals("tool_use")) {
            return result("success", text(answered.message()), false);
          }
          useTools(answered.message());
        }
      }
      if (turns >= arguments.mostTurns()) {
        String why = "Reached maximum number of turns (" + arguments.mostTurns() + ")";
        return result("error_max_turns", why, true);
      }
    }
  }

  private ObjectNode request() {
    ObjectNode body = JSON.createObjectNode().put("model", arguments.model());
    body.put("max_tokens", MOST_TOKENS).put("stream", true);
    body.set("messages", messages);
    ArrayNode tools = body.putArray("tools");
    tool(tools, "Write", "file_path", "content");
    tool(tools, "Read", "file_path");
    servers.forEach(server -> server.tools().forEach(tools::add));
    return body;
  }

  private static void tool(ArrayNode tools, String name, String... fields) {
    ObjectNode schema =
        tools.addObject().put("name", name).putObject("input_schema").put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (String field : fields) {
      properties.putObject(field).put("type", "string");
      required.add(field);
    }
  }

  private void useTools(ObjectNode message) {
    messages.addObject().put("role", "assistant").set("content", message.path("content"));
    ArrayNode results = JSON.createArrayNode();
    for (JsonNode block : message.path("content")) {
      if (block.path("type").asString("").equals("tool_use")) {
        results.add(use(block));
      }
    }
    ObjectNode user = messages.addObject().put("role", "user");
    user.set("content", results);
    ObjectNode event = event("user").put("timestamp", clock.instant().toString());
    event.set("message", user);
    events.accept(event.putNull("parent_tool_use_id"));
  }

  private ObjectNode use(JsonNode block) {
    String name = block.path("name").asString("");
    String id = block.path("id").asString("");
    JsonNode input = block.path("input");
    String path = input.path("file_path").asString("");
    Workspace.Result result;
    if (!arguments.allows(name)) {
      ObjectNode denial = denials.addObject().put("tool_name", name).put("tool_use_id", id);
      denial.set("tool_input", input);
      result = new Workspace.Result("Permission to use " + name + " hasn't been granted", true);
    } else {
      result =
          switch (name) {
            case "Write" -> workspace.write(path, input.path("content").asString(""));
            case "Read" -> workspace.read(path);
            default -> ask(name, input);
          };
    }
    ObjectNode told = JSON.createObjectNode().put("tool_use_id", id).put("type", "tool_result");
    told.put("content", result.text());
    return result.error() ? told.put("is_error", true) : told;
  }

  private Workspace.Result ask(String tool, JsonNode input) {
    return servers.stream()
        .filter(server -> server.has(tool))
        .findFirst()
        .map(server -> server.use(tool, input))
        .orElseGet(() -> new Workspace.Result("No such tool available: " + tool, true));
  }

  private void count(JsonNode usage) {
    inputTokens += usage.path("input_tokens").asLong(0);
    outputTokens += usage.path("output_tokens").asLong(0);
  }

  private void tell(ModelCall.Ending.Answered answered) {
    ObjectNode event = event("assistant").put("request_id", answered.requestId());
    event.set("message", answered.message());
    events.accept(event.putNull("parent_tool_use_id"));
  }

  private ObjectNode failure(ModelCall.Ending.Failed failed) {
    ObjectNode event = event("assistant").put("request_id", failed.requestId());
    event.put("error", kind(failed.status()));
    ObjectNode message = event.putObject("message").put("id", UUID.randomUUID().toString());
    message.put("type", "message").put("role", "assistant").put("model", "<synthetic>");
    message.putArray("content").addObject().put("type", "text").put("text", failed.why());
    events.accept(event.putNull("parent_tool_use_id"));
    // The real CLI says "success" here too: readers must look at is_error.
    ObjectNode result = result("success", failed.why(), true);
    return failed.status() == 0 ? result : result.put("api_error_status", failed.status());
  }

  private static String kind(int status) {
    return switch (status) {
      case 400 -> "invalid_request";
      case 401, 403 -> "authentication_failed";
      case 429 -> "rate_limit";
      default -> status >= 500 ? "server_error" : "unknown";
    };
  }

  private ObjectNode init() {
    ObjectNode init = event("system").put("subtype", "init").put("rehearsal", true);
    init.put("cwd", workspace.folder().toString()).put("model", arguments.model());
    ArrayNode tools = init.putArray("tools").add("Read").add("Write");
    servers.forEach(server -> server.tools().forEach(tool -> tools.add(tool.path("name"))));
    init.putArray("mcp_servers");
    init.put("permissionMode", arguments.permissionMode());
    // The real CLI's name for it: whoever reads its events looks there.
    init.put("claude_code_version", RehearsalAgent.VERSION);
    return init.put("apiKeySource", endpoint.source().endsWith("KEY") ? endpoint.source() : "none");
  }

  private ObjectNode result(String subtype, String text, boolean error) {
    double cost = (inputTokens * INPUT_PRICE + outputTokens * OUTPUT_PRICE) / 1e6;
    ObjectNode result = event("result").put("subtype", subtype).put("rehearsal", true);
    result.put("is_error", error).putNull("api_error_status");
    result.put("duration_ms", (nanoClock.getAsLong() - begun) / 1_000_000);
    result.put("duration_api_ms", apiNanos / 1_000_000).put("num_turns", turns);
    result.put("result", text).put("total_cost_usd", cost);
    ObjectNode usage = result.putObject("usage").put("input_tokens", inputTokens);
    usage.put("output_tokens", outputTokens).put("cache_read_input_tokens", 0);
    usage.put("cache_creation_input_tokens", 0);
    ObjectNode model = result.putObject("modelUsage").putObject(arguments.model());
    model.put("inputTokens", inputTokens).put("outputTokens", outputTokens);
    model.put("cacheReadInputTokens", 0).put("cacheCreationInputTokens", 0).put("costUSD", cost);
    result.set("permission_denials", denials);
    return result.put("terminal_reason", "completed");
  }

  private ObjectNode event(String type) {
    ObjectNode event = JSON.createObjectNode().put("type", type).put("session_id", sessionId);
    return event.put("uuid", UUID.randomUUID().toString());
  }

  private static String text(ObjectNode message) {
    StringBuilder text = new StringBuilder();
    message.path("content").forEach(block -> text.append(block.path("text").asString("")));
    return text.toString();
  }
}
