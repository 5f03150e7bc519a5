package dev.regatta.doctor;

import dev.regatta.agent.Executables;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Whether a program is there, and which version. */
record ToolCheck(Tool tool, Map<String, String> environment, Path folder, ShortRun run)
    implements Check {

  @Override
  public String id() {
    return "tool." + tool.program();
  }

  @Override
  public List<Finding> findings() throws InterruptedException {
    return List.of(
        switch (Executables.find(tool.program(), environment, folder)) {
          case Executables.Missing ignored ->
              about(tool.missing(), tool.program() + " is not on the PATH");
          case Executables.NotRunnable refused ->
              about(tool.broken(), Plain.line(refused.reason()));
          case Executables.Found found -> version(found.path());
        });
  }

  private Finding version(Path program) throws InterruptedException {
    String where = Plain.line(program.toString());
    return switch (run.of(program, "--version")) {
      case ShortRun.NotStarted refused -> about(tool.broken(), Plain.line(refused.why()));
      case ShortRun.Silent silent ->
          about(
              Diagnosis.TOOL_SLOW,
              where + " did not say its version within " + silent.limit().toSeconds() + " s");
      case ShortRun.Ended ended -> version(where, ended);
    };
  }

  private Finding version(String where, ShortRun.Ended ended) {
    String said = Plain.firstLine(ended.output());
    if (ended.how().isPresent()) {
      String complaint = Plain.firstLine(ended.error());
      String words = complaint.isEmpty() ? said : complaint;
      return about(
          tool.broken(),
          where + " --version " + ended.how().get() + (words.isEmpty() ? "" : ": " + words));
    }
    return said.isEmpty()
        ? about(tool.broken(), where + " --version printed nothing")
        : about(Diagnosis.TOOL_FOUND, said + ", " + where);
  }

  private Finding about(Diagnosis diagnosis, String found) {
    return diagnosis.about(Map.of("name", tool.program(), "install", tool.install()), found);
  }
}
