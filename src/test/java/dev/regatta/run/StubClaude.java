package dev.regatta.run;

import dev.regatta.agent.Adapter;
import dev.regatta.agent.ClaudeAdapter;
import dev.regatta.agent.CodexAdapter;
import dev.regatta.agent.Permissions;
import dev.regatta.credential.Credential;
import dev.regatta.process.Limits;
import dev.regatta.secret.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program that prints what the real CLI would, and a run that uses it. What it prints hangs on
 * its key and prompt; how often each key was used it notes in {@code calls}.
 */
final class StubClaude {
  private static final String SCRIPT =
      """
      #!/bin/sh
      echo "$ANTHROPIC_API_KEY" >> calls
      result() {
        echo '{"type":"result","subtype":"success","is_error":'$1',"api_error_status":'$2',\
      "result":"'"$3"'","session_id":"s-'$$'"}'
      }
      case "$ANTHROPIC_API_KEY" in
        refused) result true 401 no; exit 1 ;;
        limited)
          echo '{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":4000000000}}'
          result true 429 no; exit 1 ;;
        was-limited)
          echo '{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1000}}'
          result true 429 no; exit 1 ;;
        often-limited)
          times=$(wc -l < calls)
          if [ "$times" -le 25 ]; then
            echo '{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":'$((4000000000 + times * 3600))'}}'
            result true 429 no; exit 1
          fi ;;
        shortly-limited)
          if [ "$(wc -l < calls)" -eq 1 ]; then
            resets=$(($(date +%s) + 6)); echo $resets > resets
            echo '{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":'$resets'}}'
            result true 429 no; exit 1
          fi ;;
        nearly-limited)
          echo '{"type":"rate_limit_event","rate_limit_info":{"status":"allowed_warning","resetsAt":4000000000,"rateLimitType":"five_hour","utilization":0.95}}' ;;
        vaguely-limited) result true 429 no; exit 1 ;;
      esac
      case "$2" in
        overloaded) test -e again && { result false null yes; exit 0; }; : > again; result true 529 no; exit 1 ;;
        overloaded-then-mistaken)
          test -e again && { result true null no; exit 1; }; : > again; result true 529 no; exit 1 ;;
        down) result true 529 no; exit 1 ;;
        failing) result true 500 no; exit 1 ;;
        broken) echo '{"type":"assistant","error":"server_error","message":{}}'; result true null no; exit 1 ;;
        malformed) result true 413 no; exit 1 ;;
        penniless) echo '{"type":"assistant","error":"billing_error","message":{}}'; result true 400 no; exit 1 ;;
        garbage) echo 'nonsense' ;;
        mistaken) result true null no; exit 1 ;;
        slow) exec sleep 304 ;;
        *) result false null yes ;;
      esac
      """;

  private StubClaude() {}

  static Adapter in(Path folder) {
    try {
      Path program = Files.writeString(folder.resolve("claude"), SCRIPT);
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
      return new ClaudeAdapter(program);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RunSettings settings(Path home, int parallel, int retries, Limits limits) {
    return settings(home, parallel, retries, limits, Duration.ZERO);
  }

  /** One whose starts are that far apart. */
  static RunSettings spaced(Path home, int parallel, Duration gap) {
    return settings(home, parallel, 0, Limits.NONE, gap);
  }

  /** One that has the codex CLI too, which is not there. */
  static RunSettings besideCodex(Path home, int parallel) {
    Map<String, Adapter> both =
        Map.of("claude", in(home), "codex", new CodexAdapter(home.resolve("missing")));
    return settings(home, both, parallel, 0, Limits.NONE, Duration.ZERO);
  }

  private static RunSettings settings(
      Path home, int parallel, int retries, Limits limits, Duration gap) {
    return settings(home, Map.of("claude", in(home)), parallel, retries, limits, gap);
  }

  private static RunSettings settings(
      Path home,
      Map<String, Adapter> adapters,
      int parallel,
      int retries,
      Limits limits,
      Duration gap) {
    return new RunSettings(
        parallel,
        adapters,
        "claude",
        limits,
        1,
        retries,
        Permissions.LEAST,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        false,
        home,
        home.resolve("config"),
        new RunSettings.Stagger.By(gap));
  }

  static Credential key(String value) {
    return new Credential("KEY_" + value, new Secret(value));
  }

  static List<String> calls(Path home) throws IOException {
    return Files.readAllLines(home.resolve("calls"));
  }
}
