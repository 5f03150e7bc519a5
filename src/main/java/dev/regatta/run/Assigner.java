package dev.regatta.run;

import dev.regatta.agent.Adapter;
import dev.regatta.agent.Assignment;
import dev.regatta.credential.Credential;
import dev.regatta.process.Mark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns a task into attempts: which agent, with which credential, in which folder. */
final class Assigner {
  /** An expectation looks at no more of a command's output than this. */
  private static final int ANSWER_BYTES = 4 << 20;

  private final Run run;
  private final RunSettings settings;

  Assigner(Run run, RunSettings settings) {
    this.run = run;
    this.settings = settings;
  }

  /** The agent of a task. */
  Adapter adapter(Task task) {
    String name = task.command().isEmpty() ? task.agent().orElse(settings.agent()) : "command";
    Adapter adapter = settings.adapters().get(name);
    if (adapter == null) {
      throw new IllegalArgumentException(
          "task " + task.name() + " wants the agent '" + name + "', which this run does not have");
    }
    return adapter;
  }

  /** One attempt of a task. */
  AttemptPlan plan(Task task, int number, Optional<Credential> credential) {
    Adapter adapter = adapter(task);
    String name = task.name() + "." + number;
    Path folder = task.folder().orElse(settings.folder());
    Assignment assignment =
        new Assignment(
            name,
            task.prompt().orElse(""),
            task.command(),
            task.input(),
            folder,
            credential.map(this::config).orElse(settings.configs()),
            credential,
            settings.endpoint(),
            settings.rehearsal(),
            run.environment(),
            task.model().or(settings::model),
            task.tools().isEmpty() ? settings.tools() : task.tools(),
            settings.permissions(),
            Map.of(Mark.VARIABLE, Mark.of(run.id(), name, run.environment()).value()));
    return new AttemptPlan(
        name,
        task.name(),
        Optional.empty(),
        number,
        adapter,
        assignment,
        settings.limitsOf(task),
        inspection(task, name, folder));
  }

  /** Accounts that share a configuration folder have been seen to log each other out. */
  private Path config(Credential credential) {
    Path folder = settings.configs().resolve(credential.value().fingerprint());
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Inspection inspection(Task task, String attempt, Path folder) {
    return task.expect()
        .map(expect ->
            (Inspection)
                (answer, clock) -> {
                  String text = task.command().isEmpty() ? answer : printed(attempt);
                  List<String> failures = expect.check(text, folder);
                  return new Inspection.Finding(
                      List.of(),
                      failures.isEmpty()
                          ? Optional.empty()
                          : Optional.of(String.join("; ", failures)));
                })
        .orElse(Inspection.NONE);
  }

  private String printed(String attempt) {
    Path file = run.folder().output(attempt);
    if (!Files.exists(file)) {
      return "";
    }
    try (var stream = Files.newInputStream(file)) {
      return new String(stream.readNBytes(ANSWER_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
