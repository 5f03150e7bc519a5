package dev.regatta.evidence;

import dev.regatta.journal.Claims;
import dev.regatta.journal.Exchange;
import dev.regatta.journal.Transcript;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An attempt about whose two calls all witnesses agree, to be spoilt by each test. */
final class Testimonies {
  static final String MODEL = "claude-opus-4-8";

  private Testimonies() {}

  static Testimony good() {
    return new Testimony(
        claims(2500, 300, 0.020),
        Optional.of(transcript(written("msg_1", 1000, 100), written("msg_2", 1500, 200))),
        true,
        List.of(call(1, "msg_1", 1000, 100, 1.0), call(2, "msg_2", 1500, 200, 2.0)),
        0,
        Optional.of(PriceTable.standard()),
        Optional.of(true));
  }

  static Claims claims(long input, long output, double cost) {
    return new Claims(
        "session-1",
        4000L,
        3000L,
        cost,
        1500L,
        200L,
        0L,
        0L,
        MODEL,
        2,
        "answer",
        false,
        "success",
        null,
        "completed",
        0,
        "2.1.197",
        Map.of(MODEL + "[1m]", new Claims.Use(input, output, 0L, 0L, cost)));
  }

  static Transcript transcript(Transcript.Message... messages) {
    return new Transcript("session-1", List.of(), List.of(messages), "");
  }

  static Transcript.Message written(String id, long input, long output) {
    return new Transcript.Message(
        id, "req_" + id, MODEL, "2026-11-21T15:14:20.123Z", "end_turn", input, output, 0L, 0L);
  }

  static Exchange call(long number, String id, long input, long output, double seconds) {
    long start = number * 10_000_000_000L;
    long end = start + (long) (seconds * 1e9);
    return new Exchange(
        number,
        "a.1",
        "print",
        new Exchange.Asked("POST", "/v1/messages", MODEL, 10, "00"),
        new Exchange.Answered(
            200,
            "req_" + id,
            Map.of(),
            false,
            10,
            "00",
            new Exchange.Message(id, MODEL, "end_turn", "standard", input, output, 0L, 0L),
            null,
            true),
        new Exchange.Times(start, start, start, start + 1, start + 2, end),
        new Exchange.Upstream("api.anthropic.com", "203.0.113.1:443", "TLSv1.3", "ab"),
        Exchange.Ending.COMPLETE,
        "");
  }

  static Exchange ended(Exchange call, Exchange.Ending ending) {
    return Changed.of(call, "ending", ending);
  }

  /** The same call, in whose response what the challenge asks for was, was not, or unknown. */
  static Exchange holding(Exchange call, @Nullable Boolean challenge) {
    return Changed.of(
        call,
        "answered",
        Changed.of(Objects.requireNonNull(call.answered()), "holdsChallenge", challenge));
  }

  static Testimony with(Testimony of, Claims claims) {
    return Changed.of(of, "claims", claims);
  }

  static Testimony with(Testimony of, List<Exchange> exchanges) {
    return Changed.of(of, "exchanges", exchanges);
  }

  static Testimony with(Testimony of, Optional<Transcript> transcript) {
    return Changed.of(of, "transcript", transcript);
  }

  static Testimony unwitnessed(Testimony of) {
    return Changed.of(with(of, List.<Exchange>of()), "witnessed", false);
  }

  static Testimony challenged(Testimony of, Optional<Boolean> challenge) {
    return Changed.of(of, "challenge", challenge);
  }
}
