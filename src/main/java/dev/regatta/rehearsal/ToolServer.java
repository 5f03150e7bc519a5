package dev.regatta.rehearsal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A server of further tools, on this machine, spoken to as MCP over HTTP has it. Its tools go by
 * the names that the real CLI gives them.
 */
final class ToolServer {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String PROTOCOL = "2025-06-18";
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)\\}");

  private final String name;
  private final URI address;
  private final Map<String, String> headers;
  private final List<ObjectNode> tools = new ArrayList<>();
  private @Nullable String session;
  private int requests;

  private ToolServer(String name, URI address, Map<String, String> headers) {
    this.name = name;
    this.address = address;
    this.headers = headers;
  }

  /**
   * Connects to each server of a configuration in the real CLI's form.
   *
   * @param configuration JSON; {@code ${NAME}} in a header stands for a variable
   * @throws IllegalArgumentException if it isn't such a configuration, or a server isn't there
   */
  static List<ToolServer> connect(String configuration, Map<String, String> environment) {
    List<ToolServer> servers = new ArrayList<>();
    try {
      for (Map.Entry<String, JsonNode> entry :
          JSON.readTree(configuration).path("mcpServers").properties()) {
        ToolServer server = of(entry.getKey(), entry.getValue(), environment);
        server.introduce();
        servers.add(server);
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException("error: --mcp-config isn't JSON", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "error: a server of --mcp-config doesn't answer: " + e.getMessage(), e);
    }
    return servers;
  }

  private static ToolServer of(String name, JsonNode server, Map<String, String> environment) {
    URI address = URI.create(server.path("url").asString(""));
    if (!server.path("type").asString("").equals("http")
        || !"127.0.0.1".equals(address.getHost())) {
      throw new IllegalArgumentException(
          "error: --mcp-config: " + name + " must be of type http, on 127.0.0.1");
    }
    Map<String, String> headers = new HashMap<>();
    server
        .path("headers")
        .properties()
        .forEach(it -> headers.put(it.getKey(), expanded(it.getValue().asString(), environment)));
    return new ToolServer(name, address, headers);
  }

  private static String expanded(String text, Map<String, String> environment) {
    return VARIABLE
        .matcher(text)
        .replaceAll(it -> Matcher.quoteReplacement(environment.getOrDefault(it.group(1), "")));
  }

  private void introduce() throws IOException {
    ObjectNode hello = JSON.createObjectNode().put("protocolVersion", PROTOCOL);
    hello.putObject("capabilities");
    hello.putObject("clientInfo").put("name", "regatta-rehearsal").put("version", "1");
    request("initialize", hello);
    send(JSON.createObjectNode().put("jsonrpc", "2.0").put("method", "notifications/initialized"));
    for (JsonNode tool : request("tools/list", JSON.createObjectNode()).path("tools")) {
      ObjectNode offered = JSON.createObjectNode();
      offered.put("name", "mcp__" + name + "__" + tool.path("name").asString());
      offered.set("description", tool.path("description"));
      tools.add(offered.set("input_schema", tool.path("inputSchema")));
    }
  }

  /** Its tools, as a request to a model offers them. */
  List<ObjectNode> tools() {
    return List.copyOf(tools);
  }

  boolean has(String tool) {
    return tools.stream().anyMatch(offered -> offered.path("name").asString().equals(tool));
  }

  /** Uses one of them, and waits for as long as it takes. */
  Workspace.Result use(String tool, JsonNode input) {
    ObjectNode call = JSON.createObjectNode();
    call.put("name", tool.substring(("mcp__" + name + "__").length())).set("arguments", input);
    try {
      JsonNode result = request("tools/call", call);
      StringBuilder text = new StringBuilder();
      result.path("content").forEach(block -> text.append(block.path("text").asString("")));
      return new Workspace.Result(text.toString(), result.path("isError").asBoolean(false));
    } catch (IOException | JacksonException e) {
      return new Workspace.Result("The tool can't be used: " + e.getMessage(), true);
    }
  }

  private JsonNode request(String method, ObjectNode params) throws IOException {
    int id = ++requests;
    ObjectNode request = JSON.createObjectNode().put("jsonrpc", "2.0").put("id", id);
    request.put("method", method).set("params", params);
    HttpURLConnection http = send(request);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(http.getInputStream(), StandardCharsets.UTF_8))) {
      boolean stream = String.valueOf(http.getContentType()).startsWith("text/event-stream");
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (stream && !line.startsWith("data:")) {
          continue;
        }
        JsonNode message = JSON.readTree(stream ? line.substring(5) : line);
        if (message.path("id").asInt(-1) == id) {
          return result(message);
        }
      }
    }
    throw new IOException("the answer to " + method + " ended early");
  }

  private static JsonNode result(JsonNode message) throws IOException {
    if (message.has("error")) {
      throw new IOException(message.path("error").path("message").asString("an error"));
    }
    return message.path("result");
  }

  private HttpURLConnection send(ObjectNode message) throws IOException {
    var http = (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
    http.setRequestMethod("POST");
    http.setDoOutput(true);
    http.setInstanceFollowRedirects(false);
    http.setRequestProperty("content-type", "application/json");
    http.setRequestProperty("accept", "application/json, text/event-stream");
    headers.forEach(http::setRequestProperty);
    if (session != null) {
      http.setRequestProperty("mcp-session-id", session);
    }
    try (OutputStream out = http.getOutputStream()) {
      out.write(message.toString().getBytes(StandardCharsets.UTF_8));
    }
    int status = http.getResponseCode();
    if (status / 100 != 2) {
      throw new IOException("status " + status);
    }
    String named = http.getHeaderField("mcp-session-id");
    session = named == null ? session : named;
    return http;
  }
}
