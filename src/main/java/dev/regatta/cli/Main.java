package dev.regatta.cli;

import dev.regatta.credential.CredentialProblem;
import dev.regatta.credential.CredentialSources;
import dev.regatta.evidence.PriceTable;
import dev.regatta.evidence.SigningKey;
import dev.regatta.experiment.ProofDerivation;
import dev.regatta.gateway.GatewayProblem;
import dev.regatta.git.GitProblem;
import dev.regatta.journal.JournalBroken;
import dev.regatta.mcp.ServingProblem;
import dev.regatta.rehearsal.PortTaken;
import dev.regatta.rehearsal.ScriptProblem;
import dev.regatta.run.RunBusy;
import dev.regatta.run.TaskFileProblem;
import dev.regatta.server.ServerProblem;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.Store;
import dev.regatta.stress.SuiteProblem;
import dev.regatta.telemetry.OtlpVariables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.aesh.command.AeshCommandRuntimeBuilder;
import org.aesh.command.CommandRuntime;
import org.aesh.command.impl.registry.AeshCommandRegistryBuilder;
import org.aesh.command.invocation.CommandInvocation;
import org.aesh.command.parser.CommandLineParserException;
import org.aesh.command.registry.CommandRegistry;
import org.aesh.command.validator.OptionValidatorException;

/** The program. */
public final class Main {
  private Main() {}

  /** Runs the command that the words name, and ends this process with its exit code. */
  public static void main(String[] words) {
    System.exit(run(Context.ofProcess(environment(words)), words));
  }

  private static Map<String, String> environment(String[] words) {
    try {
      return HiddenTokens.hide(words);
    } catch (UncheckedIOException e) {
      System.err.println("regatta: " + e.getMessage());
      System.exit(ExitCode.ENVIRONMENT);
      throw e;
    }
  }

  /**
   * Runs a command.
   *
   * @return its exit code: 0 it worked, 1 the work failed, 2 wrong usage, 3 the environment lacks
   *     something, 130 interrupted
   */
  public static int run(Context context, String... given) {
    String[] words = forHelp(given);
    try {
      return switch (words.length == 0 ? "" : words[0]) {
        // These must be quick, and can hold no secret.
        case "" -> {
          context.err().print(Commands.firstPage());
          yield ExitCode.USAGE;
        }
        case "--help", "-h", "help" -> {
          context.out().print(Commands.firstPage());
          yield ExitCode.OK;
        }
        case "--version", "-V" -> {
          if (words.length > 1) {
            throw CliFailure.usage("regatta " + words[0] + " stands alone: leave out what follows");
          }
          context.out().println("regatta " + VersionCommand.VERSION);
          yield ExitCode.OK;
        }
        default -> guarded(context, words);
      };
    } catch (IOException | OutputGone | CliFailure e) {
      return explain(context, e, debug(words));
    }
  }

  /** Help for a command is that command's own page. */
  private static String[] forHelp(String[] words) {
    boolean named =
        words.length > 1
            && List.of("--help", "-h", "help").contains(words[0])
            && !words[1].startsWith("-");
    return named ? new String[] {words[1], "--help"} : words;
  }

  /** Carries out a command that prints nothing secret, whatever it comes to know. */
  private static int guarded(Context context, String[] words) throws IOException {
    context.secrets().add(new CredentialSources(context.environment()).secrets());
    context.secrets().add(OtlpVariables.secrets(context.environment()));
    try (GuardedStream out = new GuardedStream(context.out(), context.secrets());
        GuardedStream err = new GuardedStream(context.err(), context.secrets())) {
      Context guarded = context.printingOn(out.printing(), err.printing());
      try {
        return command(guarded, words[0], Arrays.copyOfRange(words, 1, words.length));
      } catch (Throwable e) {
        if (e instanceof VirtualMachineError error) {
          throw error;
        }
        return explain(guarded, e, debug(words));
      }
    }
  }

  private static int command(Context context, String name, String[] words) throws Throwable {
    Optional<Commands.Entry> entry = Commands.find(name);
    if (entry.isEmpty()) {
      context.err().println("regatta: " + unknown("command", name, Commands.names()));
      return ExitCode.USAGE;
    }
    return execute(context, name, entry.get().command().get(), words);
  }

