package dev.regatta.server;

import dev.regatta.store.RunRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Servers for tests, and a look at them from outside. */
final class Served {
  static final ServerLimits LIMITS = new ServerLimits(5, 300, 1 << 20, 4 << 20);
  static final ServerTimes TIMES =
      new ServerTimes(Duration.ofSeconds(20), Duration.ofSeconds(30), Duration.ofMillis(300));

  private Served() {}

  static ServerSettings settings(
      Path folder, Optional<Set<String>> allowed, ServerLimits limits, ServerTimes times) {
    return new ServerSettings(
        "127.0.0.1",
        0,
        allowed,
        limits,
        times,
        Map.of("PATH", System.getenv("PATH"), "HOME", folder.toString(), "LANG", "C.UTF-8"),
        folder,
        "1.2.3");
  }

  static CommandServer open(Path folder) {
    return open(folder, LIMITS, TIMES);
  }

  static CommandServer open(Path folder, ServerLimits limits, ServerTimes times) {
    return CommandServer.start(
        settings(folder, Optional.empty(), limits, times),
        Optional.empty(),
        folder.resolve("server"));
  }

  static CommandServer allowing(Path folder, String... names) {
    return CommandServer.start(
        settings(folder, Optional.of(Set.of(names)), LIMITS, TIMES),
        Optional.empty(),
        folder.resolve("server"));
  }

  static CommandServer guarded(Path folder) {
    Path servers = folder.resolve("server");
    return CommandServer.start(
        settings(folder, Optional.empty(), LIMITS, TIMES),
        Optional.of(ServerToken.in(servers)),
        servers);
  }

  /** What a server knows of runs that starts none. */
  static RunsAccess runs(Path folder, UnaryOperator<String> redact) {
    return new RunsAccess(
        folder, List::of, path -> "{}", new RunProgram(List::of, Map.of(), List.of()), redact);
  }

  /** One that serves these runs too, and takes {@code sesame} out of what it says. */
  static CommandServer withRuns(
      Path folder,
      ServerLimits limits,
      ServerTimes times,
      Supplier<List<RunRow>> rows,
      List<String> program) {
    return CommandServer.start(
        settings(folder, Optional.empty(), limits, times),
        Entrance.plain(Optional.empty()),
        folder.resolve("server"),
        Optional.of(
            new RunsAccess(
                folder,
                rows,
                path -> "{}",
                new RunProgram(
                    () -> program,
                    settings(folder, Optional.empty(), limits, times).environment(),
                    List.of()),
                text -> text.replace("sesame", "***"))));
  }

  /** A run of the index whose files lie below that folder. */
  static RunRow row(Path folder, String id) {
    return RunRow.running(
        id,
        "run",
        "",
        folder.resolve("runs").resolve(id),
        Instant.parse("2026-12-01T10:00:00Z"),
        false);
  }

  /** What a server of that folder wrote into its log. */
  static String log(Path folder) throws IOException {
    return Files.readString(folder.resolve("logs/server.log"));
  }

  /** Sends these lines as a request and gives the answer's first line, headers and body. */
  static String raw(CommandServer server, String... lines) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.baseUrl().getPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      StringBuilder answer = new StringBuilder();
      String line = reader.readLine();
      while (line != null && !line.isEmpty()) {
        answer.append(line).append('\n');
        line = reader.readLine();
      }
      return answer.toString();
    }
  }

  /** The status that a request to upgrade gets, with these headers more. */
  static int upgrade(CommandServer server, String path, String host, String... more)
      throws IOException {
    String[] lines = new String[6 + more.length];
    lines[0] = "GET " + path + " HTTP/1.1";
    lines[1] = "Host: " + host;
    lines[2] = "Upgrade: websocket";
    lines[3] = "Connection: Upgrade";
    lines[4] = "Sec-WebSocket-Version: 13";
    lines[5] = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    System.arraycopy(more, 0, lines, 6, more.length);
    return Integer.parseInt(raw(server, lines).split(" ")[1]);
  }

  static boolean alive(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return !stat.substring(stat.lastIndexOf(')') + 2).startsWith("Z");
    } catch (IOException e) {
      return false;
    }
  }
}
