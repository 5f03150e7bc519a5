package dev.regatta.experiment;

import dev.regatta.run.Task;
import java.util.ArrayList;
import java.util.List;

/** What each attempt of a proof is asked. */
public sealed interface ProofTask {

  /**
   * A question with a fresh challenge for each attempt.
   *
   * @param question one line
   */
  record Question(String question) implements ProofTask {}

  /** A task of the user's own. */
  record Given(Task task) implements ProofTask {}

  /** The three questions that are asked when nobody says what to ask. */
  List<ProofTask> QUESTIONS =
      List.of(
          new Question("What is the capital of Norway?"),
          new Question("How many days does a leap year have?"),
          new Question("Which gas do plants take in from the air?"));

  /** So many tasks, the given ones over and over. */
  static List<ProofTask> repeated(List<ProofTask> tasks, int count) {
    List<ProofTask> repeated = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      repeated.add(tasks.get(i % tasks.size()));
    }
    return List.copyOf(repeated);
  }
}
