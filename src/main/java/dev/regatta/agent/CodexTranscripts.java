package dev.regatta.agent;

import dev.regatta.journal.Transcript;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files that the {@code codex} CLI keeps of its sessions: {@code
 * sessions/YEAR/MONTH/DAY/rollout-TIME-THREAD.jsonl} in its home. Threads that a session started
 * have files of their own, which name the session at their beginning. Measured with 0.169.0.
 */
final class CodexTranscripts {
  private static final String PREFIX = "rollout-";
  private static final String SUFFIX = ".jsonl";
  private static final int DEPTH = 4;
  private static final int BEGINNING = 1024;

  private CodexTranscripts() {}

  /** What the session's files say; empty if there are none. */
  static Optional<Transcript> read(Path home, String session) {
    if (!TranscriptFiles.isSession(session)) {
      return Optional.empty();
    }
    try {
      List<Path> files = files(home.resolve("sessions"), session);
      return files.isEmpty()
          ? Optional.empty()
          : Optional.of(
              TranscriptFiles.read(
                  home,
                  session,
                  files,
                  TranscriptFile.MOST_BYTES,
                  messages -> new RolloutReading(session, messages)));
    } catch (IOException e) {
      return Optional.of(TranscriptFiles.unreadable(session, e));
    }
  }

  /** That of the session, and those of its threads, which began later. */
  private static List<Path> files(Path sessions, String session) throws IOException {
    List<Path> all = rollouts(sessions);
    List<Path> files = new ArrayList<>();
    for (Path file : all) {
      boolean own = name(file).endsWith("-" + session + SUFFIX);
      if (own || (!files.isEmpty() && belongs(file, session))) {
        files.add(file);
      }
    }
    return files;
  }

  private static List<Path> rollouts(Path sessions) throws IOException {
    if (!Files.isDirectory(sessions, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(sessions, DEPTH)) { // which follows no links
      return all.filter(file ->
              name(file).startsWith(PREFIX)
                  && name(file).endsWith(SUFFIX)
                  && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList();
    }
  }

  private static boolean belongs(Path file, String session) throws IOException {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      String beginning = new String(in.readNBytes(BEGINNING), StandardCharsets.UTF_8);
      return beginning.contains("\"session_id\":\"" + session + "\"");
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
