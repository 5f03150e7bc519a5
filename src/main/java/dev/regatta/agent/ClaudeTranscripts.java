package dev.regatta.agent;

import dev.regatta.journal.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The transcripts that the {@code claude} CLI keeps under its configuration folder: {@code
 * projects/FOLDER/SESSION.jsonl}, and those of its sub-agents in {@code
 * projects/FOLDER/SESSION/subagents/}. Measured with 2.1.197.
 */
final class ClaudeTranscripts {
  /** A session id becomes a file's name here, and the agent chose it. */
  private static final Pattern SESSION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z-]{0,99}");

  private static final int MOST_FILES = 1000;

  /** Of all files of an attempt together. */
  private static final long MOST_BYTES = 256L << 20;

  private ClaudeTranscripts() {}

  /** What the session's files say; empty if there are none. */
  static Optional<Transcript> read(Path configFolder, String session) {
    if (!SESSION.matcher(session).matches()) {
      return Optional.empty();
    }
    List<Path> files;
    try {
      files = files(configFolder.resolve("projects"), session);
    } catch (IOException e) {
      return Optional.of(unreadable(session, e));
    }
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of(read(configFolder, session, files, MOST_BYTES));
  }

  /** The same of these files, reading at most so many bytes of them together. */
  static Transcript read(Path configFolder, String session, List<Path> files, long most) {
    long left = most;
    List<Transcript.Source> sources = new ArrayList<>();
    Map<String, Transcript.Message> messages = new LinkedHashMap<>();
    String fault = "";
    for (Path file : files) {
      try {
        TranscriptReading reading = new TranscriptReading(session, messages, left);
        reading.read(file);
        left -= reading.bytes();
        sources.add(reading.source(configFolder.relativize(file).toString()));
        fault = fault.isEmpty() ? reading.fault() : fault;
      } catch (IOException e) {
        fault = fault.isEmpty() ? reason(e) : fault;
      }
    }
    return new Transcript(session, sources, List.copyOf(messages.values()), fault);
  }

  private static Transcript unreadable(String session, IOException e) {
    return new Transcript(session, List.of(), List.of(), reason(e));
  }

  private static String reason(IOException e) {
    return Words.quote("it can't be read: " + e.getClass().getSimpleName() + " " + e.getMessage());
  }

  private static List<Path> files(Path projects, String session) throws IOException {
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
