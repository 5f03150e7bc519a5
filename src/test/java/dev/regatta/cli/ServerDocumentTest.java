package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regatta.server.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/server.md shows is what happens. */
class ServerDocumentTest {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("regatta.project", "."), "docs/server.md");

  @TempDir Path folder;

  private static String block(String name) throws IOException {
    Matcher matcher =
        Pattern.compile("<!-- " + name + " -->\n```[a-z]*\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(DOCUMENT));
    assertThat(matcher.find()).as(name).isTrue();
    return matcher.group(1);
  }

  /** Without what is another in each session. */
  private static String steady(String printed) {
    return printed
        .replaceAll("\"session_id\":\"[^\"]*\"", "\"session_id\":…")
        .replaceAll("\"(pid|pgid|execution_time)\":[0-9.]+", "\"$1\":…");
  }

  @Test
  void theSessionOfThePageGoesAsItIsShown() throws Exception {
    Optional<PythonClients> client = PythonClients.find();
    Assumptions.assumeTrue(client.isPresent(), "no websockets package for Python");
    Files.writeString(folder.resolve("client.py"), block("client"));
    try (Cli.Running running = Cli.in(folder).start("serve", "--port", "0")) {
      Pattern port = Pattern.compile("http://127\\.0\\.0\\.1:([0-9]+)");
      await().atMost(Peer.PATIENCE).until(() -> port.matcher(running.out()).find());
      Matcher found = port.matcher(running.out());
      assertThat(found.find()).isTrue();
      Process python =
          client
              .get()
              .calls("client.py", found.group(1))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("printed").toFile())
              .start();
      assertThat(python.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(steady(Files.readString(folder.resolve("printed"))))
          .isEqualTo(steady(block("printed")));
    }
  }

  @Test
  void everyVariableAndOptionThatThePageNamesIsRead() throws IOException {
    String page = Files.readString(DOCUMENT);
    String command =
        Files.readString(
            Path.of(
                System.getProperty("regatta.project", "."),
                "src/main/java/dev/regatta/cli/ServeCommand.java"));
    Matcher variables = Pattern.compile("`([A-Z]+_[A-Z_]+)`").matcher(page);
    while (variables.find()) {
      assertThat(command).contains("\"" + variables.group(1) + "\"");
    }
    Matcher options = Pattern.compile("--([a-z-]+)").matcher(page);
    String help = Cli.in(folder).within("serve", "--help").out();
    while (options.find()) {
      if (!options.group(1).equals("-")) {
        assertThat(help).contains("--" + options.group(1));
      }
    }
  }
}
