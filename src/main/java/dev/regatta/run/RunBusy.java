package dev.regatta.run;

/** Another living orchestrator has the run. */
public final class RunBusy extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunBusy(String run) {
    super("run " + run + " is going on in another process; wait for it or stop it first");
  }
}
