package dev.regatta.server;

import dev.regatta.agent.Conclusion;
import dev.regatta.agent.Ending;
import dev.regatta.agent.Reading;
import dev.regatta.agent.Sign;
import dev.regatta.agent.Stopped;
import dev.regatta.credential.Credential;
import dev.regatta.journal.Claims;
import dev.regatta.process.Channel;
import dev.regatta.process.Child;
import dev.regatta.process.ChildEvent;
import dev.regatta.process.LineSplitter;
import dev.regatta.secret.RedactingOutputStream;
import dev.regatta.telemetry.ServedAgent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The agent of an execution: what it prints passes through here, without secrets, is read as it
 * passes, and in the end one conclusion is drawn of it. Of what it printed no more is held than a
 * line. But for its state it is of one thread.
 */
final class AgentWork {
  /** Of an answer; all of it stands in the output. A client's frame must not have megabytes. */
  static final int LONGEST_ANSWER = 65_536;

  private final AgentStart.Ready start;
  private final Child child;
  private final Consumer<ServedAgent> counted;
  private final Reading reading;
  private final Map<Channel, Passage> passages = new EnumMap<>(Channel.class);
  private Optional<String> hopeless = Optional.empty();

  // Whoever asks for its state reads it on a thread of theirs.
  private volatile Optional<Conclusion> conclusion = Optional.empty();

  private long now;

  /**
   * One that was started.
   *
   * @param child its process
   * @param counted is told of its end
   */
  AgentWork(AgentStart.Ready start, Child child, Consumer<ServedAgent> counted) {
    this.start = start;
    this.child = child;
    this.counted = counted;
    this.reading = start.adapter().reading();
    for (Channel channel : Channel.values()) {
      passages.put(channel, new Passage(channel));
    }
  }

  /** One channel's way. */
  private final class Passage {
    private final ByteArrayOutputStream clean = new ByteArrayOutputStream();
    private final RedactingOutputStream redacting =
        new RedactingOutputStream(clean, start.redactor());
    private final LineSplitter lines;
    private long bytes;

    private Passage(Channel channel) {
      this.lines = new LineSplitter(line -> heed(channel, line));
    }

    private byte[] through(byte[] printed) {
      bytes += printed.length;
      try {
        redacting.write(printed);
      } catch (IOException e) {
        throw new UncheckedIOException(e); // it is memory
      }
      return taken();
    }

    private byte[] rest() {
      try {
        redacting.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      byte[] last = taken();
      lines.finish();
      return last;
    }

    private byte[] taken() {
      byte[] shown = clean.toByteArray();
      clean.reset();
      if (start.adapter().readsLines()) {
        lines.accept(shown);
      }
      return shown;
    }
  }

  /** What may be shown of what it printed now. */
  byte[] read(ChildEvent.Output output) {
    now = output.nanos();
    return passage(output.channel()).through(output.bytes());
  }

  /** What may be shown of the last that it printed there; nothing comes after it. */
  byte[] rest(Channel channel) {
    return passage(channel).rest();
  }

  private Passage passage(Channel channel) {
    return Objects.requireNonNull(passages.get(channel));
  }

  private void heed(Channel channel, LineSplitter.Line line) {
    for (Sign sign : reading.line(channel, line.text(), line.cut(), now)) {
      if (sign instanceof Sign.Hopeless(var outcome, String reason)) {
        hopeless = Optional.of(outcome.word() + ": " + reason);
      }
      start.signs().accept(sign);
    }
  }

  /** Why going on is of no use, if it printed that. */
  Optional<String> hopeless() {
    return hopeless;
  }

  /** Whether the built-in model server answers it. */
  boolean rehearsal() {
    return start.rehearsal();
  }

  /**
   * Its process is gone, and what it got is given back. Called once, after the last it printed.
   *
   * @param end how it ended; null if that could not be seen
   * @param limit the one it was stopped at
   */
  void end(ChildEvent.@Nullable Exited end, Stopped stopped, Optional<Duration> limit) {
    Optional<AgentEnd> known = Optional.empty();
    try {
      Conclusion what =
          reading.conclude(
              new Ending(
                  end == null ? null : end.exitCode(),
                  end == null ? null : end.signal(),
                  stopped,
                  passage(Channel.OUTPUT).bytes,
                  passage(Channel.ERROR).bytes,
                  passage(Channel.OUTPUT).lines.binary(),
                  limit,
                  Ending.SetBy.PARAMS));
      conclusion = Optional.of(what);
      known = Optional.of(new AgentEnd(what, told(what, end)));
      counted.accept(known.get().told());
    } finally {
      start.ended().accept(known);
    }
  }

  private ServedAgent told(Conclusion known, ChildEvent.@Nullable Exited end) {
    return new ServedAgent(
        start.adapter().name(),
        start.credential().map(Credential::name).orElse(null),
        start.rehearsal() || known.rehearsal(),
        known.outcome(),
        known.claims(),
        child.pid(),
        end == null ? null : end.exitCode(),
        child.spawnNanos(),
        end == null ? System.nanoTime() : end.nanos());
  }

  /** Who it is, and what came of it once that is known, but for its answer. */
  ObjectNode describe() {
    ObjectNode agent = Notices.object().put("name", start.adapter().name());
    conclusion.ifPresent(known -> put(agent, known));
    start
        .credential()
        .ifPresentOrElse(
            credential ->
                agent
                    .putObject("credential")
                    .put("name", credential.name())
                    .put("fingerprint", credential.value().fingerprint()),
            () -> agent.putNull("credential"));
    if (start.rehearsal() || conclusion.filter(Conclusion::rehearsal).isPresent()) {
      agent.put("rehearsal", true);
    }
    return agent;
  }

  /** The same with its answer. */
  ObjectNode result() {
    ObjectNode agent = describe();
    String answer = conclusion.map(known -> known.claims().result()).map(this::shown).orElse(null);
    boolean longer = answer != null && answer.length() > LONGEST_ANSWER;
    return agent.put("answer", longer ? beginning(answer) : answer).put("answer_truncated", longer);
  }

  /** The two halves of one character stay together. */
  private static String beginning(@Nullable String answer) {
    String text = answer == null ? "" : answer;
    boolean half = Character.isHighSurrogate(text.charAt(LONGEST_ANSWER - 1));
    return text.substring(0, half ? LONGEST_ANSWER - 1 : LONGEST_ANSWER);
  }

  private void put(ObjectNode agent, Conclusion known) {
    Claims claims = known.claims();
    agent
        .put("outcome", known.outcome().word())
        .put("reason", shown(known.reason()))
        .put("session_id", shown(claims.sessionId()))
        .put("model", shown(claims.model()))
        .put("input_tokens", claims.inputTokens())
        .put("output_tokens", claims.outputTokens())
        .put("cost_usd", claims.costUsd());
  }

  /** A secret that was escaped in what it printed is one again where JSON was read. */
  private @Nullable String shown(@Nullable String text) {
    return text == null ? null : start.redactor().redact(text);
  }
}
