package dev.regatta.mcp;

import dev.regatta.run.Member;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;

/** Carries who calls from the door, where the token was looked at, to the tool. */
final class Caller {
  /** The request's attribute that holds the {@link Member}. */
  static final String ATTRIBUTE = Caller.class.getName();

  private Caller() {}

  static McpTransportContext ofRequest(HttpServletRequest request) {
    return McpTransportContext.create(Map.of(ATTRIBUTE, request.getAttribute(ATTRIBUTE)));
  }

  /** By the token of this very call, whoever began the session. */
  static Member of(McpSyncServerExchange exchange) {
    return (Member) exchange.transportContext().get(ATTRIBUTE);
  }
}
