package dev.regatta.run;

import java.nio.file.Path;

/** Another living orchestrator has the run, or the folder. */
public final class RunBusy extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunBusy(String run) {
    super("run " + run + " is going on in another process; wait for it or stop it first");
  }

  RunBusy(Path folder) {
    super("another run is writing into " + folder + "; wait for it, or name another folder");
  }
}
