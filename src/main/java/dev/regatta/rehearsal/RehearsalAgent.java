package dev.regatta.rehearsal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * An agent without a model, as a program of its own: it takes the real CLI's flags, calls a server
 * on loopback over HTTP, writes files in its working folder, and prints the real CLI's events.
 *
 * <p>Exit codes: 0 for a result, 1 for an error result or a wrong command line, 2 for an
 * environment it refuses to work in.
 */
public final class RehearsalAgent {
  /** The number of its version. */
  static final String VERSION = "1.0.0";

  private RehearsalAgent() {}

  /**
   * Runs one prompt.
   *
   * @param words the command line, for example {@code -p PROMPT --output-format json}
   */
  public static void main(String[] words) throws IOException {
    System.exit(run(words));
  }

  private static int run(String[] words) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Arguments arguments;
    String prompt;
    try {
      arguments = Arguments.of(words);
      if (arguments.version()) {
        out.println(VERSION + " (Regatta rehearsal agent)");
        return 0;
      }
      prompt = prompt(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      return 1;
    }
    Endpoint endpoint;
    List<ToolServer> servers;
    try {
      endpoint = Endpoint.of(System.getenv());
      servers =
          arguments
              .mcpConfig()
              .map(given -> ToolServer.connect(given, System.getenv()))
              .orElse(List.of());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      return 2;
    }
    boolean streams = arguments.format().equals("stream-json");
    Conversation conversation =
        new Conversation(
            arguments,
            endpoint,
            new Workspace(Path.of("")),
            servers,
            event -> {
              if (streams) {
                out.println(event);
              }
            },
            InstantSource.system(),
            System::nanoTime);
    ObjectNode result = conversation.hold(prompt);
    switch (arguments.format()) {
      case "json" -> out.println(result);
      case "text" -> out.println(result.path("result").asString());
      default -> {
        // The stream ended with the result already.
      }
    }
    return result.path("is_error").asBoolean() ? 1 : 0;
  }

  private static String prompt(Arguments arguments) throws IOException {
    if (arguments.prompt().isPresent()) {
      return arguments.prompt().get();
    }
    String text = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      throw new IllegalArgumentException(
          "error: input must be given through standard input or as an argument of --print");
    }
    return text;
  }
}
