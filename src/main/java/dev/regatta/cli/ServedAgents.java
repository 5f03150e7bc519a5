package dev.regatta.cli;

import dev.regatta.agent.Adapter;
import dev.regatta.agent.Assignment;
import dev.regatta.credential.Credential;
import dev.regatta.credential.CredentialProblem;
import dev.regatta.server.AgentEnd;
import dev.regatta.server.AgentOrder;
import dev.regatta.server.AgentStart;
import dev.regatta.server.AgentsAccess;
import dev.regatta.store.RegattaHome;
import dev.regatta.telemetry.ServedAgentTelemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes of what clients of the server ask for agents that can be started, as a run makes them, with
 * the least permissions.
 */
final class ServedAgents {
  /** A plain command is no agent there: it is a line without one. */
  private static final List<String> NAMES =
      Fleet.AGENTS.stream().filter(name -> !name.equals("command")).toList();

  private final Context context;
  private final Fleet fleet;
  private final Path configs;
  private final Optional<ServedAgentTelemetry> telemetry;
  private final ServedCredentials credentials;

  ServedAgents(
      Context context, Fleet fleet, RegattaHome home, Optional<ServedAgentTelemetry> telemetry) {
    this.context = context;
    this.telemetry = telemetry;
    this.fleet = fleet;
    this.configs = home.path().resolve("config");
    this.credentials =
        new ServedCredentials(
            provider -> fleet.credentials(Set.of(provider), 1),
            // Only what the provider said counts beyond this server, not what another one did.
            fleet.endpoint().isEmpty() ? Optional.of(home) : Optional.empty(),
            InstantSource.system(),
            context.err());
  }

  AgentsAccess access() {
    return new AgentsAccess(NAMES, this::prepare);
  }

  private AgentStart prepare(AgentOrder order) {
    try {
      Adapter adapter = fleet.adapter(order.agent());
      Optional<Credential> credential =
          adapter.provider().map(provider -> credentials.take(provider, order.credential()));
      boolean prepared = false;
      try {
        AgentStart.Ready ready = ready(adapter, order, credential);
        prepared = true;
        return ready;
      } finally {
        if (!prepared) {
          credential.ifPresent(taken -> credentials.giveBack(taken, Optional.empty()));
        }
      }
    } catch (CliFailure e) {
      String reason = String.valueOf(e.getMessage());
      return e.exitCode() == ExitCode.USAGE
          ? new AgentStart.Unfit(reason)
          : new AgentStart.Lacking(reason);
    } catch (CredentialProblem e) {
      return new AgentStart.Lacking(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new AgentStart.Lacking(
          "the agent's configuration folder can't be made: " + Reasons.withFile(e));
    }
  }

  private AgentStart.Ready ready(Adapter adapter, AgentOrder order, Optional<Credential> credential)
      throws IOException {
    Optional<ServedAgentTelemetry.Begun> span =
        telemetry.map(sending -> sending.begin(adapter.name(), order.traceparent()));
    Map<String, String> mark = new HashMap<>(order.mark());
    span.ifPresent(begun -> mark.putAll(begun.handed()));
    Assignment assignment =
        new Assignment(
            order.attempt(),
            order.prompt(),
            List.of(),
            Optional.empty(),
            order.folder(),
            config(credential),
            credential,
            fleet.endpoint(),
            fleet.rehearsal(),
            context.environment(),
            Optional.empty(),
            List.of(),
            fleet.permissions(),
            mark);
    return new AgentStart.Ready(
        adapter,
        adapter.launch(assignment),
        credential,
        fleet.rehearsal(),
        context.secrets().redactor(),
        sign -> credential.ifPresent(held -> credentials.heed(held, sign)),
        end -> {
          credential.ifPresent(held -> credentials.giveBack(held, end.map(AgentEnd::conclusion)));
          span.ifPresent(begun -> end.map(AgentEnd::told).ifPresent(begun::ended));
        });
  }

  /**
   * Accounts that share a configuration folder have been seen to log each other out. The tokens of
   * a rehearsal are new with each server, their names are not.
   */
  private Path config(Optional<Credential> credential) throws IOException {
    return Files.createDirectories(credential.map(this::own).orElse(configs));
  }

  private Path own(Credential credential) {
    return fleet.rehearsal()
        ? configs.resolve("rehearsal").resolve(credential.name())
        : configs.resolve(credential.value().fingerprint());
  }
}
