package dev.regatta.evidence;

import dev.regatta.secret.Sha256;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;

/** Somebody who says by signature when something was there (RFC 3161, over HTTP as in 3.4). */
public final class TimestampAuthority {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int LARGEST = 256 << 10;

  private final URI address;
  private final SecureRandom random;
  private final Duration patience;

  /**
   * One at that address.
   *
   * @param address http or https
   * @param random makes the number that tells its answer from an older one
   */
  public TimestampAuthority(URI address, SecureRandom random) {
    this(address, random, PATIENCE);
  }

  /** One that has that long for its whole answer. */
  TimestampAuthority(URI address, SecureRandom random, Duration patience) {
    this.address = address;
    this.random = random;
    this.patience = patience;
  }

  /** It gave none; the message says why. */
  public static final class NoTimestamp extends Exception {
    private static final long serialVersionUID = 1L;

    NoTimestamp(String message) {
      super(message);
    }
  }

  /**
   * Asks for a timestamp. Only a digest goes there.
   *
   * @return the token, in DER
   * @throws NoTimestamp if it gives none that fits within 30 seconds
   */
  public byte[] stamp(byte[] content) throws NoTimestamp {
    TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
    generator.setCertReq(true);
    TimeStampRequest asked =
        generator.generate(
            TSPAlgorithms.SHA256,
            HexFormat.of().parseHex(Sha256.of(content)),
            new BigInteger(64, random));
    try {
      return token(asked, answer(asked.getEncoded()));
    } catch (ExecutionException e) {
      throw new NoTimestamp(address + " could not be asked: " + e.getCause());
    } catch (TimeoutException e) {
      throw new NoTimestamp(
          address + " gave no whole answer within " + patience.toSeconds() + " seconds");
    } catch (IOException e) {
      throw new NoTimestamp(address + " could not be asked: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NoTimestamp("stopped while " + address + " was asked");
    }
  }

  /** A request's own time-out ends with the head of the answer; this one is over all of it. */
  private HttpResponse<byte[]> answer(byte[] question)
      throws ExecutionException, TimeoutException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/timestamp-query")
            .POST(HttpRequest.BodyPublishers.ofByteArray(question))
            .build();
    HttpClient client = HttpClient.newHttpClient();
    try {
      return client
          .sendAsync(
              request,
              HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), LARGEST))
          .get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      client.shutdownNow(); // closing it would wait for whoever does not answer
    }
  }

  private byte[] token(TimeStampRequest asked, HttpResponse<byte[]> response)
      throws IOException, NoTimestamp {
    try {
      if (response.statusCode() != 200) {
        throw new NoTimestamp(address + " answered with status " + response.statusCode());
      }
      TimeStampResponse answer = new TimeStampResponse(response.body());
      answer.validate(asked);
      if (answer.getTimeStampToken() == null) {
        throw new NoTimestamp(address + " refused: " + answer.getStatusString());
      }
      return answer.getTimeStampToken().getEncoded();
    } catch (TSPException e) {
      throw new NoTimestamp(address + " gave no timestamp that fits: " + e.getMessage());
    }
  }
}
