package dev.regatta.run;

import dev.regatta.agent.Adapter;
import dev.regatta.agent.Assignment;
import dev.regatta.credential.Credential;
import dev.regatta.process.Mark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Turns a task into attempts: which agent, with which credential, in which folder. */
final class Assigner {
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
        settings.limitsOf(task, adapter),
        TaskInspection.of(task, name, folder, run.folder().output(name)));
  }

  /** Accounts that share a configuration folder have been seen to log each other out. */
  private Path config(Credential credential) {
    if (settings.rehearsal()) {
      return run.folder().config(credential.value().fingerprint()); // no other run has this token
    }
    Path folder = settings.configs().resolve(credential.value().fingerprint());
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
