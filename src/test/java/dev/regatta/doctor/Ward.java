package dev.regatta.doctor;

import dev.regatta.process.MachineLoad;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A PATH with programs that a test writes, and an environment around it. */
final class Ward {
  final Path folder;
  final Path bin;
  final Map<String, String> environment = new HashMap<>();

  Ward(Path folder) throws IOException {
    this.folder = folder;
    this.bin = Files.createDirectories(folder.resolve("bin"));
    // What scripts need; all else is looked for in bin alone, whatever this machine has.
    Path system = Files.createDirectories(folder.resolve("system"));
    for (String name : List.of("sleep", "cat", "env", "head", "tr", "yes")) {
      Path real = Path.of("/bin", name);
      write(
          system.resolve(name),
          "exec " + (Files.exists(real) ? "/bin/" : "/usr/bin/") + name + " \"$@\"");
    }
    environment.put("PATH", bin + ":" + system);
    environment.put("HOME", folder.toString());
  }

  /** A shell script on the PATH. */
  Path program(String name, String script) throws IOException {
    return write(bin.resolve(name), script);
  }

  private static Path write(Path file, String script) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  Examination examination() {
    return examination(List.of(), Optional.empty());
  }

  Examination examination(List<String> tokens, Optional<URI> online) {
    return new Examination(
        environment,
        folder,
        folder.resolve(".regatta"),
        new MachineLoad(0.5),
        tokens,
        Optional.empty(),
        online.isPresent(),
        online);
  }
}
