package dev.regatta.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.agent.Executables.Found;
import dev.regatta.agent.Executables.Missing;
import dev.regatta.agent.Executables.NotRunnable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutablesTest {
  @TempDir Path folder;
  private Path first;
  private Path second;
  private Map<String, String> environment;

  @BeforeEach
  void twoPlaces() throws IOException {
    first = Files.createDirectory(folder.resolve("first"));
    second = Files.createDirectory(folder.resolve("second"));
    environment = Map.of("PATH", first + ":" + second);
  }

  @Test
  void theFirstRunnableOneOnTheChildsPathIsFound() throws IOException {
    Files.writeString(first.resolve("tool"), "not runnable");
    Path tool = program(second.resolve("tool"));

    assertThat(Executables.find("tool", environment, folder)).isEqualTo(new Found(tool));
  }

  @Test
  void aProgramThatIsGoneIsNotFoundAgain() throws IOException {
    Path tool = program(first.resolve("tool"));
    assertThat(Executables.find("tool", environment, folder)).isEqualTo(new Found(tool));
    Files.delete(tool);

    assertThat(Executables.find("tool", environment, folder))
        .isEqualTo(new Missing("tool was not found on the PATH; install it or give its path"));
  }

  @Test
  void aNameWithASlashIsTakenFromTheFolder() throws IOException {
    Path tool = program(first.resolve("tool"));

    assertThat(Executables.find("first/tool", environment, folder)).isEqualTo(new Found(tool));
    assertThat(Executables.find(tool.toString(), environment, second)).isEqualTo(new Found(tool));
    assertThat(Executables.find("./tool", environment, folder)).isInstanceOf(Missing.class);
  }

  @Test
  void whatIsThereButCannotBeRunSaysWhy() throws IOException {
    Path text = Files.writeString(first.resolve("text"), "words");

    assertThat(Executables.find("./second", environment, folder))
        .isInstanceOfSatisfying(
            NotRunnable.class, it -> assertThat(it.reason()).contains("is a folder"));
    assertThat(Executables.find("text", environment, folder))
        .isEqualTo(
            new NotRunnable("text has no execute permission (" + text + "); run chmod +x on it"));
  }

  @Test
  void namesThatNoFileCanHaveAreMissing() {
    assertThat(Executables.find("", environment, folder)).isInstanceOf(Missing.class);
    assertThat(Executables.find("a\0b", environment, folder)).isInstanceOf(Missing.class);
  }

  private static Path program(Path path) throws IOException {
    Files.writeString(path, "#!/bin/sh\n");
    assertThat(path.toFile().setExecutable(true)).isTrue();
    return path;
  }
}
