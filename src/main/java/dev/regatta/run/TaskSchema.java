package dev.regatta.run;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A published schema, that of tasks files for one, and what its findings are called for people. */
public final class TaskSchema {
  private static final String RESOURCE = "/dev/regatta/schema/tasks-1.schema.json";

  private final Schema schema;

  /** That of tasks files. */
  TaskSchema() {
    this(RESOURCE);
  }

  /**
   * Another one, of which each part has a title that says what a value must be.
   *
   * @param resource where the program carries it
   */
  public TaskSchema(String resource) {
    try (InputStream in =
        Objects.requireNonNull(TaskSchema.class.getResourceAsStream(resource), resource)) {
      schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(in, InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that is not published, made in the same way. */
  public TaskSchema(JsonNode root) {
    schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(root);
  }

  /** Every rule of the schema that the tree breaks, one for each field. */
  public List<Problem> problems(JsonNode tree) {
    List<Problem> problems = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Error error : schema.validate(tree)) {
      Problem problem = problem(error);
      if (seen.add(problem.field())) {
        problems.add(problem);
      }
    }
    return problems;
  }

  /** The schema itself. */
  public JsonNode root() {
    return schema.getSchemaNode();
  }

  private Problem problem(Error error) {
    String field = field(error.getInstanceLocation());
    String property = String.valueOf(error.getProperty());
    return switch (error.getKeyword()) {
      case "additionalProperties" ->
          new Problem(Problem.within(field, property), unknown(error, property));
      case "required" -> new Problem(field, "needs the field '" + property + "'");
      case "maximum" -> new Problem(field, "must be at most " + bound(error));
      case "maxItems" -> new Problem(field, "must have at most " + bound(error) + " items");
      default -> new Problem(field, "must be " + holder(error).path("title").asString());
    };
  }

  private String unknown(Error error, String property) {
    return Forbidden.why(property)
        .orElseGet(() -> {
          JsonNode known = holder(error).path("properties");
          return "is no field here; there is " + String.join(", ", known.propertyNames());
        });
  }

  private String bound(Error error) {
    return holder(error).path(error.getKeyword()).asString();
  }

  /** The part of the schema that has the keyword: its title says what the value must be. */
  private JsonNode holder(Error error) {
    NodePath path = error.getSchemaLocation().getFragment();
    JsonNode node = schema.getSchemaNode();
    for (int at = 0; at < path.getNameCount() - 1; at++) {
      node = node.path(path.getName(at));
    }
    return node;
  }

  private static String field(NodePath path) {
    String field = "";
    for (int at = 0; at < path.getNameCount(); at++) {
      field =
          path.getElement(at) instanceof Integer index
              ? Problem.within(field, index)
              : Problem.within(field, path.getName(at));
    }
    return field;
  }
}
