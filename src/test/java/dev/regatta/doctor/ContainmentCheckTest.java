package dev.regatta.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.regatta.process.Containment;
import dev.regatta.process.Containment.Group;
import dev.regatta.process.PosixLauncher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainmentCheckTest {
  @TempDir Path folder;

  private List<Finding> look(Containment containment) {
    return new ContainmentCheck(containment, folder).findings();
  }

  @Test
  void whereAllHoldsAKillLeavesNothing() {
    List<Finding> findings = look(new Containment(true, true, true, Group.STOPPABLE));
    assertThat(findings)
        .extracting(Finding::id, Finding::status)
        .containsExactly(
            tuple("containment.session", Status.OK),
            tuple("containment.pidfd", Status.OK),
            tuple("containment.subreaper", Status.OK),
            tuple("containment.cgroup", Status.OK),
            tuple("containment.leftovers", Status.OK));
    assertThat(findings.get(3).found())
        .contains("after a kill -9")
        .contains("stops everything in it");
  }

  @Test
  void withoutAControlGroupItSaysWhatAKillCanLeave() {
    Finding group = look(new Containment(true, true, true, Group.NONE)).get(3);
    assertThat(group.status()).isEqualTo(Status.INFO);
    assertThat(group.found())
        .isEqualTo(
            "no cgroup v2 can be made here; after a kill -9 of Regatta the next command does not"
                + " find what left its session and cleared its environment");
    assertThat(group.fix()).contains("systemd-run --user --scope -p Delegate=yes");
  }

  @Test
  void aGroupThatCannotBeStoppedIsNotCalledOne() {
    Finding group = look(new Containment(true, true, true, Group.UNSTOPPABLE)).get(3);
    assertThat(group.status()).isEqualTo(Status.INFO);
    assertThat(group.found()).contains("no cgroup.kill").contains("does not find");
    assertThat(group.fix()).contains("Linux 5.14");
  }

  @Test
  void withoutASubreaperItIsAWarning() {
    Finding subreaper = look(new Containment(true, true, false, Group.NONE)).get(2);
    assertThat(subreaper.status()).isEqualTo(Status.WARN);
    assertThat(subreaper.fix()).contains("PR_SET_CHILD_SUBREAPER");
  }

  @Test
  void withoutPidfdsNothingCanBeStarted() {
    Finding pidfd = look(new Containment(true, false, true, Group.NONE)).get(1);
    assertThat(pidfd.status()).isEqualTo(Status.FAIL);
    assertThat(pidfd.found()).isEqualTo("the kernel refuses pidfds, so no agent can be started");
  }

  @Test
  void elsewhereItSaysNoContainment() {
    List<Finding> findings = look(new Containment(false, false, false, Group.NONE));
    assertThat(findings)
        .extracting(Finding::id, Finding::status)
        .containsExactly(
            tuple("containment.none", Status.WARN), tuple("containment.leftovers", Status.OK));
    assertThat(findings.getFirst().found()).startsWith("no containment: ");
  }

  @Test
  void killedRunsAreNamedAndLeftAsTheyAre() throws IOException {
    Files.createDirectories(folder.resolve("live"));
    Path first = Files.writeString(folder.resolve("live/20261121-101500-aaaa"), "/f");
    Path second = Files.writeString(folder.resolve("live/20261121-101600-bbbb"), "/g");
    Finding left = look(new Containment(true, true, true, Group.NONE)).getLast();
    assertThat(left.status()).isEqualTo(Status.WARN);
    assertThat(left.found())
        .isEqualTo(
            "killed, and not cleared up after: the runs 20261121-101500-aaaa,"
                + " 20261121-101600-bbbb");
    assertThat(left.fix()).isEqualTo("regatta runs clears up and says what it found");
    assertThat(first).hasContent("/f");
    assertThat(second).hasContent("/g");
  }

  @Test
  void whatHoldsHereIsTriedAndNothingStaysOfIt() throws IOException {
    assumeTrue(PosixLauncher.available());
    String before = Files.readString(Path.of("/proc/self/cgroup"));
    Containment here = Containment.here();
    assertThat(here.sessions()).isTrue();
    assertThat(here.pidfds()).isTrue();
    assertThat(here.subreaper()).isTrue();
    assertThat(Files.readString(Path.of("/proc/self/cgroup"))).isEqualTo(before);
    assertThat(Containment.here()).as("found again").isEqualTo(here);
  }
}