  /** Only before the words that belong to a command of the user's. */
  private static boolean debug(String[] words) {
    return Arrays.stream(words).takeWhile(word -> !word.equals("--")).anyMatch("--debug"::equals);
  }

  private static int execute(Context context, String name, CliCommand command, String[] words)
      throws Throwable {
    CommandRegistry<CommandInvocation> registry =
        AeshCommandRegistryBuilder.<CommandInvocation>builder().command(command).create();
    CommandRuntime<CommandInvocation> runtime =
        AeshCommandRuntimeBuilder.<CommandInvocation>builder().commandRegistry(registry).build();
    command.in(context);
    new GivenWords(name, new OwnOptions(command.getClass())).check(words);
    try {
      runtime.executeCommand(name, words);
    } catch (CommandLineParserException | OptionValidatorException e) {
      throw CliFailure.usage(parserWords(name, String.valueOf(e.getMessage())));
    }
    if (command.common().help) {
      context.out().print(HelpPage.of(registry, name, command));
      return ExitCode.OK;
    }
    return command.outcome();
  }

  private static String parserWords(String name, String message) {
    return message
        + (message.endsWith(".") ? "" : ".")
        + " regatta "
        + name
        + " --help shows its options.";
  }

  private static String unknown(String what, String word, List<String> known) {
    if (word.startsWith("-")) {
      return "regatta has no "
          + what
          + " '"
          + word
          + "'; options come after the command. regatta --help lists the commands.";
    }
    String nearest =
        known.stream()
            .min(Comparator.comparingInt(candidate -> Words.distance(word, candidate)))
            .orElseThrow();
    String hint =
        Words.distance(word, nearest) <= Math.max(1, word.length() / 2)
            ? "Did you mean " + nearest + "? "
            : "";
    return "regatta has no " + what + " '" + word + "'. " + hint + "regatta --help lists them.";
  }

  private static int explain(Context context, Throwable cause, boolean debug) {
    if (cause instanceof OutputGone gone && gone.closedPipe()) {
      return ExitCode.OK; // whoever read it has seen enough
    }
    if (debug && !(cause instanceof CliFailure)) { // those are no failures of the program
      cause.printStackTrace(context.err());
    }
    int code =
        switch (cause) {
          case CliFailure failure -> failure.exitCode();
          case CredentialProblem problem ->
              problem.isMissing() ? ExitCode.ENVIRONMENT : ExitCode.USAGE;
          case TaskFileProblem ignored -> ExitCode.USAGE;
          case SuiteProblem ignored -> ExitCode.USAGE;
          case ScriptProblem ignored -> ExitCode.USAGE;
          case PriceTable.PricesProblem ignored -> ExitCode.USAGE;
          case RegattaHome.HomeProblem ignored -> ExitCode.ENVIRONMENT;
          case Store.StoreProblem ignored -> ExitCode.ENVIRONMENT;
          case JournalBroken ignored -> ExitCode.ENVIRONMENT;
          case GatewayProblem ignored -> ExitCode.ENVIRONMENT;
          case ServingProblem ignored -> ExitCode.ENVIRONMENT;
          case ServerProblem ignored -> ExitCode.ENVIRONMENT;
          case SigningKey.KeyProblem ignored -> ExitCode.ENVIRONMENT;
          case GitProblem ignored -> ExitCode.ENVIRONMENT;
          case PortTaken ignored -> ExitCode.ENVIRONMENT;
          case UncheckedIOException ignored -> ExitCode.ENVIRONMENT;
          case OutputGone ignored -> ExitCode.FAILED;
          case RunBusy ignored -> ExitCode.FAILED;
          case ProofDerivation.NoRun ignored -> ExitCode.FAILED;
          case InterruptedException ignored -> ExitCode.INTERRUPTED;
          default -> -1;
        };
    if (code >= 0) {
      context.err().println("regatta: " + message(cause));
      return code;
    }
    context
        .err()
        .println(
            "regatta: something failed that should not: "
                + cause
                + (debug ? "" : ". Call it again with --debug to see where."));
    return ExitCode.FAILED;
  }

  private static String message(Throwable cause) {
    if (cause instanceof UncheckedIOException io
        && io.getCause() instanceof IOException plain
        && plain.toString().equals(io.getMessage())) {
      return Reasons.withFile(plain); // thrown without a word of its own
    }
    return cause.getMessage() == null ? "interrupted" : cause.getMessage();
  }
}
