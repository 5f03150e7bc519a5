package dev.regatta.experiment;

import dev.regatta.agent.Adapter;
import dev.regatta.agent.Permissions;
import dev.regatta.credential.Credential;
import dev.regatta.process.Limits;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a proof does, decided before it begins.
 *
 * @param tasks what is asked, in order: N of them
 * @param parallel how many at once in the parallel phases, at most N
 * @param rounds how many pairs of phases
 * @param order their order
 * @param adapter the agent
 * @param agentVersion what its program says of its version, if it does
 * @param credentials the i-th task gets the i-th, and they are reused when there are fewer; none
 *     for plain commands
 * @param endpoint the model API, if not the provider's default
 * @param rehearsal whether that is a rehearsal server
 * @param limits how long an attempt may take, before the factor
 * @param limitFactor by how much limits grow because the machine is busy
 * @param permissions what agents may do
 * @param tools tools they may use without asking, for tasks that name none
 * @param stagger pause between the starts of a parallel phase; zero starts all at once
 */
public record ProofPlan(
    List<ProofTask> tasks,
    int parallel,
    int rounds,
    Order order,
    Adapter adapter,
    Optional<String> agentVersion,
    List<Credential> credentials,
    Optional<URI> endpoint,
    boolean rehearsal,
    Limits limits,
    int limitFactor,
    Permissions permissions,
    List<String> tools,
    Duration stagger) {

  /** Checks the ranges. */
  public ProofPlan {
    tasks = List.copyOf(tasks);
    credentials = List.copyOf(credentials);
    tools = List.copyOf(tools);
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException("a proof needs at least one task");
    }
    if (parallel < 1 || parallel > tasks.size()) {
      throw new IllegalArgumentException(
          "between 1 and " + tasks.size() + " of the tasks run at once, not " + parallel);
    }
    if (rounds < 1) {
      throw new IllegalArgumentException("a proof has at least 1 round, not " + rounds);
    }
  }

  /** Whether attempts that run at once have to share a credential. */
  boolean credentialsReused() {
    return !credentials.isEmpty() && credentials.size() < tasks.size();
  }

  /** The credential of the task with that index. */
  Optional<Credential> credential(int index) {
    return credentials.isEmpty()
        ? Optional.empty()
        : Optional.of(credentials.get(index % credentials.size()));
  }
}
