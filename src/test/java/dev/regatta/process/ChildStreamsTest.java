package dev.regatta.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All that a child prints arrives, whatever the volume, and costs nobody else anything. */
class ChildStreamsTest {
  @TempDir Path folder;

  static List<Launcher> launchers() {
    return LauncherTest.launchers();
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void twoStreamsAtOnceArriveWholeAndInOrder(Launcher launcher) throws Exception {
    String script = "seq 1 400000 & seq 400001 800000 >&2; wait";
    try (launcher;
        Child child = launcher.start(Programs.shell(folder, script))) {
      Programs.Story story = Programs.read(child);
      assertThat(story.output()).isEqualTo(numbers(1, 400_000));
      assertThat(story.error()).isEqualTo(numbers(400_001, 800_000));
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void oneStreamMayBeFullOfBytesWhileTheOtherIsSilent(Launcher launcher) throws Exception {
    try (launcher;
        Child child =
            launcher.start(Programs.shell(folder, "head -c 8000000 /dev/zero >&2; echo done"))) {
      Programs.Story story = Programs.read(child);
      assertThat(story.error()).hasSize(8_000_000);
      assertThat(story.output()).isEqualTo("done\n");
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void aChildThatNobodyReadsWaitsAndOthersDoNot(Launcher launcher) throws Exception {
    Path after = folder.resolve("after");
    String script = "head -c 30000000 /dev/zero; touch " + after;
    try (launcher;
        Child unread = launcher.start(Programs.shell(folder, script))) {
      for (int i = 0; i < 40; i++) {
        try (Child other = launcher.start(Programs.shell(folder, "seq 1 20000"))) {
          assertThat(Programs.read(other).output()).hasSize(108_894);
        }
      }
      assertThat(after).as("it is held back: its pipe is full").doesNotExist();
      long bytes = 0;
      boolean gone = false;
      for (int closed = 0; closed < 2 || !gone; ) {
        switch (Programs.next(unread)) {
          case ChildEvent.Output printed -> bytes += printed.bytes().length;
          case ChildEvent.Closed ignored -> closed++;
          case ChildEvent.Exited ignored -> gone = true;
          case ChildEvent.Nudged ignored -> {}
        }
      }
      assertThat(bytes).isEqualTo(30_000_000);
      assertThat(after).exists();
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void anEndlessLineIsCutAndMarkedAndTheNextIsWhole(Launcher launcher) throws Exception {
    String script = "echo first; head -c 9000000 /dev/zero | tr '\\0' x; echo; echo 'last €'";
    List<LineSplitter.Line> lines = new ArrayList<>();
    LineSplitter splitter = new LineSplitter(lines::add);
    try (launcher;
        Child child = launcher.start(Programs.shell(folder, script))) {
      boolean open = true;
      while (open) {
        switch (Programs.next(child)) {
          case ChildEvent.Output printed -> splitter.accept(printed.bytes());
          case ChildEvent.Closed closed -> open = closed.channel() != Channel.OUTPUT;
          case ChildEvent.Exited ignored -> {}
          case ChildEvent.Nudged ignored -> {}
        }
      }
    }
    splitter.finish();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).isEqualTo(new LineSplitter.Line("first", false));
    assertThat(lines.get(1).cut()).isTrue();
    assertThat(lines.get(1).text()).hasSize(LineSplitter.LONGEST_LINE);
    assertThat(lines.get(2)).isEqualTo(new LineSplitter.Line("last €", false));
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void aChildThatPrintsNothingOnlyEnds(Launcher launcher) throws Exception {
    try (launcher;
        Child child = launcher.start(Programs.shell(folder, ":"))) {
      assertThat(Programs.read(child).events())
          .hasSize(3)
          .noneMatch(event -> event instanceof ChildEvent.Output);
      assertThat(child.next(0)).as("nothing follows").isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void aChildThatClosesItsOutputGoesOnWithItsError(Launcher launcher) throws Exception {
    try (launcher;
        Child child =
            launcher.start(Programs.shell(folder, "echo a; exec >&-; echo b >&2; exit 3"))) {
      Programs.Story story = Programs.read(child);
      assertThat(story.output()).isEqualTo("a\n");
      assertThat(story.error()).isEqualTo("b\n");
      assertThat(story.exit().exitCode()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void bytesThatAreNoTextArriveAsTheyAre(Launcher launcher) throws Exception {
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    Path file = Files.write(folder.resolve("bytes"), all);
    try (launcher;
        Child child = launcher.start(Programs.shell(folder, "cat " + file))) {
      List<byte[]> printed = new ArrayList<>();
      for (ChildEvent event : Programs.read(child).events()) {
        if (event instanceof ChildEvent.Output output) {
          printed.add(output.bytes());
        }
      }
      assertThat(printed).hasSize(1);
      assertThat(printed.getFirst()).isEqualTo(all);
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void inputThatIsNotReadIsNoHarm(Launcher launcher) throws Exception {
    byte[] input = "x".repeat(5_000_000).getBytes(StandardCharsets.UTF_8);
    for (String script : List.of("exit 4", "exec <&-; exit 4", "head -c 1 >/dev/null; exit 4")) {
      ChildCommand command =
          new ChildCommand(
              Path.of("/bin/sh"),
              List.of("sh", "-c", script),
              Programs.ENVIRONMENT,
              folder,
              Optional.of(input));
      try (Child child = launcher.start(command)) {
        assertThat(Programs.read(child).exit().exitCode()).as(script).isEqualTo(4);
      }
    }
    launcher.close();
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void anEmptyInputEndsAtOnce(Launcher launcher) throws Exception {
    ChildCommand command =
        new ChildCommand(
            Path.of("/bin/sh"),
            List.of("sh", "-c", "read line || echo ended"),
            Programs.ENVIRONMENT,
            folder,
            Optional.of(new byte[0]));
    try (launcher;
        Child child = launcher.start(command)) {
      assertThat(Programs.read(child).output()).isEqualTo("ended\n");
    }
  }

  @ParameterizedTest
  @MethodSource("launchers")
  void aReaderThatGivesUpLeavesNothingWaitingForIt(Launcher launcher) throws Exception {
    Child child = launcher.start(Programs.shell(folder, "exec head -c 30000000 /dev/zero"));
    assertThat(Programs.next(child)).isInstanceOf(ChildEvent.Output.class);
    child.close();
    // Its pipes have no reader, so it ends; and no thread stays behind for it.
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          assertThat(ProcessTable.read(child.pid())).isEmpty();
          assertThat(Thread.getAllStackTraces().keySet())
              .extracting(Thread::getName)
              .noneMatch(name -> name.startsWith("regatta-" + child.pid() + "-"));
        });
    launcher.close();
  }

  @Test
  void whatABackgroundJobPrintsAfterItsParentsEndArrivesToo() throws Exception {
    assumeTrue(PosixLauncher.available());
    Path go = folder.resolve("go");
    String script = "(while [ ! -e " + go + " ]; do sleep 0.02; done; echo late) & echo early";
    try (Launcher launcher = PosixLauncher.open();
        Child child = launcher.start(Programs.shell(folder, script))) {
      assertThat(Programs.exit(child).exitCode()).isZero();
      assertThat(child.groupAlive()).isTrue();
      Files.createFile(go);
      assertThat(Programs.firstLine(child)).isEqualTo("late\n");
      assertThat(Programs.next(child)).isInstanceOf(ChildEvent.Closed.class);
      assertThat(Programs.next(child)).isInstanceOf(ChildEvent.Closed.class);
      launcher.leftovers().reapAdopted();
    }
  }

  private static String numbers(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i <= to; i++) {
      text.append(i).append('\n');
    }
    return text.toString();
  }
}
