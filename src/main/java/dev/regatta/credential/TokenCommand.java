package dev.regatta.credential;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that prints a token. It is run by the shell, bounded in time and in what it may print;
 * what it says on standard error is not shown, as it may hold the value.
 *
 * @param name the credential's name
 * @param command for the shell
 * @param environment the command's whole environment
 * @param limit how long it may take
 */
record TokenCommand(String name, String command, Map<String, String> environment, Duration limit) {
  private static final int MOST_BYTES = 1 << 16;

  /** How long its output may still come once it ended; something it left running may hold it. */
  private static final long LATE_MILLIS = 1000;

  /**
   * Runs it.
   *
   * @return what it printed
   * @throws CredentialProblem if it fails, or prints without end
   */
  String run() {
    Process process = start();
    try {
      Output output = new Output(process);
      Thread reader = Thread.ofPlatform().daemon().start(output::read);
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw problem("did not end within " + limit.toMillis() / 1000.0 + " s");
      }
      reader.join(LATE_MILLIS);
      if (output.tooMuch()) {
        throw problem("printed more than " + MOST_BYTES + " bytes: it must print one token");
      }
      if (process.exitValue() != 0) {
        throw problem(
            "ended with exit code " + process.exitValue() + ": run it by hand to see why");
      }
      return output.text();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw problem("was interrupted");
    } finally {
      stop(process);
    }
  }

  private Process start() {
    try {
      ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command);
      builder.environment().clear();
      builder.environment().putAll(environment);
      return builder
          .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw problem("could not be started: there is no /bin/sh to run it");
    }
  }

  private CredentialProblem problem(String what) {
    return CredentialProblem.missing("the command for " + name + " " + what);
  }

  private static void stop(Process process) {
    if (process.isAlive()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** What it has printed so far: read while it runs, so that it can end. */
  private static final class Output {
    private final Process process;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Output(Process process) {
      this.process = process;
    }

    void read() {
      byte[] buffer = new byte[4096];
      try (InputStream stream = process.getInputStream()) {
        for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
          if (!keep(buffer, read)) {
            stop(process);
            return;
          }
        }
      } catch (IOException e) {
        return; // it was stopped; whoever stopped it says why
      }
    }

    private synchronized boolean keep(byte[] buffer, int count) {
      bytes.write(buffer, 0, count);
      return bytes.size() <= MOST_BYTES;
    }

    synchronized boolean tooMuch() {
      return bytes.size() > MOST_BYTES;
    }

    synchronized String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
