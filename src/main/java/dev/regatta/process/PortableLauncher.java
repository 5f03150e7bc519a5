package dev.regatta.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Starts children with {@link ProcessBuilder}: for systems where {@link PosixLauncher} is not
 * available. A child has no session of its own, so what it leaves behind is not found: {@code
 * regatta doctor} calls this 'no containment'.
 */
public final class PortableLauncher implements Launcher {

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
    if (!Files.isDirectory(command.folder())) {
      throw new SpawnFailed("the working folder " + command.folder() + " is not there");
    }
    List<String> line = new ArrayList<>(command.arguments());
    line.set(0, command.executable().toString());
    ProcessBuilder builder = new ProcessBuilder(line).directory(command.folder().toFile());
    builder.environment().clear();
    builder.environment().putAll(command.environment());
    long asked = System.nanoTime();
    try {
      Process process = builder.start();
      return new PortableChild(process, asked, System.nanoTime(), command.input());
    } catch (IOException | IllegalArgumentException e) {
      throw new SpawnFailed(command.executable() + " could not be started: " + e.getMessage(), e);
    }
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
    public void nudge() {
      queue.add(new ChildEvent.Nudged(System.nanoTime()));
    }

    @Override
    public boolean signal(Signal signal) {
      boolean alive = process.isAlive();
      switch (signal) {
        case KILL -> {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
        }
        case TERM -> {
          process.descendants().forEach(ProcessHandle::destroy);
          process.destroy();
        }
        case INT, STOP, CONT -> kill(signal);
      }
      return alive;
    }

    /** Java itself sends only TERM and KILL; POSIX systems have a program for the others. */
    private void kill(Signal signal) {
      try {
        new ProcessBuilder("kill", "-" + signal.name(), Long.toString(process.pid()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
      } catch (IOException e) {
        // No such program here: the ladder's next step, TERM, needs none.
        return;
      }
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
      try {
        process.getInputStream().close();
        process.getErrorStream().close();
      } catch (IOException e) {
        return; // pipes of a process that is done with
      }
    }
  }
}
