package dev.regatta.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Starts children with {@link ProcessBuilder}: for systems where {@link PosixLauncher} is not
 * available. A child has no session of its own, so what it leaves behind is not found, and what
 * that prints after the child's end may be lost: {@code regatta doctor} calls this 'no
 * containment'. Java shows the end by a signal as an exit code, so codes from 129 to 159 are taken
 * for signals.
 */
public final class PortableLauncher implements Launcher {

  @Override
  public boolean works() {
    return true; // each child has a thread of its own
  }

  @Override
  public boolean contains() {
    return false;
  }

  @Override
  public Leftovers leftovers() {
    return Leftovers.ofTheDead(); // Java waits for every child itself; none is adopted
  }

  @Override
  public Child start(ChildCommand command) throws SpawnFailed {
    refuseWhatCannotStart(command);
    List<String> line = new ArrayList<>(command.arguments());
    line.set(0, command.executable().toString());
    ProcessBuilder builder = new ProcessBuilder(line).directory(command.folder().toFile());
    builder.environment().clear();
    builder.environment().putAll(command.environment());
    long asked = System.nanoTime();
    try {
      Process process = builder.start();
      return new PortableChild(process, asked, System.nanoTime(), command.input());
    } catch (IOException e) {
      throw new SpawnFailed(explain(command.executable(), String.valueOf(e.getMessage())), e);
    }
  }

  /**
   * Java itself sends only TERM and KILL; the shell of POSIX systems sends the others. It is waited
   * for: a CONT must not overtake a STOP.
   *
   * @return whether all were there to get it
   */
  static boolean kill(Signal signal, List<ProcessHandle> tree) {
    List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", "kill -$0 \"$@\"", signal.name()));
    tree.forEach(handle -> line.add(Long.toString(handle.pid())));
    try {
      return new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // no shell here: the ladder's next step, TERM, needs none
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void refuseWhatCannotStart(ChildCommand command) throws SpawnFailed {
    if (command.arguments().stream().anyMatch(argument -> argument.indexOf('\0') >= 0)) {
      throw new SpawnFailed("an argument holds a NUL character, which no program can be given");
    }
    boolean odd =
        command.environment().entrySet().stream()
            .anyMatch(it -> it.getKey().indexOf('\0') >= 0 || it.getValue().indexOf('\0') >= 0);
    if (odd) {
      throw new SpawnFailed("the environment holds a NUL character in one of its variables");
    }
    if (!Files.isDirectory(command.folder())) {
      throw new SpawnFailed("the working folder " + command.folder() + " is not there");
    }
  }

  /** Java tells why in the words of the system, within a text of its own. */
  private static String explain(Path program, String why) {
    if (!Files.exists(program)) {
      return program + " is not there";
    }
    if (Files.isDirectory(program) || !Files.isExecutable(program)) {
      return program + " may not be run: permission denied";
    }
    if (why.contains("No such file or directory")) {
      return program + " cannot start: the interpreter or loader it names is not there";
    }
    if (why.contains("Argument list too long")) {
      return "the arguments and environment of "
          + program
          + " are larger than the system allows; pass less, or use standard input";
    }
    return program + " could not be started: " + why;
  }

  @Override
  public void close() {
    // Each child's threads end with it.
  }

  /** A child that Java started; one platform thread reads each channel, one waits for its end. */
  private static final class PortableChild implements Child {
    private final Process process;
    private final long spawnNanos;
    private final long spawnedNanos;
    private final EventQueue queue = new EventQueue();

    PortableChild(Process process, long asked, long there, Optional<byte[]> input) {
      this.process = process;
      this.spawnNanos = asked;
      this.spawnedNanos = there;
      thread("output", () -> drain(Channel.OUTPUT, process.getInputStream()));
      thread("error", () -> drain(Channel.ERROR, process.getErrorStream()));
      thread("input", () -> feed(input.orElse(new byte[0])));
      thread("end", this::awaitEnd);
    }

    private void thread(String name, Runnable work) {
      Thread.ofPlatform().daemon().name("regatta-" + process.pid() + "-" + name).start(work);
    }

    private void feed(byte[] input) {
      try (OutputStream stream = process.getOutputStream()) {
        stream.write(input);
      } catch (IOException e) {
        return; // it ended, or closed its input, without reading all: its own affair
      }
    }

    private void drain(Channel channel, InputStream stream) {
      byte[] buffer = new byte[64 * 1024];
      try (stream) {
        for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
          byte[] bytes = Arrays.copyOf(buffer, read);
          queue.add(new ChildEvent.Output(channel, bytes, System.nanoTime()));
          queue.awaitRoom();
        }
      } catch (IOException e) {
        // Closed by its reader: there is nothing more to deliver.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      queue.add(new ChildEvent.Closed(channel, System.nanoTime()));
    }

    private void awaitEnd() {
      try {
        int code = process.waitFor();
        long now = System.nanoTime();
        // Java reports the end by signal n as exit code 128 + n, as shells do.
        queue.add(
            code > 128 && code < 160
                ? new ChildEvent.Exited(null, code - 128, null, null, now)
                : new ChildEvent.Exited(code, null, null, null, now));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public long pid() {
      return process.pid();
    }

    @Override
    public boolean ownsGroup() {
      return false;
    }

    @Override
    public long startTicks() {
      return ProcessTable.read(process.pid()).map(ProcessTable.Row::startTicks).orElse(0L);
    }

    @Override
    public long spawnNanos() {
      return spawnNanos;
    }

    @Override
    public long spawnedNanos() {
      return spawnedNanos;
    }

    @Override
    public @Nullable ChildEvent next(long timeoutNanos) throws InterruptedException {
      return queue.take(timeoutNanos);
    }

    @Override
    public void offer(Predicate<ChildEvent.Output> taker) {
      // Each pipe has a thread of its own here, and the two would take at the same time.
    }

    @Override
    public void nudge() {
      queue.add(new ChildEvent.Nudged(System.nanoTime()));
    }

    @Override
    public boolean signal(Signal signal) {
      boolean alive = process.isAlive();
      // Its children too, as a group's signal would; before it, as nothing leads to them after.
      List<ProcessHandle> tree =
          Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
      switch (signal) {
        case KILL -> tree.forEach(ProcessHandle::destroyForcibly);
        case TERM -> tree.forEach(ProcessHandle::destroy);
        case INT, STOP, CONT -> kill(signal, tree);
      }
      return alive;
    }

    @Override
    public void pause() {
      signal(Signal.STOP);
    }

    @Override
    public boolean groupAlive() {
      return process.isAlive();
    }

    @Override
    public Optional<Map<String, String>> givenEnvironment() {
      return ProcessTable.environment(process.pid());
    }

    @Override
    public void close() {
      queue.abandon();
      try (InputStream output = process.getInputStream();
          InputStream error = process.getErrorStream()) {
        // Closed in any case, the second also when the first fails.
      } catch (IOException e) {
        return; // pipes of a process that is done with
      }
    }
  }
}
