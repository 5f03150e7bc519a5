package dev.regatta.server;

import dev.regatta.process.ChildCommand;
import dev.regatta.process.Mark;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes of a line what is started: a shell, with its standard input closed.
 *
 * @param program bash, or the system's own shell where there is none
 * @param environment what commands inherit
 * @param folder where they start unless they say otherwise
 */
record Shell(Path program, Map<String, String> environment, Path folder) {

  static Shell of(ServerSettings settings) {
    Path program =
        Stream.of("/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(Path.of("/bin/sh"));
    return new Shell(program, settings.environment(), settings.folder());
  }

  ChildCommand command(ExecuteRequest request, Mark mark) throws ProtocolError {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(request.env());
    all.put(Mark.VARIABLE, mark.value());
    return new ChildCommand(
        program,
        List.of(program.toString(), "-c", request.command()),
        all,
        folderOf(request),
        Optional.empty());
  }

  /** Where it starts. */
  Path folderOf(ExecuteRequest request) throws ProtocolError {
    try {
      Path chosen = folder.resolve(request.cwd().orElse("")).normalize();
      if (Files.isDirectory(chosen)) {
        return chosen;
      }
    } catch (InvalidPathException e) {
      // said below
    }
    throw ProtocolError.params(
        "cwd '" + Message.shown(request.cwd().orElse("")) + "' is not a folder");
  }
}
