package dev.regatta.cli;

import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;

/** {@code regatta version}. */
@CommandDefinition(
    name = "version",
    description = "Show the version of Regatta and of what it runs on.",
    sortOptions = false)
public final class VersionCommand extends CliCommand {
  /**
   * The version, as the jar's manifest has it; {@code development} for classes outside of a jar.
   */
  static final String VERSION = version();

  @Option(name = "json", hasValue = false, description = "as JSON")
  boolean json;

  @Mixin CommonOptions common = new CommonOptions();

  private static String version() {
    String packed = VersionCommand.class.getPackage().getImplementationVersion();
    return packed == null ? "development" : packed;
  }

  @Override
  CommonOptions common() {
    return common;
  }

  @Override
  String examples() {
    return "regatta version --json";
  }

  @Override
  int run(Context context) {
    String java = System.getProperty("java.vendor.version", System.getProperty("java.version"));
    String system = System.getProperty("os.name") + " " + System.getProperty("os.version");
    if (json) {
      Json.print(context.out(), new Versions(VERSION, java, system));
    } else {
      context.out().println("regatta " + VERSION);
      context.out().println("java    " + java);
      context.out().println("system  " + system);
    }
    return ExitCode.OK;
  }

  private record Versions(String regatta, String java, String system) {}
}
