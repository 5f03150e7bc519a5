package dev.regatta.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The command line as people call it: the program in a JVM of its own, with its own environment,
 * working folder and standard input; or, where that makes no difference, within this one.
 */
final class Cli {
  private static final long PATIENCE_SECONDS = 120;

  private final Path folder;
  private final Map<String, String> environment = new TreeMap<>();
  private byte[] input = new byte[0];
  private String shell = "";

  private Cli(Path folder) {
    this.folder = folder;
    environment.put("PATH", System.getenv("PATH"));
    environment.put("HOME", folder.toString());
    environment.put("LANG", "C.UTF-8");
  }

  /** Called in that folder, with nothing in the environment but a PATH and a HOME. */
  static Cli in(Path folder) {
    return new Cli(folder);
  }

  Cli with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Puts a folder in front of the PATH. */
  Cli path(Path programs) {
    return with("PATH", programs + File.pathSeparator + environment.get("PATH"));
  }

  /** Leaves only that folder and the system's own on the PATH, so that no real agent is found. */
  Cli onlyPath(Path programs) {
    return with("PATH", programs + ":/usr/bin:/bin");
  }

  Cli input(String text) {
    return input(text.getBytes(StandardCharsets.UTF_8));
  }

  Cli input(byte[] bytes) {
    input = bytes;
    return this;
  }

  /**
   * Calls it by a line of the shell, in which {@code "$@"} stands for the program and its words.
   */
  Cli shell(String line) {
    shell = line;
    return this;
  }

  /**
   * How a call ended.
   *
   * @param exit its exit code
   * @param out what it printed on standard output
   * @param err what it printed on standard error
   */
  record Ended(int exit, String out, String err) {
    List<String> outLines() {
      return out.lines().toList();
    }

    List<String> errLines() {
      return err.lines().toList();
    }
  }

  /** The command line that starts the program. */
  static List<String> program(String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.regatta.cli.Main"));
    command.addAll(Arrays.asList(words));
    return command;
  }

  /** Calls it in a JVM of its own and waits for its end. */
  Ended run(String... words) {
    try (Running running = start(words)) {
      running.feed(input);
      running.endOfInput();
      return running.await();
    }
  }

  /** Starts it in a JVM of its own; its standard input stays open. */
  Running start(String... words) {
    List<String> command = new ArrayList<>();
    if (!shell.isEmpty()) {
      command.addAll(List.of("sh", "-c", shell, "sh"));
    }
    command.addAll(program(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      return new Running(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Calls it within this JVM. */
  Ended within(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        Main.run(
            new Context(
                new ByteArrayInputStream(input),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.copyOf(environment),
                folder,
                false,
                false),
            words);
    return new Ended(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** All that is below a folder, as paths relative to it. */
  static List<String> below(Path folder) {
    try (var paths = Files.walk(folder)) {
      return paths
          .filter(path -> !path.equals(folder))
          .map(path -> folder.relativize(path).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A call that goes on. */
  static final class Running implements AutoCloseable {
    private final Process process;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Thread> readers;

    private Running(Process process) {
      this.process = process;
      this.readers =
          List.of(
              Thread.ofPlatform().daemon().start(() -> read(process.getInputStream(), out)),
              Thread.ofPlatform().daemon().start(() -> read(process.getErrorStream(), err)));
    }

    private static void read(InputStream stream, ByteArrayOutputStream read) {
      try {
        byte[] chunk = new byte[8192];
        for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
          read.write(chunk, 0, count);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** What it printed on standard output so far. */
    String out() {
      return out.toString(StandardCharsets.UTF_8);
    }

    long pid() {
      return process.pid();
    }

    /** What it printed on standard error so far. */
    String err() {
      return err.toString(StandardCharsets.UTF_8);
    }

    void feed(byte[] bytes) {
      try {
        process.getOutputStream().write(bytes);
        process.getOutputStream().flush();
      } catch (IOException e) {
        // It may end without having read all.
      }
    }

    void endOfInput() {
      try {
        process.getOutputStream().close();
      } catch (IOException e) {
        // As above.
      }
    }

    void signal(String name) {
      try {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
          throw new IllegalStateException("no signal reached " + process.pid());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    boolean alive() {
      return process.isAlive();
    }

    Ended await() {
      try {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          throw new AssertionError("it did not end within " + PATIENCE_SECONDS + " s: " + err());
        }
        for (Thread reader : readers) {
          reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        }
        return new Ended(process.exitValue(), out(), err());
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
