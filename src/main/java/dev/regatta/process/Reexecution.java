package dev.regatta.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * This process becomes its own program again, with another environment and a pipe that holds some
 * bytes. The number of the process stays, and with it its streams, its session and its parent.
 *
 * <p>Its functions are linked here and not in {@link Libc}: that links twenty more, which the
 * process that ends here would never use (a millisecond each).
 */
final class Reexecution {
  /** What a pipe holds without being asked to hold more (pipe(7)). */
  private static final int USUAL_PIPE = 65_536;

  private static final int F_SETFD = 2;
  private static final int F_SETPIPE_SZ = 1031;

  private final Linker linker = Linker.nativeLinker();
  private final Linker.Option errno = Linker.Option.captureCallState("errno");

  /** How it failed, where it came back at all. */
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    Failed(String message) {
      super(message);
    }
  }

  /**
   * Does not return if it works.
   *
   * @param program the program's file
   * @param arguments its arguments, the first its name
   * @param environment lines {@code NAME=value}; one is added that tells the pipe's descriptor
   * @param variable the name of that variable
   * @param hidden what the pipe will hold, at most what the system allows for one
   * @throws Failed if the system refuses; nothing has changed then
   */
  void become(
      String program,
      List<byte[]> arguments,
      List<byte[]> environment,
      String variable,
      byte[] hidden)
      throws Failed {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment state = call.allocate(Linker.Option.captureStateLayout());
      int reading = pipe(hidden, call, state);
      List<byte[]> lines = new ArrayList<>(environment);
      lines.add((variable + "=" + reading).getBytes(StandardCharsets.US_ASCII));
      MethodHandle execve =
          link("execve", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS), errno);
      int _ =
          (int)
              execve.invokeExact(
                  state,
                  call.allocateFrom(program),
                  CStrings.vector(arguments, call),
                  CStrings.vector(lines, call));
      close(reading);
      throw new Failed(program + " could not be started anew: error " + errno(state));
    } catch (Failed | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call into the C library failed", e);
    }
  }

  /** The reading end of a pipe that holds these bytes and ends after them. */
  private int pipe(byte[] content, Arena call, MemorySegment state) throws Throwable {
    MethodHandle pipe2 = link("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), errno);
    MethodHandle write =
        link("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), errno);
    MemorySegment pair = call.allocate(JAVA_INT, 2);
    if ((int) pipe2.invokeExact(state, pair, Libc.O_CLOEXEC | Libc.O_NONBLOCK) < 0) {
      throw new Failed("no pipe could be made: error " + errno(state));
    }
    int reading = pair.getAtIndex(JAVA_INT, 0);
    int writing = pair.getAtIndex(JAVA_INT, 1);
    if (content.length > USUAL_PIPE) {
      fcntl(writing, F_SETPIPE_SZ, content.length);
    }
    MemorySegment bytes = call.allocate(Math.max(1, content.length));
    MemorySegment.copy(content, 0, bytes, JAVA_BYTE, 0, content.length);
    long written = (long) write.invokeExact(state, writing, bytes, (long) content.length);
    close(writing);
    if (written != content.length) {
      close(reading);
      throw new Failed("a pipe does not hold all of them");
    }
    fcntl(reading, F_SETFD, 0); // it lives on in the program that follows
    return reading;
  }

  private void fcntl(int descriptor, int command, int argument) throws Throwable {
    MethodHandle fcntl =
        link(
            "fcntl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    int _ = (int) fcntl.invokeExact(descriptor, command, argument);
  }

  private void close(int descriptor) throws Throwable {
    int _ = (int) link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT)).invokeExact(descriptor);
  }

  private MethodHandle link(String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
  }

  private static int errno(MemorySegment state) {
    return (int)
        Linker.Option.captureStateLayout()
            .varHandle(MemoryLayout.PathElement.groupElement("errno"))
            .get(state, 0L);
  }
}
