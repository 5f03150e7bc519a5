package dev.regatta.process;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The environment that this process was started with.
 *
 * <p>For as long as a process lives, others of its user read there what it was started with
 * (proc_pid_environ(5)); emptying it later changes nothing. So the process becomes its own program
 * once more, without what is to be hidden, which it gets through a pipe; and it forbids others to
 * look into it (PR_SET_DUMPABLE, prctl(2)). Root can look all the same, and so can whoever asks the
 * shell that still holds the variables.
 */
public final class OwnEnvironment {
  /** Names the descriptor that the hidden variables come through. */
  static final String PIPE = "REGATTA_HIDDEN";

  private final Map<String, String> variables;

  private OwnEnvironment(Map<String, String> variables) {
    this.variables = variables;
  }

  /**
   * That of this process, with what it hid when it was started.
   *
   * @throws UncheckedIOException if a pipe is named and can't be read, or holds no variables
   */
  public static OwnEnvironment ofProcess() {
    // The JDK's own map wraps every string at every look.
    return of(Map.copyOf(System.getenv()));
  }

  private static OwnEnvironment of(Map<String, String> given) {
    String pipe = given.get(PIPE);
    if (pipe == null) {
      return new OwnEnvironment(given);
    }
    Map<String, String> all = new HashMap<>(given);
    all.remove(PIPE);
    lines(read(pipe))
        .forEach(line -> {
          String text = new String(line, StandardCharsets.UTF_8);
          int equals = text.indexOf('=');
          if (equals < 1) {
            throw new UncheckedIOException(
                "what the variable " + PIPE + " names is not a pipe of ours; unset it",
                new IOException());
          }
          all.put(text.substring(0, equals), text.substring(equals + 1));
        });
    return new OwnEnvironment(Map.copyOf(all));
  }

  /** All variables by name. */
  public Map<String, String> variables() {
    return variables;
  }

  /**
   * Hides variables from other processes. Where some of them can be read now, this process becomes
   * its own program once more, and this method does not return.
   *
   * <p>A process within another run's attempt hides nothing: that run finds it by its environment,
   * and gave it only what it may lose.
   *
   * @param secret which variables, by their names
   * @return why they can still be read, or empty if they can't
   */
  public Optional<String> hide(Predicate<String> secret) {
    if (variables.containsKey(Mark.VARIABLE)) {
      return Optional.empty();
    }
    boolean shown = System.getenv().keySet().stream().anyMatch(secret);
    if (!PosixLauncher.available()) {
      return shown ? Optional.of("only Linux lets a process hide them") : Optional.empty();
    }
    if (shown) {
      return becomeWithout(secret);
    }
    int refused = Libc.forbidLooking();
    return refused < 0
        ? Optional.of("prctl(PR_SET_DUMPABLE) failed with error " + -refused)
        : Optional.empty();
  }

  // In bytes: a variable whose text is no text here must go on as it is.
  private static Optional<String> becomeWithout(Predicate<String> secret) {
    try {
      List<byte[]> kept = new ArrayList<>();
      ByteArrayOutputStream hidden = new ByteArrayOutputStream();
      for (byte[] line : lines(Files.readAllBytes(Path.of("/proc/self/environ")))) {
        if (secret.test(name(line))) {
          hidden.writeBytes(line);
          hidden.write(0);
        } else {
          kept.add(line);
        }
      }
      new Reexecution()
          .become(
              Files.readSymbolicLink(Path.of("/proc/self/exe")).toString(),
              lines(Files.readAllBytes(Path.of("/proc/self/cmdline"))),
              kept,
              PIPE,
              hidden.toByteArray());
      throw new IllegalStateException("execve(2) returned without an error");
    } catch (IOException | Reexecution.Failed e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static String name(byte[] line) {
    String text = new String(line, StandardCharsets.ISO_8859_1);
    int equals = text.indexOf('=');
    return equals < 0 ? text : text.substring(0, equals);
  }

  /** What stands between zero bytes; what follows the last of them is a line too. */
  private static List<byte[]> lines(byte[] block) {
    List<byte[]> lines = new ArrayList<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (byte each : block) {
      if (each == 0) {
        lines.add(line.toByteArray());
        line.reset();
      } else {
        line.write(each);
      }
    }
    if (line.size() > 0) {
      lines.add(line.toByteArray());
    }
    return lines;
  }

  private static byte[] read(String descriptor) {
    if (!isPipe(descriptor)) {
      throw new UncheckedIOException(
          "the variable " + PIPE + " is set and names no pipe; unset it", new IOException());
    }
    try (InputStream pipe = new FileInputStream("/proc/self/fd/" + descriptor)) {
      return pipe.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the pipe of " + PIPE + " can't be read: " + e, e);
    } finally {
      Libc.close(Integer.parseInt(descriptor));
    }
  }

  // Not one of the standard streams: tasks come through the first of them.
  private static boolean isPipe(String descriptor) {
    try {
      return descriptor.matches("[0-9]{1,9}")
          && Integer.parseInt(descriptor) > 2
          && Files.readSymbolicLink(Path.of("/proc/self/fd", descriptor))
              .toString()
              .startsWith("pipe:");
    } catch (IOException e) {
      return false; // nothing is open under that number
    }
  }
}
