package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regatta.server.Api;
import dev.regatta.server.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server in a process of its own and a client of it; closed, it is stopped with all its runs.
 *
 * @param running the process
 * @param api the client, which knows the token
 */
record ServedApi(Cli.Running running, Api api) implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+");

  /** One that serves that folder. */
  static ServedApi of(Cli cli, Path folder, String... more) throws Exception {
    List<String> words = Stream.concat(Stream.of("serve", "--port", "0"), Stream.of(more)).toList();
    Cli.Running running = cli.start(words.toArray(String[]::new));
    await()
        .atMost(Peer.PATIENCE)
        .until(() -> !running.alive() || ADDRESS.matcher(running.out()).find());
    Matcher found = ADDRESS.matcher(running.out());
    assertThat(found.find()).as("%s", running.err()).isTrue();
    String token = Files.readString(folder.resolve(".regatta/server/token")).strip();
    return new ServedApi(running, new Api(found.group(), token));
  }

  /** How a run ended that is waited for. */
  String awaitEnd(String id) throws IOException, InterruptedException {
    String path = "/api/v1/runs/" + id;
    await()
        .atMost(Peer.PATIENCE)
        .until(() -> !api.json(200, api.get(path)).get("status").asString().equals("running"));
    return api.json(200, api.get(path)).get("status").asString();
  }

  @Override
  public void close() {
    if (running.alive()) {
      running.signal("INT");
      running.await();
    }
    running.close();
    api.close();
  }
}
