package dev.regatta.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.regatta.provider.Provider;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request to a model API and its response, as the gateway between the two saw it. What did
 * not come is null: nothing is filled in.
 *
 * @param number counts the exchanges of a run from 1, in the order in which they began
 * @param attempt the attempt whose pass the request carried
 * @param credential fingerprint of the credential that the gateway put in
 * @param asked the request
 * @param answered the response, or null if none began
 * @param times when what happened
 * @param upstream who answered, or null if there was no connection
 * @param ending how it ended
 * @param reason why it did not end well; empty if it did
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Exchange(
    long number,
    String attempt,
    String credential,
    Asked asked,
    @Nullable Answered answered,
    Times times,
    @Nullable Upstream upstream,
    Ending ending,
    String reason) {

  /** Whether it brought a message of a model, be it broken off. */
  public boolean broughtMessage() {
    return asked.forMessage()
        && answered != null
        && answered.message() != null
        && answered.message().id() != null;
  }

  /** How an exchange ended. */
  public enum Ending {
    /** Request and response went through whole, whatever the status. */
    COMPLETE,
    /** The agent went away before the response was whole. */
    CLIENT_GONE,
    /** The model API could not be reached, or broke off. */
    UPSTREAM_FAILED,
    /** The attempt ended while the exchange was open. */
    ATTEMPT_ENDED
  }

  /**
   * The request.
   *
   * @param method the HTTP method
   * @param path the path, without the query
   * @param model the model it names, or null
   * @param bytes length of its body
   * @param sha256 of its body, hexadecimal; of what was sent, if that was not all
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Asked(
      String method, String path, @Nullable String model, long bytes, String sha256) {

    /** Whether it asks a model for a message. */
    public boolean forMessage() {
      return method.equals("POST") && Provider.answering(path).isPresent();
    }
  }

  /**
   * The response.
   *
   * @param status the HTTP status
   * @param requestId the header that names the request, as {@code request-id}, or the id of the
   *     response where its API has no such header
   * @param headers the headers that tell limits and retries, by their lower-case names
   * @param rehearsal whether it carries the rehearsal server's mark
   * @param bytes length of its body as far as it came
   * @param sha256 of that body, hexadecimal
   * @param message what the body says of the message, or null if it holds none
   * @param events its events, or null if it was not a stream
   * @param holdsChallenge whether its text holds what the attempt's challenge asks for; null if
   *     there was no challenge, or no text that could be read
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Answered(
      int status,
      @Nullable String requestId,
      Map<String, String> headers,
      boolean rehearsal,
      long bytes,
      String sha256,
      @Nullable Message message,
      @Nullable Events events,
      @Nullable Boolean holdsChallenge) {

    /** To a request of an attempt without a challenge. */
    public Answered(
        int status,
        @Nullable String requestId,
        Map<String, String> headers,
        boolean rehearsal,
        long bytes,
        String sha256,
        @Nullable Message message,
        @Nullable Events events) {
      this(status, requestId, headers, rehearsal, bytes, sha256, message, events, null);
    }
  }

  /**
   * What a response says of its message.
   *
   * @param id the message's id
   * @param model the model that answered
   * @param stopReason why it stopped
   * @param serviceTier the service tier
   * @param inputTokens tokens read, without those of the cache
   * @param outputTokens tokens generated
   * @param cacheReadTokens tokens read from the cache
   * @param cacheCreationTokens tokens written to the cache
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Message(
      @Nullable String id,
      @Nullable String model,
      @Nullable String stopReason,
      @Nullable String serviceTier,
      @Nullable Long inputTokens,
      @Nullable Long outputTokens,
      @Nullable Long cacheReadTokens,
      @Nullable Long cacheCreationTokens) {}

  /**
   * The events of a streamed response.
   *
   * @param count of all kinds
   * @param tokenEvents of those that carry generated text
   * @param firstNanos when the first came, or null if none did
   * @param lastNanos when the last came, or null
   * @param gaps the times between events that carry text, microseconds, as a compressed
   *     HdrHistogram in base64; null with fewer than two
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Events(
      long count,
      long tokenEvents,
      @Nullable Long firstNanos,
      @Nullable Long lastNanos,
      @Nullable String gaps) {}

  /**
   * Instants on the run's elapsed axis.
   *
   * @param startNanos the request's head had been read
   * @param connectedNanos a connection to the model API was there for it
   * @param sentNanos the request was sent whole
   * @param firstByteNanos the response's head came
   * @param firstTokenNanos the first generated text came
   * @param endNanos the last byte was written to the agent, or it failed
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Times(
      long startNanos,
      @Nullable Long connectedNanos,
      @Nullable Long sentNanos,
      @Nullable Long firstByteNanos,
      @Nullable Long firstTokenNanos,
      long endNanos) {}

  /**
   * Who answered.
   *
   * @param host the name asked for
   * @param address the address and port connected to
   * @param tls version of TLS, or null without
   * @param certificate SHA-256 of the server's certificate, hexadecimal, or null without TLS
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Upstream(
      String host, String address, @Nullable String tls, @Nullable String certificate) {}
}
