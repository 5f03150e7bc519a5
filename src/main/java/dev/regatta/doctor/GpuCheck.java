package dev.regatta.doctor;

import dev.regatta.agent.Executables;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How much the GPUs are used, where {@code nvidia-smi} tells. */
record GpuCheck(Map<String, String> environment, Path folder, ShortRun run) implements Check {
  private static final int FIELDS = 4;

  @Override
  public String id() {
    return "machine.gpu";
  }

  @Override
  public List<Finding> findings() throws InterruptedException {
    return List.of(
        switch (Executables.find("nvidia-smi", environment, folder)) {
          case Executables.Missing ignored ->
              Diagnosis.GPU_ABSENT.says("no nvidia-smi on the PATH, so no use of GPUs is known");
          case Executables.NotRunnable refused ->
              Diagnosis.GPU_UNREADABLE.says(Plain.line(refused.reason()));
          case Executables.Found found -> use(found.path());
        });
  }

  private Finding use(Path program) throws InterruptedException {
    return switch (run.of(
        program,
        "--query-gpu=name,utilization.gpu,memory.used,memory.total",
        "--format=csv,noheader,nounits")) {
      case ShortRun.NotStarted refused -> Diagnosis.GPU_UNREADABLE.says(Plain.line(refused.why()));
      case ShortRun.Silent silent ->
          Diagnosis.GPU_UNREADABLE.says(
              "nvidia-smi did not answer within " + silent.limit().toSeconds() + " s");
      case ShortRun.Ended ended when ended.how().isPresent() ->
          Diagnosis.GPU_UNREADABLE.says(
              "nvidia-smi "
                  + ended.how().get()
                  + ": "
                  + Plain.firstLine(ended.output() + "\n" + ended.error()));
      case ShortRun.Ended ended -> use(ended.output());
    };
  }

  private static Finding use(String table) {
    List<Optional<String>> each =
        table.lines().filter(line -> !line.isBlank()).map(GpuCheck::gpu).toList();
    if (each.isEmpty() || each.stream().anyMatch(Optional::isEmpty)) {
      return Diagnosis.GPU_UNREADABLE.says(
          "nvidia-smi printed something else than was asked for: " + Plain.firstLine(table));
    }
    return Diagnosis.GPU.says(
        each.stream().flatMap(Optional::stream).collect(Collectors.joining("; ")));
  }

  private static Optional<String> gpu(String line) {
    String[] fields = line.split(",");
    if (fields.length != FIELDS) {
      return Optional.empty();
    }
    return Optional.of(
        Plain.line(
            fields[0].strip()
                + ": "
                + fields[1].strip()
                + " % busy, "
                + fields[2].strip()
                + " of "
                + fields[3].strip()
                + " MiB in use"));
  }
}
