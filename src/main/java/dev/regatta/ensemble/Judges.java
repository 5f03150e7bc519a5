package dev.regatta.ensemble;

import dev.regatta.credential.CredentialPool;
import dev.regatta.journal.Event;
import dev.regatta.run.Run;
import dev.regatta.run.RunSettings;
import dev.regatta.run.Scheduler;
import dev.regatta.run.Task;
import dev.regatta.run.TaskResult;
import dev.regatta.run.Visible;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Has each two answers judged, in both orders, and writes down every verdict. */
final class Judges {
  private static final int LONGEST_REASON = 500;

  /** Small servers of models answer one after another; more would only run into the limit. */
  private static final int AT_ONCE = 4;

  private final Run run;
  private final Names names;
  private final String question;
  private final EnsemblePlan.Judging judging;
  private final RunSettings settings;
  private final Optional<CredentialPool> pool;
  private final InstantSource wall;
  private final RandomGenerator random;

  private final List<Judgement> said = Collections.synchronizedList(new ArrayList<>());

  Judges(
      Run run,
      Names names,
      String question,
      EnsemblePlan.Judging judging,
      RunSettings settings,
      Optional<CredentialPool> pool,
      InstantSource wall,
      RandomGenerator random) {
    this.run = run;
    this.names = names;
    this.question = question;
    this.judging = judging;
    this.settings = settings;
    this.pool = pool;
    this.wall = wall;
    this.random = random;
  }

  /** Two answers in one order. Prompts are made when they are sent: all at once fill memories. */
  private record Match(Candidate first, Candidate second) {
    boolean cut() {
      return JudgePrompt.cut(first.text(), second.text());
    }
  }

  /** What was said of each two that may be picked; fewer if the run is stopped meanwhile. */
  List<Judgement> judge(List<Candidate> candidates) throws InterruptedException {
    List<Candidate> players = Criterion.eligible(candidates);
    List<Match> matches = new ArrayList<>();
    for (int i = 0; i < players.size(); i++) {
      for (int j = i + 1; j < players.size(); j++) {
        matches.add(new Match(players.get(i), players.get(j)));
        matches.add(new Match(players.get(j), players.get(i)));
      }
    }
    if (!matches.isEmpty()) {
      switch (judging.judge()) {
        case Judge.Model model -> byModel(model, matches);
        case Judge.Agent agent -> byAgent(agent, matches);
      }
    }
    return List.copyOf(said);
  }

  private void write(Match match, Event.PairJudged verdict) {
    run.record(verdict);
    int first = match.first().number();
    int second = match.second().number();
    @Nullable String winner = verdict.winner();
    said.add(
        new Judgement(
            first,
            second,
            winner == null
                ? null
                : Integer.valueOf(winner.equals(verdict.first()) ? first : second),
            verdict.valid(),
            verdict.reason(),
            verdict.cut(),
            verdict.model(),
            verdict.inputTokens(),
            verdict.outputTokens(),
            verdict.costUsd(),
            (verdict.answeredNanos() - verdict.askedNanos()) / 1e9));
  }

  private String prompt(Match match) {
    byte[] mark = new byte[8];
    random.nextBytes(mark);
    return JudgePrompt.of(
            judging.rubric(),
            question,
            match.first().text(),
            match.second().text(),
            HexFormat.of().formatHex(mark))
        .text();
  }

