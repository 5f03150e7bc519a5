import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Formats every Java file below a folder, or says which ones are not formatted.
 *
 * <p>Run by the build through the JDK 25 of the toolchain: the usual Maven plug-in runs the formatter inside Maven's own
 * JVM, which may be older and then fails on current syntax.
 */
public class Format {
  public static void main(String[] arguments) throws Exception {
    boolean replace = arguments[0].equals("--replace");
    Formatter formatter = new Formatter();
    int wrong = 0;
    List<Path> files;
    try (var walk = Files.walk(Path.of(arguments[1]))) {
      files = walk.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
    for (Path file : files) {
      String before = Files.readString(file);
      String after = formatter.formatSourceAndFixImports(before);
      if (!after.equals(before)) {
        if (replace) {
          Files.writeString(file, after);
        } else {
          System.err.println("not formatted: " + file + " (mvn -Pformat process-sources formats it)");
        }
        wrong++;
      }
    }
    System.exit(wrong > 0 && !replace ? 1 : 0);
  }
}
