package dev.regatta.agent;

import dev.regatta.journal.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The transcripts that the {@code claude} CLI keeps under its configuration folder: {@code
 * projects/FOLDER/SESSION.jsonl}, and those of its sub-agents in {@code
 * projects/FOLDER/SESSION/subagents/}. Measured with 2.1.197.
 */
final class ClaudeTranscripts {
  private static final int MOST_FILES = 1000;

  private ClaudeTranscripts() {}

  /** What the session's files say; empty if there are none. */
  static Optional<Transcript> read(Path configFolder, String session) {
    if (!TranscriptFiles.isSession(session)) {
      return Optional.empty();
    }
    List<Path> files;
    try {
      files = files(configFolder.resolve("projects"), session);
    } catch (IOException e) {
      return Optional.of(TranscriptFiles.unreadable(session, e));
    }
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of(read(configFolder, session, files, TranscriptFile.MOST_BYTES));
  }

  /** The same of these files, reading at most so many bytes of them together. */
  static Transcript read(Path configFolder, String session, List<Path> files, long most) {
    return TranscriptFiles.read(
        configFolder, session, files, most, messages -> new TranscriptReading(session, messages));
  }

  /** The files of a session below that folder; links lead elsewhere, and are passed over. */
  static List<Path> files(Path projects, String session) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path project : list(projects)) {
      if (!Files.isDirectory(project, LinkOption.NOFOLLOW_LINKS) || files.size() >= MOST_FILES) {
        continue; // a link leads elsewhere
      }
      Path main = project.resolve(session + ".jsonl");
      if (Files.isRegularFile(main, LinkOption.NOFOLLOW_LINKS)) {
        files.add(main);
      }
      for (Path sub : list(project.resolve(session).resolve("subagents"))) {
        if (sub.toString().endsWith(".jsonl")
            && Files.isRegularFile(sub, LinkOption.NOFOLLOW_LINKS)) {
          files.add(sub);
        }
      }
    }
    return files;
  }

  /** What lies there, by name; nothing if it is no folder. */
  private static List<Path> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().limit(MOST_FILES).toList();
    }
  }
}
