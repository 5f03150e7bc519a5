package dev.regatta.run;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Builds the tree of a tasks file, and refuses what YAML can do beyond a tree: anchors (a few lines
 * of them can stand for gigabytes, and the parser hands an alias on as if it were a text), tags and
 * several documents.
 */
public final class TaskTree {
  // tasks, task, expect, files, file, contains, text: seven are of use.
  private static final int DEPTH = 20;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final TaskText text;
  private final JsonParser parser;

  private TaskTree(TaskText text, JsonParser parser) {
    this.text = text;
    this.parser = parser;
  }

  /**
   * The tree of that text.
   *
   * @throws TaskFileProblem if it is no YAML or JSON, or goes beyond a tree
   */
  public static JsonNode read(TaskText text) {
    try (JsonParser parser = text.parser()) {
      TaskTree tree = new TaskTree(text, parser);
      if (parser.nextToken() == null) {
        throw new TaskFileProblem(
            List.of(text.label() + ": it is empty; it needs " + text.needs()));
      }
      JsonNode root = tree.value(0);
      if (parser.nextToken() != null) {
        throw tree.refuse("only one document a file; remove what follows");
      }
      return root;
    } catch (JacksonException e) {
      throw text.unreadable(e);
    }
  }

  private JsonNode value(int depth) {
    if (depth > DEPTH) {
      throw refuse("nested deeper than is of use (20 levels)");
    }
    refuseMarks();
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> mapping(depth);
      case START_ARRAY -> list(depth);
      case VALUE_STRING -> NODES.stringNode(parser.getString());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number();
      default -> throw refuse("a value of a kind that is not taken");
    };
  }

  private ObjectNode mapping(int depth) {
    ObjectNode mapping = NODES.objectNode();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      refuseMarks();
      String name = parser.currentName();
      parser.nextToken();
      mapping.set(name, value(depth + 1));
    }
    return mapping;
  }

  private ArrayNode list(int depth) {
    ArrayNode list = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(depth + 1));
    }
    return list;
  }

  /** A whole number of any size, or a double: 1e999999999 must not become its digits. */
  private JsonNode number() {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return NODES.numberNode(parser.getBigIntegerValue());
    }
    double number = parser.getDoubleValue();
    if (!Double.isFinite(number)) {
      throw refuse("a number that is no number, or too large");
    }
    return NODES.numberNode(number);
  }

  private void refuseMarks() {
    if (parser instanceof YAMLParser yaml) {
      if (yaml.isCurrentAlias() || yaml.getObjectId() != null) {
        throw refuse(
            "anchors and aliases (&, *) are not taken; what is shared stands in a tasks file's"
                + " 'defaults:'");
      }
      if (yaml.getTypeId() != null) {
        throw refuse("tags (!) are not taken; put a text that begins with '!' in quotes");
      }
    }
  }

  private TaskFileProblem refuse(String why) {
    TokenStreamLocation at = parser.currentTokenLocation();
    return new TaskFileProblem(
        List.of(text.label() + ":" + at.getLineNr() + ":" + at.getColumnNr() + ": " + why));
  }
}
