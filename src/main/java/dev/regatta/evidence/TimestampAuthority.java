package dev.regatta.evidence;

import dev.regatta.secret.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
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

  /**
   * One at that address.
   *
   * @param address http or https
   * @param random makes the number that tells its answer from an older one
   */
  public TimestampAuthority(URI address, SecureRandom random) {
    this.address = address;
    this.random = random;
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
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(address)
              .timeout(PATIENCE)
              .header("Content-Type", "application/timestamp-query")
              .POST(HttpRequest.BodyPublishers.ofByteArray(asked.getEncoded()))
              .build();
      return token(asked, client.send(request, HttpResponse.BodyHandlers.ofInputStream()));
    } catch (IOException e) {
      throw new NoTimestamp(address + " could not be asked: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NoTimestamp("stopped while " + address + " was asked");
    }
  }

  private byte[] token(TimeStampRequest asked, HttpResponse<InputStream> response)
      throws IOException, NoTimestamp {
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw new NoTimestamp(address + " answered with status " + response.statusCode());
      }
      TimeStampResponse answer = new TimeStampResponse(body.readNBytes(LARGEST));
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
