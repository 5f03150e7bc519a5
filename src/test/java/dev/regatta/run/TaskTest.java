package dev.regatta.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskTest {

  @ParameterizedTest
  @ValueSource(strings = {"", ".a", "-rf", "_", "a b", "a/b", "a\n", "ä", "../x"})
  void aNameThatCouldBeAnOptionOrAPathIsRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Task.ofPrompt(name, "p"))
        .withMessageStartingWith("name must be a letter or digit");
  }

  @Test
  void aNameHasAtMostAHundredCharacters() {
    assertThat(Task.ofPrompt("a".repeat(100), "p").name()).hasSize(100);
    assertThatIllegalArgumentException().isThrownBy(() -> Task.ofPrompt("a".repeat(101), "p"));
  }

  @Test
  void exactlyOneOfPromptAndCommandIsNeeded() {
    refused("either prompt or command is needed", () -> Task.ofCommand("a", List.of()));
    refused("prompt and command exclude each other", () -> task(Optional.of("p"), List.of("true")));
    refused("prompt must not be blank", () -> Task.ofPrompt("a", " \n"));
    refused("prompt must not contain NUL", () -> Task.ofPrompt("a", "x\0y"));
    refused("command must not contain NUL", () -> Task.ofCommand("a", List.of("x", "\0")));
    refused("command must name a program", () -> Task.ofCommand("a", List.of(" ")));
  }

  @Test
  void whatBecomesAnArgumentCanNotPassForAnOption() {
    refused("model", () -> with(Optional.of("--x"), List.of(), Optional.empty(), 0, List.of()));
    refused("tools", () -> with(Optional.empty(), List.of("--x"), Optional.empty(), 0, List.of()));
    refused(
        "timeout must be above 0",
        () -> with(Optional.empty(), List.of(), Optional.of(Duration.ZERO), 0, List.of()));
    refused(
        "retries must be 0 or more",
        () -> with(Optional.empty(), List.of(), Optional.empty(), -1, List.of()));
    refused(
        "'src/*.java' is a pattern",
        () -> with(Optional.empty(), List.of(), Optional.empty(), 0, List.of("src/*.java")));
    refused(
        "must stay within the task's folder",
        () -> with(Optional.empty(), List.of(), Optional.empty(), 0, List.of("a/../../b")));
  }

  @Test
  void aTitleIsOneLineOfAtMostSixtyCharacters() {
    assertThat(Task.ofPrompt("a", "  Say\n\thello ").title()).isEqualTo("Say hello");
    assertThat(Task.ofCommand("a", List.of("wc", "-l", "x")).title()).isEqualTo("wc -l x");
    assertThat(Task.ofPrompt("a", "word ".repeat(1_000_000)).title())
        .hasSizeLessThanOrEqualTo(60)
        .startsWith("word word")
        .endsWith("word…");
    assertThat(Task.ofPrompt("a", "😀".repeat(200)).title())
        .hasSizeLessThanOrEqualTo(60)
        .matches("(😀)+…");
  }

  @Test
  void aTitleShowsWhatATerminalWouldActOn() {
    assertThat(Task.ofPrompt("a", "\u001b[2Jred\u202e\u0007\ud800").title())
        .isEqualTo("\\x1b[2Jred\\u202e\\x07\\ud800");
  }

  @Test
  void tasksShareFilesWhenOnePathLiesBelowTheOther() {
    Function<String, Task> on = file -> on(Optional.empty(), file);
    Path here = Path.of("here");
    assertThat(on.apply("src/").sharesFilesWith(on.apply("src/A.java"), here)).isTrue();
    assertThat(on.apply("src/A.java").sharesFilesWith(on.apply("src/"), here)).isTrue();
    assertThat(on.apply("src/A.java").sharesFilesWith(on.apply("./src//A.java"), here)).isTrue();
    assertThat(on.apply("src/").sharesFilesWith(on.apply("src2/A.java"), here)).isFalse();
    assertThat(on.apply("src/A.java").sharesFilesWith(on.apply("src/B.java"), here)).isFalse();
    assertThat(on.apply("src/").sharesFilesWith(Task.ofPrompt("c", "p"), here)).isFalse();
  }

  @Test
  void tasksInDifferentFoldersAreComparedByWhereTheirPathsLead() {
    Task below = on(Optional.of(Path.of("here/src")), "A.java");
    Task other = on(Optional.of(Path.of("there")), "src/A.java");
    Task plain = on(Optional.empty(), "src/A.java");
    assertThat(plain.sharesFilesWith(below, Path.of("here"))).isTrue();
    assertThat(plain.sharesFilesWith(other, Path.of("here"))).isFalse();
  }

  private static void refused(String message, Runnable make) {
    assertThatIllegalArgumentException().isThrownBy(make::run).withMessageContaining(message);
  }

  private static Task on(Optional<Path> folder, String file) {
    return full(
        Optional.of("p"),
        List.of(),
        Optional.empty(),
        folder,
        List.of(),
        Optional.empty(),
        0,
        List.of(file));
  }

  private static Task task(Optional<String> prompt, List<String> command) {
    return full(
        prompt,
        command,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        0,
        List.of());
  }

  private static Task with(
      Optional<String> model,
      List<String> tools,
      Optional<Duration> timeout,
      int retries,
      List<String> files) {
    return full(
        Optional.of("p"), List.of(), model, Optional.empty(), tools, timeout, retries, files);
  }

  private static Task full(
      Optional<String> prompt,
      List<String> command,
      Optional<String> model,
      Optional<Path> folder,
      List<String> tools,
      Optional<Duration> timeout,
      int retries,
      List<String> files) {
    return new Task(
        "a",
        prompt,
        command,
        Optional.empty(),
        model,
        folder,
        tools,
        timeout,
        Optional.empty(),
        Optional.empty(),
        Optional.of(retries),
        List.of(),
        files,
        Optional.empty(),
        Optional.empty());
  }
}
