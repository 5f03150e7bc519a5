package dev.regatta.doctor;

import dev.regatta.process.Containment;
import dev.regatta.process.Launcher;
import dev.regatta.secret.Redactor;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at everything that a run needs, all at once, each look with a limit of its own. The order
 * of the findings is fixed, and no value of a credential is in them.
 */
public final class Doctor {
  private static final Duration PROGRAM_LIMIT = Duration.ofSeconds(3);
  private static final Duration CALL_LIMIT = Duration.ofSeconds(5);
  private static final Duration CHECK_LIMIT = Duration.ofSeconds(8);

  private Doctor() {}

  /**
   * Looks at it.
   *
   * @throws InterruptedException if the thread was interrupted; nothing that was started is left
   */
  public static List<Finding> examine(Examination examination) throws InterruptedException {
    int factor = examination.load().limitFactor();
    // Tried before anything is started: what starts meanwhile would be in the group that is tried.
    Containment containment = Containment.here();
    Tokens tokens = Tokens.of(examination);
    Redactor redactor = new Redactor(tokens.secrets());
    HttpClient client = client();
    try (Launcher launcher = Launcher.open()) {
      ShortRun run =
          new ShortRun(launcher, examination.environment(), PROGRAM_LIMIT.multipliedBy(factor));
      List<Check> checks = new ArrayList<>();
      for (Tool tool : Tool.values()) {
        checks.add(new ToolCheck(tool, examination.environment(), examination.folder(), run));
      }
      checks.add(new MachineCheck(examination.load()));
      checks.add(new GpuCheck(examination.environment(), examination.folder(), run));
      checks.addAll(
          CredentialChecks.of(
              tokens, examination, client, CALL_LIMIT.multipliedBy(factor), redactor));
      checks.add(new ContainmentCheck(containment, examination.home()));
      checks.add(new FolderCheck(examination.home()));
      checks.add(new PortCheck(InetAddress.getLoopbackAddress()));
      return Checks.carryOut(checks, CHECK_LIMIT.multipliedBy(factor)).stream()
          .map(finding -> redacted(finding, redactor))
          .toList();
    } finally {
      client.shutdownNow();
    }
  }

  private static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .proxy(HttpClient.Builder.NO_PROXY)
        .build();
  }

  private static Finding redacted(Finding finding, Redactor redactor) {
    String fix = finding.fix();
    return new Finding(
        redactor.redact(finding.id()),
        finding.status(),
        redactor.redact(finding.found()),
        fix == null ? null : redactor.redact(fix));
  }
}
