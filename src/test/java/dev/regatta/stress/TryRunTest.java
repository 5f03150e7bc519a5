package dev.regatta.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.run.Cancellation;
import dev.regatta.run.Run;
import dev.regatta.run.TestRuns;
import dev.regatta.secret.Redactor;
import dev.regatta.server.CommandServer;
import dev.regatta.server.ServerLimits;
import dev.regatta.server.ServerSettings;
import dev.regatta.server.ServerTimes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that says nothing any more, by a clock on which a minute passes at each look: nothing
 * waits.
 */
@Timeout(20)
class TryRunTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir Path folder;
  private final Cancellation cancellation = new Cancellation();
  private final AtomicLong minutes = new AtomicLong();

  private TryRun.Ended follow(LongSupplier clock) throws InterruptedException {
    try (CommandServer server = server();
        BreakableWay way = BreakableWay.to(server.baseUrl());
        Run run = TestRuns.open(folder, cancellation);
        RemoteCommands commands = RemoteCommands.connect(way.url(), Optional.empty(), SECOND)) {
      way.fallSilent();
      try (TryOutput output = new TryOutput(run.folder(), "a.1", new Redactor(List.of()))) {
        Limits limits = new Limits(Duration.ofSeconds(30), Optional.empty());
        return new TryRun(commands, cancellation, clock, limits, output, pid -> {})
            .follow(
                new RemoteRequest(
                    "a", "true", limits.timeout(), limits.stall(), Optional.empty(), Map.of()));
      }
    }
  }

  private CommandServer server() {
    return CommandServer.start(
        new ServerSettings(
            "127.0.0.1",
            0,
            Optional.empty(),
            ServerLimits.USUAL,
            ServerTimes.USUAL,
            Map.of("PATH", System.getenv("PATH")),
            folder,
            "1.2.3"),
        Optional.empty(),
        folder.resolve("server"));
  }

  @Test
  void itIsGivenUpAfterItsLimitAndTheGrace() throws InterruptedException {
    TryRun.Ended ended = follow(() -> Duration.ofMinutes(minutes.incrementAndGet()).toNanos());
    assertThat(ended.ending()).isEqualTo(new Ending.TimedOut(Duration.ofSeconds(30)));
  }

  @Test
  void anInterruptionAfterTheLimitDoesNotMakeItWaitWithoutEnd() throws InterruptedException {
    TryRun.Ended ended =
        follow(() -> {
          long now = minutes.incrementAndGet();
          if (now == 4) { // the look at which it is asked to stop for its limit
            cancellation.request();
          }
          return Duration.ofMinutes(now).toNanos();
        });
    assertThat(cancellation.requested()).isTrue();
    assertThat(ended.ending()).isEqualTo(new Ending.TimedOut(Duration.ofSeconds(30)));
  }
}
