package dev.regatta.agent;

import dev.regatta.credential.Credential;
import dev.regatta.process.Channel;
import dev.regatta.secret.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Assignments, transcripts and endings as the real CLI's, by hand from what was measured. */
final class Examples {
  static final String TOKEN = "sk-ant-oat01-assigned-by-a-test";

  static final String INIT =
      """
      {"type":"system","subtype":"init","session_id":"s-1","model":"claude-asked","claude_code_version":"2.1.329","tools":[],"new":{"a":1}}\
      """;
  static final String ASSISTANT =
      """
      {"type":"assistant","message":{"id":"msg_1","model":"claude-answering","content":[{"type":"text","text":"héllo"}]},"request_id":"req_1","session_id":"s-1"}\
      """;
  static final String RESULT =
      """
      {"type":"result","subtype":"success","is_error":false,"api_error_status":null,"duration_ms":4000,"duration_api_ms":3200,"num_turns":2,"result":"done","session_id":"s-1","total_cost_usd":0.0125,"usage":{"input_tokens":10,"cache_creation_input_tokens":7,"cache_read_input_tokens":8,"output_tokens":20},"modelUsage":{"claude-used":{"inputTokens":10}},"permission_denials":[],"terminal_reason":"completed"}\
      """;
  static final List<String> GOOD = List.of(INIT, ASSISTANT, RESULT);

  private Examples() {}

  static Assignment assignment(Map<String, String> inherited, boolean rehearsal) {
    return new Assignment(
        "r1-parallel-2",
        "say hello",
        List.of("echo", "hello"),
        Optional.of("ïn"),
        Path.of("/folder"),
        Path.of("/config"),
        Optional.of(new Credential("CLAUDE_CODE_TOKEN1", new Secret(TOKEN))),
        Optional.of(URI.create("http://127.0.0.1:4711")),
        rehearsal,
        inherited,
        Optional.of("claude-asked"),
        List.of("Read", "Write"),
        Permissions.ACCEPT_EDITS,
        Map.of("REGATTA_ATTEMPT", "run/r1-parallel-2"));
  }

  static Assignment asking(String prompt, Permissions permissions) {
    return new Assignment(
        "a",
        prompt,
        List.of(),
        Optional.empty(),
        Path.of("/folder"),
        Path.of("/config"),
        Optional.empty(),
        Optional.empty(),
        false,
        Map.of(),
        Optional.empty(),
        List.of(),
        permissions,
        Map.of());
  }

  static String failed(String status, String text) {
    return "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,\"api_error_status\":"
        + status
        + ",\"session_id\":\"s-1\",\"result\":\""
        + text
        + "\",\"terminal_reason\":\"completed\"}";
  }

  static String assistantError(String error) {
    return "{\"type\":\"assistant\",\"error\":\""
        + error
        + "\",\"message\":{\"id\":\"x\",\"model\":\"<synthetic>\"}}";
  }

  static String retry(String status, long delay) {
    return "{\"type\":\"system\",\"subtype\":\"api_retry\",\"attempt\":1,\"max_retries\":10,"
        + "\"retry_delay_ms\":"
        + delay
        + ",\"error_status\":"
        + status
        + "}";
  }

  static Ending exit(int code) {
    return new Ending(code, null, Stopped.NOT, 100, 0, false, Optional.empty());
  }

  static Ending killed(int signal) {
    return new Ending(null, signal, Stopped.NOT, 100, 0, false, Optional.empty());
  }

  static Ending stopped(Stopped why) {
    return new Ending(null, 9, why, 100, 0, false, Optional.of(Duration.ofSeconds(30)));
  }

  static Conclusion conclude(Ending ending, List<String> lines) {
    Reading reading = new StreamReading();
    for (String line : lines) {
      reading.line(Channel.OUTPUT, line, false, 1);
    }
    return reading.conclude(ending);
  }

  static Conclusion conclude(Ending ending, String... lines) {
    return conclude(ending, List.of(lines));
  }
}
