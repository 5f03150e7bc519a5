import dev.regatta.credential.Credential;
import dev.regatta.gateway.Gateway;
import dev.regatta.gateway.Pass;
import dev.regatta.gateway.Route;
import dev.regatta.gateway.Sighting;
import dev.regatta.journal.Event;
import dev.regatta.journal.Journal;
import dev.regatta.journal.RunClock;
import dev.regatta.secret.Secret;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * A gateway in a process of its own, with a journal, for {@link GatewayOverhead}: prints where it
 * listens and a placeholder, then its memory in bytes, on the heap and outside, for each line that
 * it reads.
 *
 * <pre>java -cp target/regatta.jar bench/GatewayProcess.java UPSTREAM JOURNAL</pre>
 */
final class GatewayProcess {
  public static void main(String[] arguments) throws Exception {
    RunClock clock = RunClock.system();
    Credential credential =
        new Credential("bench", new Secret("sk-ant-api03-no-credential-of-anybody"));
    BufferedReader orders = new BufferedReader(new InputStreamReader(System.in));
    try (Journal journal = Journal.create(Path.of(arguments[1]), clock, text -> text);
        Gateway gateway =
            Gateway.start(
                Route.direct(URI.create(arguments[0])),
                clock,
                new SecureRandom(),
                sighting -> {
                  if (sighting instanceof Sighting.Passed passed) {
                    journal.append(new Event.ExchangeSeen(passed.exchange()));
                  }
                });
        Pass pass = gateway.admit("bench", credential)) {
      System.out.println(gateway.baseUrl() + " " + pass.placeholder().value().reveal());
      while (orders.readLine() != null) {
        System.out.println(used() + " " + outside());
      }
    }
  }

  /** What is left on the heap after collections that find no more. */
  private static long used() throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least =
          Math.min(
              least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
      Thread.sleep(50); // cleaners run meanwhile
    }
    return least;
  }

  private static long outside() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }
}
