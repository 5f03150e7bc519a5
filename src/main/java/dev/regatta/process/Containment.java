package dev.regatta.process;

import java.nio.file.Files;
import java.util.Optional;

/**
 * What holds an attempt's processes together on this system. It is found out by trying: what a
 * system allows depends on its kernel, its container and its user.
 *
 * @param sessions whether each child leads a session of its own
 * @param pidfds whether the end of a child is watched through a descriptor of its own
 * @param subreaper whether orphans among our descendants become our children
 * @param group what a control group can do
 */
public record Containment(boolean sessions, boolean pidfds, boolean subreaper, Group group) {

  /** What the control groups of Linux, version 2, can do for us here. */
  public enum Group {
    /** A group can be made, and stopped as a whole after its orchestrator died. */
    STOPPABLE,
    /** A group can be made; the kernel is too old to stop it as a whole. */
    UNSTOPPABLE,
    /** None can be made. */
    NONE
  }

  /** What holds here. It makes a control group and removes it, so nothing may be starting. */
  public static Containment here() {
    if (!PosixLauncher.available()) {
      return new Containment(false, false, false, Group.NONE);
    }
    return new Containment(true, pidfd(), Libc.becomeSubreaper() == 0, tryGroup());
  }

  private static boolean pidfd() {
    int descriptor = Libc.pidfdOpen((int) ProcessHandle.current().pid());
    if (descriptor >= 0) {
      Libc.close(descriptor);
    }
    return descriptor >= 0;
  }

  private static Group tryGroup() {
    Optional<ControlGroup> made =
        ControlGroup.enter("containment-" + ProcessHandle.current().pid());
    if (made.isEmpty()) {
      return Group.NONE;
    }
    try (ControlGroup group = made.get()) {
      return Files.isRegularFile(group.path().resolve("cgroup.kill"))
          ? Group.STOPPABLE
          : Group.UNSTOPPABLE;
    }
  }
}
