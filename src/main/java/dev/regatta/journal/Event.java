package dev.regatta.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened in a run.
 *
 * <p>Every component whose name ends in {@code Nanos} is an instant on the run's elapsed axis:
 * nanoseconds of the monotonic clock since the run's origin. Attempts are named within their run,
 * for example {@code r1-sequential-2} or {@code 17.1}; tasks likewise.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Event.RunStarted.class, name = "run-started"),
  @JsonSubTypes.Type(value = Event.PlanRecorded.class, name = "plan-recorded"),
  @JsonSubTypes.Type(value = Event.PhaseStarted.class, name = "phase-started"),
  @JsonSubTypes.Type(value = Event.TasksListed.class, name = "tasks-listed"),
  @JsonSubTypes.Type(value = Event.TaskScheduled.class, name = "task-scheduled"),
  @JsonSubTypes.Type(value = Event.TaskNotTried.class, name = "task-not-tried"),
  @JsonSubTypes.Type(value = Event.AttemptStarted.class, name = "attempt-started"),
  @JsonSubTypes.Type(value = Event.ApiRetried.class, name = "api-retried"),
  @JsonSubTypes.Type(value = Event.GatewayOpened.class, name = "gateway-opened"),
  @JsonSubTypes.Type(value = Event.PricesRecorded.class, name = "prices-recorded"),
  @JsonSubTypes.Type(value = Event.ExchangeSeen.class, name = "exchange-seen"),
  @JsonSubTypes.Type(value = Event.RequestRefused.class, name = "request-refused"),
  @JsonSubTypes.Type(value = Event.TranscriptRead.class, name = "transcript-read"),
  @JsonSubTypes.Type(value = Event.ChildrenAsked.class, name = "children-asked"),
  @JsonSubTypes.Type(value = Event.ChildrenRefused.class, name = "children-refused"),
  @JsonSubTypes.Type(value = Event.ChildrenAnswered.class, name = "children-answered"),
  @JsonSubTypes.Type(value = Event.NotePosted.class, name = "note-posted"),
  @JsonSubTypes.Type(value = Event.ToolUsed.class, name = "tool-used"),
  @JsonSubTypes.Type(value = Event.StopSent.class, name = "stop-sent"),
  @JsonSubTypes.Type(value = Event.AttemptEnded.class, name = "attempt-ended"),
  @JsonSubTypes.Type(value = Event.ArtifactVerified.class, name = "artifact-verified"),
  @JsonSubTypes.Type(value = Event.ChallengeChecked.class, name = "challenge-checked"),
  @JsonSubTypes.Type(value = Event.LeftoversStopped.class, name = "leftovers-stopped"),
  @JsonSubTypes.Type(value = Event.CredentialRested.class, name = "credential-rested"),
  @JsonSubTypes.Type(value = Event.CredentialNearLimit.class, name = "credential-near-limit"),
  @JsonSubTypes.Type(value = Event.AskedAgain.class, name = "asked-again"),
  @JsonSubTypes.Type(value = Event.RunPaused.class, name = "run-paused"),
  @JsonSubTypes.Type(value = Event.RunWentOn.class, name = "run-went-on"),
  @JsonSubTypes.Type(value = Event.SuitePlanned.class, name = "suite-planned"),
  @JsonSubTypes.Type(value = Event.SuiteTaskPlanned.class, name = "suite-task-planned"),
  @JsonSubTypes.Type(value = Event.TryDelayed.class, name = "try-delayed"),
  @JsonSubTypes.Type(value = Event.TryJudged.class, name = "try-judged"),
  @JsonSubTypes.Type(value = Event.InstancePicked.class, name = "instance-picked"),
  @JsonSubTypes.Type(value = Event.PhaseEnded.class, name = "phase-ended"),
  @JsonSubTypes.Type(value = Event.EnsemblePlanned.class, name = "ensemble-planned"),
  @JsonSubTypes.Type(value = Event.ScratchMade.class, name = "scratch-made"),
  @JsonSubTypes.Type(value = Event.ScratchLeft.class, name = "scratch-left"),
  @JsonSubTypes.Type(value = Event.PairJudged.class, name = "pair-judged"),
  @JsonSubTypes.Type(value = Event.Noted.class, name = "noted"),
  @JsonSubTypes.Type(value = Event.RunEnded.class, name = "run-ended"),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Event {

  /**
   * The run began; always the first event.
   *
   * @param run the run's id
   * @param kind the command that made it: {@code prove}, {@code demo}, {@code run}, {@code ask},
   *     {@code stress}
   * @param rehearsal whether the endpoint is a rehearsal server
   * @param endpoint the model API's base URL that agents are given, or null for plain commands
   * @param providerEndpoint whether that endpoint is the provider's own address
   * @param orchestratorPid the process id of the orchestrator
   * @param orchestratorStartTicks the orchestrator's start time in clock ticks since boot, with the
   *     pid its identity
   * @param cgroup path of the control group made for the run, or null
   * @param regattaVersion version of Regatta
   * @param environment versions, cores, memory and load, by name
   * @param originEpochNanos wall clock at the run's origin, nanoseconds since the epoch: the anchor
   *     of the elapsed axis
   * @param zone the time zone in which wall-clock times are shown
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RunStarted(
      String run,
      String kind,
      boolean rehearsal,
      @Nullable String endpoint,
      boolean providerEndpoint,
      long orchestratorPid,
      long orchestratorStartTicks,
      @Nullable String cgroup,
      String regattaVersion,
      Map<String, String> environment,
      long originEpochNanos,
      String zone)
      implements Event {}

  /**
   * What will be done, written down before it is done.
   *
   * @param parallel how many at once
   * @param rounds number of rounds; 1 for a plain run
   * @param order the order of the phases over all rounds, for example {@code sequential, parallel,
   *     parallel, sequential}
   * @param tasks the tasks by name, in order
   * @param credentials names of the credentials in order of use
   * @param credentialsReused whether there are fewer distinct credentials than tasks
   * @param limits names and values of the time limits, seconds
   * @param agent the agent's name
   * @param agentVersion what the agent's program says of its version, or null
   * @param tree of a tree of agents: how many begin it, how many each of these starts, and so on
   *     down; null of anything else
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record PlanRecorded(
      int parallel,
      int rounds,
      List<String> order,
      List<String> tasks,
      List<String> credentials,
      boolean credentialsReused,
      Map<String, Double> limits,
      String agent,
      @Nullable String agentVersion,
      @Nullable List<Integer> tree)
      implements Event {}

  /**
   * A phase began: all of its elapsed times in reports count from here.
   *
   * @param phase the phase's name within the run, for example {@code r1-sequential}
   * @param round 1-based
   * @param mode {@code sequential}, {@code parallel} or {@code tree}
   */
  record PhaseStarted(String phase, int round, String mode, long startNanos) implements Event {}

  /**
   * Tasks of a tasks file, before any of them begins; a long list comes in several parts.
   *
   * @param tasks the tasks in the order of the file
   */
  record TasksListed(List<ListedTask> tasks) implements Event {}

  /**
   * A task that is known before it is ready.
   *
   * @param task its name
   * @param title what people see: the prompt's or command's first words
   */
  record ListedTask(String task, String title) {}

  /**
   * A task was given up before its first attempt.
   *
   * @param reason why, in one line for people
   */
  record TaskNotTried(String task, String reason) implements Event {}

  /**
   * A task was ready to run.
   *
   * @param phase the phase it belongs to, or null outside experiments
   * @param title what people see: the prompt's or command's first words
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record TaskScheduled(String task, @Nullable String phase, String title, long scheduledNanos)
      implements Event {}

  /**
   * A process was started for a task.
   *
   * @param attempt the attempt's name within the run
   * @param task the task it tries
   * @param phase the phase, or null
   * @param parent the attempt whose agent asked for it, or null if the plan did
   * @param number 1-based count of the task's attempts
   * @param agent the adapter's name
   * @param credential the name of the credential assigned, or null for none
   * @param assignedFingerprint fingerprint of the credential that was assigned
   * @param placeholderFingerprint fingerprint of what the gateway knows the attempt by, which its
   *     process gets in place of the credential; null without a gateway
   * @param givenFingerprint fingerprint of the value found in the environment block the child
   *     process really got
   * @param credentialVariable the variable that carried it
   * @param pid process id
   * @param processStartTicks start time of the process in clock ticks since boot, with the pid its
   *     identity; 0 unknown
   * @param spawnNanos just before the process was asked for
   * @param spawnedNanos just after it was there
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record AttemptStarted(
      String attempt,
      String task,
      @Nullable String phase,
      @Nullable String parent,
      int number,
      String agent,
      @Nullable String credential,
      @Nullable String assignedFingerprint,
      @Nullable String placeholderFingerprint,
      @Nullable String givenFingerprint,
      @Nullable String credentialVariable,
      long pid,
      long processStartTicks,
      long spawnNanos,
      long spawnedNanos)
      implements Event {}

  /**
   * The agent said that it repeats an API call.
   *
   * @param status HTTP status of the failure, or null
   * @param delayMs how long it waits before the next try, milliseconds
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ApiRetried(
      String attempt, int tryNumber, @Nullable Integer status, long delayMs, long atNanos)
      implements Event {}

  /**
   * A gateway of the run stands between its agents and a model API from now on: one for each
   * provider.
   *
   * @param upstream the base URL it sends requests on to
   * @param ownAuthority whether certificates of an authority that the user named are believed
   * @param proxy the proxy through which it goes, or null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record GatewayOpened(String upstream, boolean ownAuthority, @Nullable String proxy, long atNanos)
      implements Event {}

  /**
   * With what prices costs are compared.
   *
   * @param dated the day of the prices
   * @param prices US dollars for a million tokens, by families of models
   */
  record PricesRecorded(String dated, List<Price> prices) implements Event {}

  /** The gateway saw an exchange between an attempt and the model API, and it is over. */
  record ExchangeSeen(Exchange exchange) implements Event {}

  /**
   * The gateway let a request not through, or the tools for agents did.
   *
   * @param attempt the attempt whose placeholder it carried; empty if it had none that is valid
   * @param method the HTTP method
   * @param path the path, at most 200 characters of it
   * @param status what it was answered: 401 without a valid placeholder or token, 404 for a path
   *     that is not the model API's
   */
  record RequestRefused(String attempt, String method, String path, int status, long atNanos)
      implements Event {}

  /** The agent's own files about an attempt's session were read, after its end. */
  record TranscriptRead(String attempt, Transcript transcript) implements Event {}

  /**
   * An agent asked for others, and they will be started.
   *
   * @param attempt the attempt whose agent asked
   * @param call names the call within the run
   * @param tasks the tasks it asked for, by the names they have in the run
   */
  record ChildrenAsked(String attempt, String call, List<String> tasks, long atNanos)
      implements Event {}

  /**
   * An agent asked for others, and none of them was started.
   *
   * @param attempt the attempt whose agent asked
   * @param reason what it was told, in one line
   */
  record ChildrenRefused(String attempt, String reason, long atNanos) implements Event {}

  /**
   * An agent got the results of the others it had asked for, or did not wait for them any longer.
   *
   * @param attempt the attempt whose agent asked
   * @param call the call that asked
   */
  record ChildrenAnswered(String attempt, String call, long atNanos) implements Event {}

  /**
   * An agent left a note for the others of its run.
   *
   * @param attempt the attempt whose agent wrote it
   * @param text what it wrote, redacted
   */
  record NotePosted(String attempt, String text, long atNanos) implements Event {}

  /**
   * An agent used a tool of its own, as its output tells: written down when the tool had answered,
   * or when the attempt ended without that. The first 1,000 of an attempt are.
   *
   * @param attempt the attempt whose agent it is
   * @param call what the agent calls this call
   * @param tool the tool's name
   * @param calledNanos when its call was read
   * @param answeredNanos when its answer was read, or null if none was
   * @param failed whether the answer is an error, or null if there was none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ToolUsed(
      String attempt,
      String call,
      String tool,
      long calledNanos,
      @Nullable Long answeredNanos,
      @Nullable Boolean failed)
      implements Event {}

  /**
   * A stop signal was sent to an attempt.
   *
   * @param signal {@code INT}, {@code TERM}, {@code KILL}
   * @param target {@code group} or the process ids that still carried the mark
   * @param reason why: {@code timed-out}, {@code stalled}, {@code cancelled}, …
   */
  record StopSent(String attempt, String signal, String target, String reason, long atNanos)
      implements Event {}

  /**
   * An attempt ended.
   *
   * @param attempt the attempt
   * @param outcome how it ended
   * @param reason one line for people: what happened and what to do
   * @param exitCode the exit code, or null if a signal ended it or it never started
   * @param signal the signal's number, or null
   * @param firstOutputNanos first byte on standard output or error
   * @param responseNanos when the agent's result (its API response) was received
   * @param lastOutputNanos last byte
   * @param exitNanos when the process was seen to have exited; for an attempt that never started or
   *     was lost, when that was known
   * @param cpuSeconds user and system time of the process and the children it waited for
   * @param peakMemoryBytes largest resident set of any of them
   * @param retryWaitMs time the agent says it waited before repeating API calls, milliseconds
   * @param rateLimitWaitMs the part of it that was for 429
   * @param rehearsal whether the response carried the rehearsal server's mark
   * @param claims what the agent says of itself
   * @param outputBytes bytes read from standard output
   * @param errorBytes bytes read from standard error
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record AttemptEnded(
      String attempt,
      Outcome outcome,
      String reason,
      @Nullable Integer exitCode,
      @Nullable Integer signal,
      @Nullable Long firstOutputNanos,
      @Nullable Long responseNanos,
      @Nullable Long lastOutputNanos,
      long exitNanos,
      @Nullable Double cpuSeconds,
      @Nullable Long peakMemoryBytes,
      long retryWaitMs,
      long rateLimitWaitMs,
      boolean rehearsal,
      Claims claims,
      long outputBytes,
      long errorBytes)
      implements Event {

    /** Of an attempt of which nobody saw a process: it did not start, or its end was not seen. */
    public static AttemptEnded withoutProcess(
        String attempt, Outcome outcome, String reason, long atNanos) {
      return new AttemptEnded(
          attempt,
          outcome,
          reason,
          null,
          null,
          null,
          null,
          null,
          atNanos,
          null,
          null,
          0,
          0,
          false,
          Claims.NONE,
          0,
          0);
    }
  }

  /**
   * The file an attempt had to write was looked at.
   *
   * @param path relative to the attempt's folder
   * @param passed whether it exists and holds what it must
   * @param detail what was found
   */
  record ArtifactVerified(
      String attempt, String path, boolean passed, String detail, long verifiedNanos)
      implements Event {}

  /**
   * The answer was compared with the challenge.
   *
   * @param marker the random marker that the attempt was given
   * @param expected what the answer had to carry
   * @param passed whether it did
   */
  record ChallengeChecked(String attempt, String marker, String expected, boolean passed)
      implements Event {}

  /**
   * Processes that outlived their attempt or their run were stopped.
   *
   * @param attempt the attempt they belonged to, or null when only the run is known
   * @param pids their process ids
   * @param how how they were found: {@code mark}, {@code group}, {@code subreaper}, {@code cgroup}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record LeftoversStopped(@Nullable String attempt, List<Long> pids, String how, long atNanos)
      implements Event {}

  /**
   * A credential gets no work for a time.
   *
   * @param credential its name
   * @param until ISO 8601 instant until which it rests, or null when it is out for the run
   * @param reason why
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record CredentialRested(String credential, @Nullable String until, String reason)
      implements Event {}

  /**
   * A credential is near one of its limits, and gets no new work while another has room.
   *
   * @param credential its name
   * @param limit the provider's name for the limit, for example {@code 5h} or {@code input-tokens}
   * @param usedPercent how much of it is used, per cent
   * @param until ISO 8601 instant at which the provider counts anew
   */
  record CredentialNearLimit(
      String credential, String limit, double usedPercent, String until, long atNanos)
      implements Event {}

  /**
   * The model API refused a request for a limit, and the gateway asks again with another
   * credential, which the attempt keeps from then on. The agent is told nothing of the refusal.
   *
   * @param attempt the attempt whose request it is
   * @param exchange number of the exchange that was refused, or null if its credential was known to
   *     be refused before it was asked with
   * @param refused name of the credential that is refused
   * @param credential name of the one that it is asked with now
   * @param fingerprint fingerprint of that one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record AskedAgain(
      String attempt,
      @Nullable Long exchange,
      String refused,
      String credential,
      String fingerprint,
      long atNanos)
      implements Event {}

  /**
   * Nothing that needs a credential can start, because all that are left are refused until a time;
   * the run waits for the first of these times. Where there are several providers' it is one's.
   *
   * @param until ISO 8601 instant at which it goes on
   * @param reason which credentials rest until when
   */
  record RunPaused(String until, String reason, long atNanos) implements Event {}

  /** A paused run goes on: there is a credential again. */
  record RunWentOn(long atNanos) implements Event {}

  /**
   * A stress suite is to be run.
   *
   * @param suite its id
   * @param file its file, as it was named
   * @param server the URL of the server that runs its commands
   * @param embedded whether that is Regatta's own, started for this run
   * @param endpoint which model API its agents are led to: {@code rehearsal}, {@code provider},
   *     {@code elsewhere}, or {@code unknown}
   * @param endpointVariable the variable that leads them elsewhere, or null
   * @param endpointUrl the address of a rehearsal or of elsewhere, or null
   * @param jobs how many commands run at once at most
   * @param maxRetries how often a task that failed is tried again
   * @param load the load average; below zero where the system does not tell
   * @param limitFactor by what the limits are multiplied for it
   * @param tasks how many tasks the suite has, those that are not run too, or null in a journal of
   *     before
   * @param options of the command that a task of it needs to be run by itself, or null likewise
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SuitePlanned(
      String suite,
      String file,
      String server,
      boolean embedded,
      String endpoint,
      @Nullable String endpointVariable,
      @Nullable String endpointUrl,
      int jobs,
      int maxRetries,
      double load,
      int limitFactor,
      @Nullable Integer tasks,
      @Nullable List<String> options)
      implements Event {}

  /**
   * A task of a stress suite, as it is to be run.
   *
   * @param task its id
   * @param category the name of its category
   * @param number its position in the whole suite, from 1
   * @param place where it stands in the suite's file
   * @param name for people, or null
   * @param request what the agent is asked, or null
   * @param metatags tags in brackets
   * @param command the line of the shell
   * @param agent the agent that the line starts, or null if none is known
   * @param marker what names its output
   * @param failureExpected whether it must fail
   * @param patterns what is looked for in the output, for people
   * @param match {@code any} or {@code all}
   * @param timeoutSeconds the longest that it may take
   * @param stallSeconds the longest silence, or null
   * @param limitSource where the time limit comes from: {@code suite}, {@code default}, {@code
   *     learned}
   * @param instances how many are started at once
   * @param models that they are given, in their order; empty if the suite names none
   * @param temperatures likewise
   * @param criteria by which the best of them is found
   * @param skipped why it is left out, or null if it is not
   * @param learned what was learned of its time limit, or null if that was not asked for
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SuiteTaskPlanned(
      String task,
      String category,
      int number,
      String place,
      @Nullable String name,
      @Nullable String request,
      String metatags,
      String command,
      @Nullable String agent,
      String marker,
      boolean failureExpected,
      List<String> patterns,
      String match,
      double timeoutSeconds,
      @Nullable Double stallSeconds,
      String limitSource,
      int instances,
      List<String> models,
      List<Double> temperatures,
      List<String> criteria,
      @Nullable String skipped,
      @Nullable LearnedTimeout learned)
      implements Event {}

  /**
   * What was learned of a task's time limit; what it then is has the factor of a busy machine in
   * it, this has not.
   *
   * @param basis {@code same}, {@code similar} or {@code suite}: whose durations it is from
   * @param runs how many durations were looked at
   * @param timedOut how many of these timed out
   * @param p95Seconds their 95th percentile, or null if the suite's limit stays
   * @param boundSeconds an upper bound of the 95th percentile of all, or null from too few
   * @param beforeSeconds the suite's limit
   * @param limitSeconds the limit in its place
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record LearnedTimeout(
      String basis,
      int runs,
      int timedOut,
      @Nullable Double p95Seconds,
      @Nullable Double boundSeconds,
      double beforeSeconds,
      double limitSeconds) {}

  /**
   * A try of a suite's task has failed, and the next one waits for its time.
   *
   * @param task the task
   * @param instance which of its instances, from 1
   * @param number the count of the try that comes
   * @param seconds how long it waits
   * @param reason why the one before failed
   */
  record TryDelayed(
      String task, int instance, int number, double seconds, String reason, long atNanos)
      implements Event {}

  /**
   * A try of a suite's task was judged; the end of its process was written down before.
   *
   * @param attempt the try
   * @param instance which of the task's instances, from 1
   * @param ending {@code exited}, {@code signalled}, {@code timed-out}, {@code stalled}, {@code
   *     refused}, {@code lost} or {@code interrupted}
   * @param limitSeconds the limit that stopped it, or null
   * @param begun of a stall, whether it had printed anything before
   * @param detail why it was refused or lost; else empty
   * @param passed whether it has passed
   * @param reason why, in one line
   * @param sightings of each pattern, in the order of the suite
   * @param hallucination {@code none}, {@code suspected} or {@code unknown}
   * @param hallucinationDetail the line that is suspected, or why nothing is known
   * @param session the agent's session, or null
   * @param output the file with what it printed, relative to the run's folder, or null
   * @param answerCharacters how long its answer was
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record TryJudged(
      String attempt,
      int instance,
      String ending,
      @Nullable Double limitSeconds,
      boolean begun,
      String detail,
      boolean passed,
      String reason,
      List<PatternSighting> sightings,
      String hallucination,
      String hallucinationDetail,
      @Nullable String session,
      @Nullable String output,
      int answerCharacters)
      implements Event {}

  /**
   * The answers of a suite's task were compared.
   *
   * @param task the task
   * @param criterion by what, as the suite names it
   * @param instance the best of its instances, from 1, or null if none is
   * @param reason why, in one line
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record InstancePicked(String task, String criterion, @Nullable Integer instance, String reason)
      implements Event {}

  /**
   * Whether a pattern was found in what a try printed.
   *
   * @param pattern for people
   * @param line the line in which its first match begins, from 1, or null if there is none
   * @param detail what else is to be said, or empty
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record PatternSighting(String pattern, @Nullable Integer line, String detail) {}

  /** A phase ended. */
  record PhaseEnded(String phase, long endNanos) implements Event {}

  /**
   * The same prompt goes to these instances, and this decides which answer is picked.
   *
   * @param prompt what each is asked, without what is said to it of a temperature
   * @param instances in order
   * @param pick the criterion's word, for example {@code consensus}
   * @param extract what of an answer counts for a consensus, or null for the whole
   * @param checks commands that are run on each answer, in order
   * @param rubric what a judge goes by, or null
   * @param judge the model or agent that judges, or null
   * @param keep whether the folders of all instances stay
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record EnsemblePlanned(
      String prompt,
      List<PlannedInstance> instances,
      String pick,
      @Nullable String extract,
      List<String> checks,
      @Nullable String rubric,
      @Nullable String judge,
      boolean keep)
      implements Event {}

  /**
   * One of those that are asked the same.
   *
   * @param task the name of its task
   * @param agent the adapter's name
   * @param model the model it is told to use, or null
   * @param temperature how daring its answer is to be, from 0 to 2, or null
   * @param flags further arguments of the agent's command line
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record PlannedInstance(
      String task,
      String agent,
      @Nullable String model,
      @Nullable Double temperature,
      List<String> flags) {}

  /**
   * A folder is about to be made for an instance to work in.
   *
   * @param task the name of the instance's task
   * @param folder where it is
   * @param repository the git work tree whose worktree it is, or null for an empty folder
   * @param base the commit that it starts from, or null likewise
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ScratchMade(String task, String folder, @Nullable String repository, @Nullable String base)
      implements Event {}

  /**
   * What became of that folder at the end.
   *
   * @param task the name of the instance's task
   * @param kept whether the folder stays
   * @param ref the git ref that holds what was changed in it, or null if nothing was
   * @param reason why, in one line for people
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ScratchLeft(String task, boolean kept, @Nullable String ref, String reason)
      implements Event {}

  /**
   * A judge was shown two answers and asked which is better.
   *
   * @param first the task whose answer was shown first
   * @param second the task whose answer was shown second
   * @param winner the task whose answer is better, or null if neither is or there is no verdict
   * @param valid whether there is a verdict
   * @param reason what the judge said, or why there is no verdict, in one line
   * @param cut whether an answer was too long to be shown whole
   * @param model the model that judged, by its own word, or null
   * @param inputTokens tokens it read, or null
   * @param outputTokens tokens it generated, or null
   * @param costUsd what it cost, US dollars, or null where nobody says so
   * @param rehearsal whether the response carried the rehearsal server's mark
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record PairJudged(
      String first,
      String second,
      @Nullable String winner,
      boolean valid,
      String reason,
      boolean cut,
      @Nullable String model,
      @Nullable Long inputTokens,
      @Nullable Long outputTokens,
      @Nullable Double costUsd,
      boolean rehearsal,
      long askedNanos,
      long answeredNanos)
      implements Event {}

  /**
   * Something a reader of the report must know.
   *
   * @param level {@code info}, {@code warning}, or {@code prerequisite} for what was looked at
   *     before a stress suite began
   */
  record Noted(String level, String text) implements Event {}

  /**
   * The run ended; the last event of a run that was not killed.
   *
   * @param status {@code completed}, {@code interrupted} or {@code failed}
   * @param endEpochNanos wall clock at the end, nanoseconds since the epoch, read independently of
   *     the elapsed axis
   */
  record RunEnded(String status, long endNanos, long endEpochNanos) implements Event {}

  /**
   * An event that this version does not know, as it stands in the journal. It is only ever read.
   *
   * @param name its type
   * @param json the whole event
   */
  record Unrecognized(String name, String json) implements Event {}
}
