package dev.regatta.cli;

import dev.regatta.credential.CredentialSources;
import dev.regatta.doctor.Doctor;
import dev.regatta.doctor.Examination;
import dev.regatta.doctor.Finding;
import dev.regatta.process.MachineLoad;
import dev.regatta.report.DoctorReport;
import dev.regatta.run.Cancellation;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;
import org.aesh.command.option.OptionList;
import org.jspecify.annotations.Nullable;

/** {@code regatta doctor}. */
@CommandDefinition(
    name = "doctor",
    description =
        "Look at what a run needs: agents, machine, credentials, containment, disk. Changes"
            + " nothing, and says what helps. Exits with 1 if something will fail.",
    sortOptions = false)
public final class DoctorCommand extends CliCommand {
  @Option(name = "json", hasValue = false, description = "as JSON")
  boolean json;

  @Option(
      name = "online",
      hasValue = false,
      description = "ask the provider whether each credential is accepted; costs nothing")
  boolean online;

  @OptionList(
      name = "token",
      valueSeparator = '\0',
      description = "name of a variable that holds a token (CLAUDE_CODE_TOKEN, …1 to …9)")
  @Nullable List<String> tokens;

  @Option(
      name = "token-file",
      argument = "FILE",
      description = "a file of lines NAME=value that only you can read")
  @Nullable String tokenFile;

  @Option(
      name = "base-url",
      argument = "URL",
      description = "with --online: send your tokens to this address instead of the provider's")
  @Nullable String baseUrl;

  @Mixin CommonOptions common = new CommonOptions();

  @Override
  CommonOptions common() {
    return common;
  }

  @Override
  String examples() {
    return """
    regatta doctor
    regatta doctor --online                     are my tokens accepted?
    regatta doctor --online --token WORK --token PERSONAL
    regatta doctor --json | jq '.findings[] | select(.status == "FAIL")'\
    """;
  }

  @Override
  int run(Context context) throws InterruptedException {
    Optional<URI> address = Words.address("--base-url", baseUrl);
    if (address.isPresent() && !online) {
      throw CliFailure.usage("--base-url is for --online: without it nobody is asked");
    }
    List<String> names = tokens == null ? List.of() : tokens;
    names.forEach(CredentialSources::requireName);
    DoctorReport report =
        DoctorReport.of(
            examine(
                context,
                new Examination(
                    context.environment(),
                    context.folder(),
                    home(context).toAbsolutePath().normalize(),
                    MachineLoad.now(),
                    names,
                    Optional.ofNullable(tokenFile).map(context.folder()::resolve),
                    online,
                    address)));
    if (json) {
      Json.print(context.out(), report);
    } else {
      context.out().print(report.text(context.colour(common.noColour)));
    }
    return report.failed() ? ExitCode.FAILED : ExitCode.OK;
  }

  /** Stops what it started when it is interrupted: a hanging agent would go on by itself. */
  private static List<Finding> examine(Context context, Examination examination)
      throws InterruptedException {
    Cancellation cancellation = new Cancellation();
    Thread examining = Thread.currentThread();
    Thread watching =
        Thread.ofVirtual()
            .unstarted(() -> {
              try {
                if (!cancellation.sleep(Long.MAX_VALUE)) {
                  examining.interrupt();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // nobody interrupted us: it is done
              }
            });
    try (Interrupts interrupts = new Interrupts(cancellation, context.err())) {
      watching.start();
      return Doctor.examine(examination);
    } finally {
      watching.interrupt();
    }
  }
}