  private void byModel(Judge.Model model, List<Match> matches) throws InterruptedException {
    Queue<Match> left = new ConcurrentLinkedQueue<>(matches);
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    try (HttpClient client = HttpClient.newHttpClient()) {
      ChatCall call = new ChatCall(client, model, judging.limit());
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < Math.min(AT_ONCE, matches.size()); i++) {
        threads.add(Thread.startVirtualThread(() -> judgeAll(call, left, failure)));
      }
      run.cancellation().join(threads);
    }
    if (failure.get() instanceof RuntimeException exception) {
      throw exception;
    } else if (failure.get() instanceof Error error) {
      throw error;
    }
  }

  private void judgeAll(
      ChatCall call, Queue<Match> left, AtomicReference<@Nullable Throwable> failure) {
    try {
      for (Match match = left.poll();
          match != null && !run.cancellation().requested();
          match = left.poll()) {
        long asked = run.clock().nanos();
        record(match, call.ask(prompt(match), run.cancellation()), asked);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      // A full disk or a fault of ours: the others stop, and the caller gets the first cause.
      failure.compareAndSet(null, e);
      left.clear();
    }
  }

  private void record(Match match, ChatCall.Ending ending, long asked) {
    switch (ending) {
      case ChatCall.Ending.Answered said -> {
        Event.PairJudged verdict = verdict(match, said.text(), asked);
        write(
            match,
            new Event.PairJudged(
                verdict.first(),
                verdict.second(),
                verdict.winner(),
                verdict.valid(),
                verdict.reason(),
                verdict.cut(),
                said.model(),
                said.inputTokens(),
                said.outputTokens(),
                said.costUsd(),
                said.rehearsal(),
                asked,
                verdict.answeredNanos()));
      }
      case ChatCall.Ending.Failed failed ->
          write(match, judged(match, null, false, failed.reason(), failed.rehearsal(), asked));
    }
  }

  /** What a judge's own words come to. */
  private Event.PairJudged verdict(Match match, String said, long asked) {
    Optional<JudgePrompt.Verdict> verdict = JudgePrompt.verdict(said);
    String words = Visible.line(said, LONGEST_REASON);
    if (verdict.isEmpty()) {
      return judged(match, null, false, "no verdict in its answer: " + words, false, asked);
    }
    @Nullable String winner =
        switch (verdict.get()) {
          case FIRST -> names.instance(match.first().number());
          case SECOND -> names.instance(match.second().number());
          case TIE -> null;
        };
    return judged(match, winner, true, words, false, asked);
  }

  private Event.PairJudged judged(
      Match match,
      @Nullable String winner,
      boolean valid,
      String reason,
      boolean rehearsal,
      long asked) {
    return new Event.PairJudged(
        names.instance(match.first().number()),
        names.instance(match.second().number()),
        winner,
        valid,
        reason,
        match.cut(),
        null,
        null,
        null,
        null,
        rehearsal,
        asked,
        run.clock().nanos());
  }

  /** As tasks of the run, with its credentials; what they cost is in their attempts. */
  private void byAgent(Judge.Agent agent, List<Match> matches) throws InterruptedException {
    Path folder = run.folder().work("judge");
    Map<String, Match> byTask =
        matches.stream().collect(Collectors.toMap(this::task, Function.identity()));
    long asked = run.clock().nanos();
    int parallel = Math.min(AT_ONCE, matches.size());
    new Scheduler(
            run,
            settings.answering().with(parallel, Checks.within(judging.limit()), 0),
            pool,
            wall,
            task -> 0)
        .carryOut(
            matches.stream().map(match -> task(agent, match, folder)).iterator(),
            result -> {
              Match match = Objects.requireNonNull(byTask.get(result.task().name()));
              write(match, verdict(match, result, asked));
            });
  }

  private String task(Match match) {
    return names.judgement(match.first().number(), match.second().number());
  }

  private Task task(Judge.Agent agent, Match match, Path folder) {
    Task task =
        Task.ofPrompt(task(match), prompt(match)).withAgent(agent.agent()).withFolder(folder);
    return agent.model().map(task::withModel).orElse(task);
  }

  private Event.PairJudged verdict(Match judged, TaskResult result, long asked) {
    return result.succeeded() && result.answer().isPresent()
        ? verdict(judged, result.answer().get(), asked)
        : judged(judged, null, false, Visible.line(result.reason(), LONGEST_REASON), false, asked);
  }
}
