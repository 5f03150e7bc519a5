package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the server's tools: the official library's own. */
public final class ToolClient implements AutoCloseable {
  private final McpSyncClient client;

  /**
   * A client that has greeted the server.
   *
   * @param base such as {@code http://127.0.0.1:8004}
   * @param token empty for none
   */
  public ToolClient(String base, String token) {
    this.client =
        McpClient.sync(
                HttpClientStreamableHttpTransport.builder(base)
                    .httpRequestCustomizer((request, method, uri, body, context) -> {
                      if (!token.isEmpty()) {
                        request.header("Authorization", "Bearer " + token);
                      }
                    })
                    .build())
            .requestTimeout(Duration.ofSeconds(60))
            .build();
    client.initialize();
  }

  public McpSchema.Implementation server() {
    return client.getServerInfo();
  }

  public List<McpSchema.Tool> tools() {
    return client.listTools().tools();
  }

  /** What a call is answered that must go well. */
  public JsonNode answer(String tool, Map<String, Object> arguments) {
    McpSchema.CallToolResult result = call(tool, arguments);
    assertThat(result.isError()).as(text(result)).isFalse();
    return JsonMapper.shared().readTree(text(result));
  }

  /** Why a call is refused that must be. */
  public String refusal(String tool, Map<String, Object> arguments) {
    McpSchema.CallToolResult result = call(tool, arguments);
    assertThat(result.isError()).as(text(result)).isTrue();
    return text(result);
  }

  private McpSchema.CallToolResult call(String tool, Map<String, Object> arguments) {
    return client.callTool(McpSchema.CallToolRequest.builder(tool).arguments(arguments).build());
  }

  private static String text(McpSchema.CallToolResult result) {
    return ((McpSchema.TextContent) result.content().getFirst()).text();
  }

  @Override
  public void close() {
    client.close();
  }
}
