package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A disk that is full from one moment on, for one file that this process has open. */
public final class FullDisk {
  private FullDisk() {}

  /** From now on every write to that file fails as on a full disk. */
  public static void under(Path file) {
    try {
      int replaced = 0;
      for (int descriptor : descriptors(file)) {
        becomesFull(descriptor);
        replaced++;
      }
      assertThat(replaced).as("descriptors of " + file).isPositive();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static int[] descriptors(Path file) throws IOException {
    Path real = file.toRealPath();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      return java.util.stream.StreamSupport.stream(all.spliterator(), false)
          .filter(link -> pointsTo(link, real))
          .mapToInt(link -> Integer.parseInt(link.getFileName().toString()))
          .toArray();
    }
  }

  private static boolean pointsTo(Path link, Path file) {
    try {
      return Files.readSymbolicLink(link).equals(file);
    } catch (NoSuchFileException e) {
      return false; // closed meanwhile
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void becomesFull(int descriptor) throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle open =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    MethodHandle dup2 =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("dup2"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    MethodHandle close =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int full = (int) open.invokeExact(arena.allocateFrom("/dev/full"), 1); // O_WRONLY
      assertThat((int) dup2.invokeExact(full, descriptor)).isEqualTo(descriptor);
      assertThat((int) close.invokeExact(full)).isZero();
    }
  }
}
