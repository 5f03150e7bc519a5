package dev.regatta.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a command may touch of the world it is called in.
 *
 * @param in standard input
 * @param out standard output, for what was asked for
 * @param err standard error, for all that is said besides
 * @param environment the variables
 * @param folder the working folder
 * @param inTerminal whether standard input is a terminal, at which somebody would have to type
 * @param outTerminal whether standard output is a terminal
 * @param errTerminal whether standard error is one
 * @param secrets what must not be printed
 */
public record Context(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Path folder,
    boolean inTerminal,
    boolean outTerminal,
    boolean errTerminal,
    KnownSecrets secrets) {
  /** A world in which no secret is known yet, and nobody types. */
  public Context(
      InputStream in,
      PrintStream out,
      PrintStream err,
      Map<String, String> environment,
      Path folder,
      boolean outTerminal,
      boolean errTerminal) {
    this(in, out, err, environment, folder, false, outTerminal, errTerminal, new KnownSecrets());
  }

  /**
   * The world of this process.
   *
   * @param environment its variables
   */
  static Context ofProcess(Map<String, String> environment) {
    return new Context(
        standardInput(),
        StandardOutput.open(),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        environment,
        Path.of("").toAbsolutePath(),
        terminal(0),
        terminal(1),
        terminal(2),
        new KnownSecrets());
  }

  /**
   * Standard input; empty when it was closed. Then the first file that the JVM opened for itself
   * has its number: its cache or its own classes, and their bytes are nobody's tasks.
   */
  private static InputStream standardInput() {
    try {
      Path file = Files.readSymbolicLink(Path.of("/proc/self/fd/0"));
      boolean ofTheJvm =
          file.startsWith(System.getProperty("java.home")) || file.toString().endsWith(".aot");
      return ofTheJvm ? InputStream.nullInputStream() : System.in;
    } catch (IOException e) {
      return System.in; // a system without such files, or a closed one, which says so when read
    }
  }

  /** Asked of the system: Java's own console takes 20 ms to load, and knows only both at once. */
  private static boolean terminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/dev/fd", "" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      Console console = System.console(); // a system whose /dev/fd holds no links
      return console != null && console.isTerminal();
    }
  }

  /** The same with other streams to print on. */
  Context printingOn(PrintStream otherOut, PrintStream otherErr) {
    return new Context(
        in, otherOut, otherErr, environment, folder, inTerminal, outTerminal, errTerminal, secrets);
  }

  /** Whether output may be coloured: on a terminal that can, for people who want it. */
  boolean colour(boolean refused) {
    return outTerminal
        && !refused
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }

  /** Whether characters beyond ASCII that only draw are shown as such where output goes. */
  boolean blocks() {
    if (outTerminal && "dumb".equals(environment.get("TERM"))) {
      return false;
    }
    String locale =
        Stream.of("LC_ALL", "LC_CTYPE", "LANG")
            .map(name -> environment.getOrDefault(name, ""))
            .filter(value -> !value.isEmpty())
            .findFirst()
            .orElse("");
    return locale.toUpperCase(Locale.ROOT).matches(".*UTF-?8.*");
  }
}
