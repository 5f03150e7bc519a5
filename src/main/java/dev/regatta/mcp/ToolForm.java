package dev.regatta.mcp;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema;
import jakarta.servlet.http.HttpServlet;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;

/** What tools and their answers look like to the library that serves them. */
public final class ToolForm {
  private ToolForm() {}

  /**
   * A tool as clients are told of it.
   *
   * @param description for a model that is to know what it is for
   * @param input its arguments, a JSON schema
   * @param effects what calling it may do
   */
  public static McpSchema.Tool described(
      String name, String description, String input, McpSchema.ToolAnnotations effects) {
    return McpSchema.Tool.builder(name, McpJsonDefaults.getMapper(), input)
        .description(description)
        .annotations(effects)
        .build();
  }

  /** An answer. */
  public static McpSchema.CallToolResult answer(String text) {
    return result(text, false);
  }

  /** Why a call was not carried out: who called reads it and can do otherwise. */
  public static McpSchema.CallToolResult refusal(String reason) {
    return result(reason, true);
  }

  private static McpSchema.CallToolResult result(String text, boolean error) {
    return McpSchema.CallToolResult.builder().addTextContent(text).isError(error).build();
  }

  /** The library's servlet at a path. */
  public static ServletContextHandler at(String path, HttpServlet servlet) {
    ServletContextHandler servlets = new ServletContextHandler("/");
    ServletHolder holder = new ServletHolder(servlet);
    holder.setAsyncSupported(true);
    servlets.addServlet(holder, path);
    return servlets;
  }
}
