package dev.regatta.server;

import dev.regatta.run.Task;
import dev.regatta.run.TaskFile;
import dev.regatta.run.TaskFileProblem;
import dev.regatta.stress.SuiteFile;
import dev.regatta.stress.SuiteProblem;
import dev.regatta.stress.SuiteTask;
import dev.regatta.stress.TaskCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a command reads of a request: it is written into files, since an argument of a process can
 * be seen by others and has a bound. Where there is a list of commands, nothing else comes in.
 *
 * @param words that lead the command to it
 * @param standardInput what its standard input is read from
 * @param written the files that were written
 */
record RunInput(List<String> words, Path standardInput, List<Path> written) {
  private static final Path NOTHING = Path.of("/dev/null");

  /** Copies the lists. */
  RunInput {
    words = List.copyOf(words);
    written = List.copyOf(written);
  }

  /**
   * Writes it.
   *
   * @param stem how the files' names begin
   * @throws Refused if it is faulty or not allowed; then no file is left
   */
  static RunInput write(RunRequest request, ServerSettings settings, Path stem) throws Refused {
    Writing writing = new Writing(request, settings, stem, new ArrayList<>());
    try {
      return switch (request.kind()) {
        case "ask" -> writing.ask();
        case "stress" -> writing.suite();
        default -> writing.tasks();
      };
    } catch (Refused e) {
      delete(writing.written());
      throw e;
    } catch (IOException e) {
      delete(writing.written());
      throw new Refused(507, "what the run needs can't be written down: " + e.getMessage());
    }
  }

  /** Takes the files away again. */
  void delete() {
    delete(written);
  }

  private static void delete(List<Path> files) {
    for (Path file : files) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // The folder goes when the server ends; one file more in it does no harm.
      }
    }
  }

  private record Writing(
      RunRequest request, ServerSettings settings, Path stem, List<Path> written) {
    private Path file(String kind, String text) throws IOException {
      Path file = Path.of(stem + kind);
      written.add(file);
      return Files.writeString(file, text);
    }

    private RunInput tasks() throws Refused, IOException {
      ObjectNode tasks = Notices.object();
      tasks.put("schema", "regatta.tasks/1");
      for (String field : List.of("defaults", "tasks")) {
        if (request.body().has(field)) {
          tasks.set(field, request.body().get(field));
        }
      }
      anchor(tasks.get("defaults"));
      tasks.path("tasks").forEach(this::anchor);
      Path file = file(".json", Notices.JSON.writeValueAsString(tasks));
      try {
        allow(TaskFile.read(file));
      } catch (TaskFileProblem e) {
        throw Refused.invalid(
            String.valueOf(e.getMessage()).replace(file.toString(), "tasks").strip());
      }
      return new RunInput(List.of("--tasks=" + file), NOTHING, written);
    }

    /** A relative folder starts where the server was started, not where this file lies. */
    private void anchor(JsonNode node) {
      if (node instanceof ObjectNode task && task.path("folder").isString()) {
        task.put("folder", settings.folder() + "/" + task.get("folder").stringValue());
      }
    }

    /**
     * What a run starts must be on the list where there is one: a command by its first word, an
     * agent by its name.
     */
    private void allow(List<Task> tasks) throws Refused {
      String usual = request.body().path("agent").asString("command");
      for (Task task : tasks) {
        allow(
            "task " + task.name(),
            task.command().isEmpty() ? task.agent().orElse(usual) : task.command().getFirst());
      }
    }

    private void allow(String whose, String name) throws Refused {
      Optional<Set<String>> names = settings.allowed();
      if (names.isPresent() && !names.get().contains(name)) {
        throw new Refused(
            403, whose + ": '" + Message.shown(name) + "' is not allowed on this server");
      }
    }

    private void allowLine(String whose, String line) throws Refused {
      try {
        new AllowList(settings.allowed()).check(line);
      } catch (ProtocolError e) {
        throw new Refused(403, whose + ": " + e.getMessage());
      }
    }

    /** The prompt is its standard input; a rubric that is a file's name is still a text here. */
    private RunInput ask() throws Refused, IOException {
      JsonNode body = request.body();
      if (settings.allowed().isPresent()) {
        allowAsk(body);
      }
      Path prompt = file(".prompt", body.get("prompt").asString());
      List<String> words = new ArrayList<>(List.of("-"));
      words.addAll(rubric());
      return new RunInput(words, prompt, written);
    }

    private List<String> rubric() throws IOException {
      JsonNode body = request.body();
      return body.has("rubric")
          ? List.of("--rubric=" + file(".rubric", body.get("rubric").asString()))
          : List.of();
    }

    private void allowAsk(JsonNode body) throws Refused {
      if (!body.has("agents")) {
        allow("agent", body.path("agent").asString("claude"));
      }
      for (JsonNode agent : body.path("agents")) {
        allow("agents", agent.asString());
      }
      allowComparison(body);
    }

    private void allowComparison(JsonNode body) throws Refused {
      if (body.has("judgeAgent")) {
        allow("judgeAgent", body.get("judgeAgent").asString());
      }
      if (body.has("judgeKeyVariable")) {
        throw new Refused(
            403,
            "judgeKeyVariable: with a list of allowed commands no variable of the server's is sent"
                + " to an address that a client names");
      }
      for (JsonNode check : body.path("checks")) {
        allowLine("checks", check.asString());
      }
    }

    private RunInput suite() throws Refused, IOException {
      JsonNode suite = request.body().get("suite");
      if (settings.allowed().isPresent()) {
        allowComparison(request.body());
      }
      List<String> words = new ArrayList<>(rubric());
      if (suite.isString()) {
        words.add(named(suite.asString()));
        return new RunInput(words, NOTHING, written);
      }
      Path file = file(".json", Notices.JSON.writeValueAsString(called(suite)));
      try {
        for (SuiteTask task : SuiteFile.read(file, "suite").suite().tasks().toList()) {
          if (settings.allowed().isPresent()) {
            allowLine("task " + task.id(), TaskCommand.of(task, Instant.EPOCH).line());
          }
        }
      } catch (SuiteProblem e) {
        throw Refused.invalid(String.valueOf(e.getMessage()).strip());
      }
      words.add(file.toString());
      return new RunInput(words, NOTHING, written);
    }

    /** One without a name would be called as the file into which it is written. */
    private JsonNode called(JsonNode suite) {
      String name = request.body().path("name").asString("suite");
      return suite instanceof ObjectNode object && !object.has("task_list_id")
          ? object.deepCopy().put("task_list_id", name)
          : suite;
    }

    /** A suite's file, which must be within the server's folder also where links lead. */
    private String named(String name) throws Refused {
      if (settings.allowed().isPresent()) {
        throw new Refused(
            403,
            "suite: with a list of allowed commands it is sent as JSON, as a file can change after"
                + " it was looked at");
      }
      try {
        Path folder = settings.folder().toRealPath();
        Path file = folder.resolve(name).toRealPath();
        if (!Path.of(name).isAbsolute() && file.startsWith(folder) && Files.isRegularFile(file)) {
          return folder.relativize(file).toString();
        }
      } catch (IOException | InvalidPathException e) {
        // The same answer for what is missing and for what lies elsewhere.
      }
      throw Refused.invalid(
          "suite: there is no file '"
              + Message.shown(name)
              + "' within the server's folder; name one by its path there, or send the suite itself"
              + " as JSON");
    }
  }
}
