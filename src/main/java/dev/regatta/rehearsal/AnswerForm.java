package dev.regatta.rehearsal;

import java.util.List;

/** An answer in the form of one API, whole or as events. */
sealed interface AnswerForm permits Message, ResponseMessage, ChatMessage, GeminiMessage {
  /** The body of an answer that isn't streamed. */
  String whole();

  /** The events before the text or the tool's input, as they are sent. */
  List<String> opening();

  /** The text or the tool's input, in pieces. */
  List<String> deltas();

  /** The events after it. */
  List<String> closing();
}
