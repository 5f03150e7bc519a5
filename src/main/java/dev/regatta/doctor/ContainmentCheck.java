package dev.regatta.doctor;

import dev.regatta.process.Containment;
import dev.regatta.run.LiveRuns;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What keeps processes together here, what that means after a kill, and what a kill has left. */
record ContainmentCheck(Containment containment, Path home) implements Check {
  private static final String AFTER_A_KILL = "after a kill -9 of Regatta the next command ";

  @Override
  public String id() {
    return "containment";
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (!containment.sessions()) {
      findings.add(
          Diagnosis.NO_CONTAINMENT.says(
              "no containment: children have no session of their own, so what an agent leaves"
                  + " behind is not found, and "
                  + AFTER_A_KILL
                  + "stops nothing"));
    } else {
      findings.add(
          Diagnosis.SESSION.says(
              "each child leads a session and a process group of its own; "
                  + AFTER_A_KILL
                  + "finds what is left by its session or its mark"));
      findings.add(pidfd());
      findings.add(subreaper());
      findings.add(group());
    }
    findings.add(leftovers());
    return findings;
  }

  private Finding pidfd() {
    return containment.pidfds()
        ? Diagnosis.PIDFD.says("the end of each child is watched through a pidfd of its own")
        : Diagnosis.PIDFD_ABSENT.says("the kernel refuses pidfds, so no agent can be started");
  }

  private Finding subreaper() {
    return containment.subreaper()
        ? Diagnosis.SUBREAPER.says(
            "while Regatta lives, what left its session and cleared its environment is found too")
        : Diagnosis.SUBREAPER_ABSENT.says(
            "what left its session and cleared its environment is not found");
  }

  private Finding group() {
    return switch (containment.group()) {
      case STOPPABLE ->
          Diagnosis.CGROUP.says(
              "a cgroup v2 is made for each run; "
                  + AFTER_A_KILL
                  + "stops everything in it, whatever it did to its session and environment");
      case UNSTOPPABLE ->
          Diagnosis.CGROUP_OLD.says(
              "a cgroup v2 can be made, but this kernel has no cgroup.kill; "
                  + AFTER_A_KILL
                  + "does not find what left its session and cleared its environment");
      case NONE ->
          Diagnosis.CGROUP_ABSENT.says(
              "no cgroup v2 can be made here; "
                  + AFTER_A_KILL
                  + "does not find what left its session and cleared its environment");
    };
  }

  private Finding leftovers() {
    List<String> abandoned;
    try {
      abandoned = new LiveRuns(home).abandoned();
    } catch (UncheckedIOException e) {
      return Diagnosis.LEFTOVERS_NONE.says("no run can be looked at: see folder");
    }
    return abandoned.isEmpty()
        ? Diagnosis.LEFTOVERS_NONE.says("no run was left by a kill")
        : Diagnosis.LEFTOVERS.says(
            Plain.line(
                "killed, and not cleared up after: the run"
                    + (abandoned.size() == 1 ? " " : "s ")
                    + String.join(", ", abandoned)));
  }
}
