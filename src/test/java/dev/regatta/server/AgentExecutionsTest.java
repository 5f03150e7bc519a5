package dev.regatta.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.agent.CommandAdapter;
import dev.regatta.agent.Conclusion;
import dev.regatta.agent.Launch;
import dev.regatta.journal.Outcome;
import dev.regatta.secret.Redactor;
import dev.regatta.secret.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the server does with agents that somebody above makes ready: here, lines of the shell. */
@Timeout(120)
class AgentExecutionsTest {
  private static final String SECRET = "the-secret-of-the-agent";

  @TempDir Path folder;
  private final List<Optional<Outcome>> ended = Collections.synchronizedList(new ArrayList<>());
  private final List<AgentOrder> orders = Collections.synchronizedList(new ArrayList<>());

  private CommandServer serving(Function<AgentOrder, AgentStart> prepare) {
    return CommandServer.start(
        Served.settings(folder, Optional.empty(), Served.LIMITS, Served.TIMES),
        Entrance.plain(Optional.empty()),
        folder.resolve("server"),
        Optional.empty(),
        Optional.of(new AgentsAccess(List.of("liner"), prepare)));
  }

  private AgentStart.Ready ready(
      AgentOrder order, String program, Consumer<Optional<AgentEnd>> whenEnded) {
    orders.add(order);
    Map<String, String> environment = new HashMap<>(order.mark());
    environment.put("PATH", System.getenv("PATH"));
    return new AgentStart.Ready(
        new CommandAdapter(Set.of()),
        new Launch(
            List.of(program, "-c", order.prompt()),
            environment,
            Optional.empty(),
            order.folder(),
            Optional.empty()),
        Optional.empty(),
        true,
        new Redactor(List.of(new Secret(SECRET))),
        sign -> {},
        whenEnded);
  }

  private void note(Optional<AgentEnd> end) {
    ended.add(end.map(AgentEnd::conclusion).map(Conclusion::outcome));
  }

  private static String asked(String line) {
    return "{\"agent\":\"liner\",\"command\":\"" + line + "\"}";
  }

  @Test
  void theOrderHoldsWhatWasAskedForAndItsEndIsToldOnceBeforeClientsHearOfIt() {
    try (CommandServer server = serving(order -> ready(order, "/bin/sh", this::note));
        Peer peer = Peer.of(server)) {
      peer.result(
          "execute",
          "{\"agent\":\"liner\",\"command\":\"echo $REGATTA_ATTEMPT; exit 3\",\"cwd\":\"..\","
              + "\"credential\":\"C\"}");
      JsonNode completed = peer.notice("process.completed");
      assertThat(ended).containsExactly(Optional.of(Outcome.AGENT_ERROR));
      assertThat(completed.get("exit_code").asInt()).isEqualTo(3);
      assertThat(completed.at("/agent/outcome").asString()).isEqualTo("agent-error");
      assertThat(completed.at("/agent/credential").isNull()).isTrue();
      assertThat(completed.at("/agent/answer").isNull()).isTrue();
      AgentOrder order = orders.getFirst();
      assertThat(order.agent()).isEqualTo("liner");
      assertThat(order.credential()).contains("C");
      assertThat(order.folder()).isEqualTo(folder.getParent());
      assertThat(peer.printed("stdout").strip()).isEqualTo(order.mark().get("REGATTA_ATTEMPT"));
    }
  }

  @Test
  void aSecretThatComesInPiecesOrLastIsTakenOutOnBothChannels() {
    try (CommandServer server = serving(order -> ready(order, "/bin/sh", this::note));
        Peer peer = Peer.of(server)) {
      peer.result(
          "execute",
          asked(
              "printf the-secret-; sleep 0.2; printf of-the-agent; printf the-secret >&2; sleep"
                  + " 0.1; printf ' the-secret-of-the-agent' >&2"));
      peer.notice("process.completed");
      assertThat(peer.printed("stdout")).startsWith("[secret ").endsWith("]");
      assertThat(peer.printed("stderr")).startsWith("the-secret [secret ").endsWith("]");
    }
  }

  @Test
  void whatCanNotBeStartedIsGivenBack() {
    try (CommandServer server = serving(order -> ready(order, "no-such-program", this::note));
        Peer peer = Peer.of(server)) {
      JsonNode error = peer.error("execute", asked("true"));
      assertThat(error.get("code").asInt()).isEqualTo(-32603);
      assertThat(error.get("message").asString()).contains("no-such-program was not found");
      assertThat(ended).containsExactly(Optional.empty());
    }
  }

  @Test
  void anEndThatCanNotBeKeptIsSaidAndIsAnEndAllTheSame() {
    Consumer<Optional<AgentEnd>> failing =
        conclusion -> {
          throw new IllegalStateException("a fault");
        };
    try (CommandServer server = serving(order -> ready(order, "/bin/sh", failing));
        Peer peer = Peer.of(server)) {
      peer.result("execute", asked("echo done"));
      assertThat(peer.notice("process.completed").at("/agent/outcome").asString())
          .isEqualTo("succeeded");
      assertThat(peer.notice("process.error").get("error").asString())
          .isEqualTo("what the agent came to can't be kept: a fault");
    }
  }

  @Test
  void whyItCanNotBeIsTheAboveOnesWord() {
    try (CommandServer server =
            serving(order ->
                order.prompt().equals("a")
                    ? new AgentStart.Unfit("not so")
                    : new AgentStart.Lacking("not now"));
        Peer peer = Peer.of(server)) {
      assertThat(peer.error("execute", asked("a")).toString()).contains("-32602", "not so");
      assertThat(peer.error("execute", asked("b")).toString()).contains("-32603", "not now");
    }
  }
}
