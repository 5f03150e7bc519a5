package dev.regatta.stress;

import dev.regatta.agent.ClaudeConversation;
import dev.regatta.run.Visible;
import java.nio.file.Path;
import java.util.Optional;

/** Holds what an agent printed against its own transcript of that session. */
final class Confrontation {
  private static final int SHOWN = 200;

  private final Path configFolder;

  /**
   * With transcripts in that folder.
   *
   * @param configFolder the agent's configuration folder
   */
  Confrontation(Path configFolder) {
    this.configFolder = configFolder;
  }

  /**
   * Looks at an output.
   *
   * @param agent which agent printed it, if it is known
   */
  TranscriptCheck of(Optional<String> agent, PrintedAnswer answer) {
    if (!agent.orElse("").equals("claude")) {
      return TranscriptCheck.unknown(
          agent
              .map(name -> "transcripts of " + name + " are not read here")
              .orElse("the command starts no agent that is known"));
    }
    if (answer.session().isEmpty()) {
      return TranscriptCheck.unknown(
          "the output names no session; --output-format stream-json --verbose, or json, does");
    }
    return inSession(answer, answer.session().get());
  }

  private TranscriptCheck inSession(PrintedAnswer answer, String session) {
    if (answer.parts().isEmpty()) {
      return unknown(session, "it printed no answer" + (answer.error() ? ", but an error" : ""));
    }
    Optional<ClaudeConversation> found = ClaudeConversation.read(configFolder, session);
    if (found.isEmpty()) {
      return unknown(
          session,
          "there is no transcript of session "
              + Visible.line(session, 80)
              + " below "
              + configFolder.resolve("projects"));
    }
    ClaudeConversation said = found.get();
    Optional<String> offence = offence(answer, said);
    if (offence.isEmpty()) {
      return new TranscriptCheck(TranscriptCheck.Verdict.NONE, "", Optional.of(session));
    }
    // What is missing in a transcript that was not read whole may stand in the rest of it.
    return said.fault().isEmpty()
        ? new TranscriptCheck(
            TranscriptCheck.Verdict.SUSPECTED, offence.get(), Optional.of(session))
        : unknown(session, "the transcript was not read whole: " + said.fault());
  }

  private static TranscriptCheck unknown(String session, String why) {
    return new TranscriptCheck(TranscriptCheck.Verdict.UNKNOWN, why, Optional.of(session));
  }

  private static Optional<String> offence(PrintedAnswer answer, ClaudeConversation said) {
    for (PrintedAnswer.Part part : answer.parts()) {
      if (!part.tool().isEmpty()) {
        if (!said.ran(part.text())) {
          return Optional.of(
              "line %d: the tool %s (%s) was never run"
                  .formatted(
                      part.line(), Visible.line(part.tool(), 80), Visible.line(part.text(), 80)));
        }
      } else if (!said.said(part.text())) {
        return Optional.of(
            "line %d: the model did not say: %s"
                .formatted(part.line(), Visible.line(unsaid(part.text(), said), SHOWN)));
      }
    }
    return Optional.empty();
  }

  /** The first line of a text that was not said; all of it, if each by itself was. */
  private static String unsaid(String text, ClaudeConversation said) {
    return text.lines()
        .filter(line -> !line.isBlank() && !said.said(line))
        .findFirst()
        .orElse(text);
  }
}
