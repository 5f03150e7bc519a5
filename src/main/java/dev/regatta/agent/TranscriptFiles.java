package dev.regatta.agent;

import dev.regatta.journal.Transcript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/** All files that an agent keeps of one session, read as one transcript. */
final class TranscriptFiles {
  /** A session id becomes a part of a file's name, and the agent chose it. */
  private static final Pattern SESSION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z-]{0,99}");

  private TranscriptFiles() {}

  /** Whether files may be looked for by that id. */
  static boolean isSession(String id) {
    return SESSION.matcher(id).matches();
  }

  /**
   * What stands in them.
   *
   * @param home the folder that their paths are relative to
   * @param most how many bytes of them may be read, all together
   * @param lines makes what reads one of them and adds to the messages of all
   */
  static Transcript read(
      Path home,
      String session,
      List<Path> files,
      long most,
      Function<Map<String, Transcript.Message>, TranscriptLines> lines) {
    long left = most;
    List<Transcript.Source> sources = new ArrayList<>();
    Map<String, Transcript.Message> messages = new LinkedHashMap<>();
    String fault = "";
    for (Path file : files) {
      try {
        TranscriptLines reading = lines.apply(messages);
        TranscriptFile read = TranscriptFile.read(file, reading::line, left);
        left -= read.bytes();
        sources.add(read.source(home.relativize(file).toString()));
        String found = reading.fault().isEmpty() ? read.fault() : reading.fault();
        fault = fault.isEmpty() ? found : fault;
      } catch (IOException e) {
        fault = fault.isEmpty() ? reason(e) : fault;
      }
    }
    return new Transcript(session, sources, List.copyOf(messages.values()), fault);
  }

  /** One of which not even the files could be found. */
  static Transcript unreadable(String session, IOException e) {
    return new Transcript(session, List.of(), List.of(), reason(e));
  }

  private static String reason(IOException e) {
    return Words.quote("it can't be read: " + e.getClass().getSimpleName() + " " + e.getMessage());
  }
}
