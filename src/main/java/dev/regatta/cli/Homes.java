package dev.regatta.cli;

import dev.regatta.run.AbandonedRuns;
import dev.regatta.store.RegattaHome;

/** Opens the {@code .regatta} folder, and first clears up after runs that were killed in it. */
final class Homes {
  private Homes() {}

  static RegattaHome open(Context context, CliCommand command) {
    RegattaHome home = RegattaHome.open(command.home(context));
    for (AbandonedRuns.Found found : new AbandonedRuns(home.path()).clearUp()) {
      context
          .err()
          .println(
              "regatta: run "
                  + found.run()
                  + " was killed; "
                  + (found.stopped().isEmpty()
                      ? "it left no process"
                      : "stopped " + found.stopped().size() + " processes it left")
                  + ". regatta show "
                  + found.run()
                  + " prints what there is of it."
                  + found
                      .unclosed()
                      .map(why -> " Its journal was left as it is: " + why)
                      .orElse(""));
    }
    return home;
  }
}
