package dev.regatta.mcp;

import dev.regatta.journal.Claims;
import dev.regatta.run.Call;
import dev.regatta.run.CreatedFile;
import dev.regatta.run.Descendant;
import dev.regatta.run.Expect;
import dev.regatta.run.SpawnRefused;
import dev.regatta.run.Wish;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The tool that starts other agents: tasks in, results out, and word of the progress meanwhile. */
final class Spawning {
  static final String INPUT =
      """
      {"type": "object", "required": ["tasks"], "additionalProperties": false,
       "properties": {"tasks": {"type": "array", "minItems": 1, "maxItems": 1000, "items": {
         "type": "object", "required": ["prompt"], "additionalProperties": false,
         "properties": {
           "prompt": {"type": "string", "minLength": 1,
             "description": "All that the agent is told."},
           "name": {"type": "string", "maxLength": 100,
             "description": "What you call it, to find its result again."},
           "agent": {"type": "string", "description": "Which agent program; as you by default."},
           "model": {"type": "string", "description": "Which model; the run's by default."},
           "expect": {"type": "object", "additionalProperties": false, "minProperties": 1,
             "description": "What must hold afterwards for it to have succeeded.",
             "properties": {
               "contains": {"type": "array", "items": {"type": "string", "minLength": 1},
                 "description": "Texts that must all be in its answer."},
               "matches": {"type": "string",
                 "description": "A regular expression that must be found in its answer."},
               "files": {"type": "array", "items": {"type": "string"},
                 "description": "Files that must be there, relative to the folder."}}}}}}}}
      """;

  /** The claude CLI takes some 25,000 tokens from a tool; beyond that the answers are cut. */
  private static final int LONGEST_TOGETHER = 60_000;

  private static final int SHORTEST_CUT = 1_000;

  McpSchema.CallToolResult call(McpSyncServerExchange exchange, McpSchema.CallToolRequest request) {
    try {
      List<Wish> wishes = wishes(Tools.JSON.valueToTree(request.arguments()));
      Call call = Caller.of(exchange).ask(wishes);
      try (Progress progress = new Progress(exchange, request.progressToken(), call)) {
        return Tools.answer(results(call.carryOut(progress::ended)));
      }
    } catch (SpawnRefused e) {
      return ToolForm.refusal(e.reason());
    } catch (IllegalArgumentException e) {
      return ToolForm.refusal("tasks: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ToolForm.refusal("the run is being stopped");
    }
  }

  private static List<Wish> wishes(JsonNode input) {
    return input.path("tasks").valueStream().map(Spawning::wish).toList();
  }

  private static Wish wish(JsonNode task) {
    return new Wish(
        task.path("prompt").asString(),
        text(task, "name"),
        text(task, "agent"),
        text(task, "model"),
        task.has("expect") ? Optional.of(expect(task.path("expect"))) : Optional.empty());
  }

  private static Optional<String> text(JsonNode node, String field) {
    return node.has(field) ? Optional.of(node.path(field).asString()) : Optional.empty();
  }

  private static Expect expect(JsonNode expect) {
    return new Expect(
        expect.path("contains").valueStream().map(JsonNode::asString).toList(),
        text(expect, "matches"),
        expect
            .path("files")
            .valueStream()
            .map(file -> new CreatedFile(file.asString(), List.of(), Optional.empty()))
            .toList());
  }

  private static ObjectNode results(List<Call.Answer> answers) {
    ObjectNode results = Tools.JSON.createObjectNode();
    ArrayNode list = results.putArray("results");
    int longest = Math.max(SHORTEST_CUT, LONGEST_TOGETHER / answers.size());
    for (Call.Answer answer : answers) {
      ObjectNode result = shown(answer.agent());
      answer
          .answer()
          .ifPresent(text -> {
            boolean cut = text.length() > longest;
            result.put("answer", cut ? text.substring(0, longest) : text);
            if (cut) {
              result.put("answerLeftOut", text.length() - longest);
            }
          });
      list.add(result);
    }
    return results;
  }

  /** An agent as others see it. */
  static ObjectNode shown(Descendant child) {
    ObjectNode shown = Tools.JSON.createObjectNode().put("name", child.name());
    shown.put("task", child.task()).put("state", child.state().name().toLowerCase(Locale.ROOT));
    child.outcome().ifPresent(outcome -> shown.put("outcome", outcome.word()));
    shown.put("reason", child.reason()).put("attempts", child.attempts());
    child.claims().ifPresent(claims -> show(claims, shown));
    return shown;
  }

  private static void show(Claims claims, ObjectNode shown) {
    if (claims.sessionId() != null) {
      shown.put("sessionId", claims.sessionId());
    }
    if (claims.costUsd() != null) {
      shown.put("costUsd", claims.costUsd());
    }
    if (claims.inputTokens() != null) {
      shown.put("inputTokens", claims.inputTokens());
    }
    if (claims.outputTokens() != null) {
      shown.put("outputTokens", claims.outputTokens());
    }
  }
}
