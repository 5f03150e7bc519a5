package dev.regatta.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class TimestampTest {
  private static final byte[] CONTENT = "what was there".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private TestAuthority authority;

  @BeforeEach
  void start() {
    authority = TestAuthority.start();
  }

  @AfterEach
  void stop() {
    authority.close();
  }

  private byte[] stamp(byte[] content) throws TimestampAuthority.NoTimestamp {
    return new TimestampAuthority(authority.address(), new SecureRandom()).stamp(content);
  }

  @Test
  void aTokenSaysWhenAndByWhom() throws Exception {
    Timestamp stamp = Timestamp.check(stamp(CONTENT), CONTENT, List.of());
    assertThat(stamp).isEqualTo(new Timestamp(TestAuthority.NOW, "CN=Test Authority", false));
  }

  @Test
  void itIsTrustedIfItLeadsToACertificateThatWasGiven() throws Exception {
    byte[] token = stamp(CONTENT);
    assertThat(Timestamp.check(token, CONTENT, List.of(authority.root)).trusted()).isTrue();
    assertThat(Timestamp.check(token, CONTENT, List.of(authority.own)).trusted()).isTrue();
    try (TestAuthority other = TestAuthority.start()) {
      assertThat(Timestamp.check(token, CONTENT, List.of(other.root)).trusted()).isFalse();
    }
  }

  @Test
  void aTokenAboutSomethingElseIsRefused() throws Exception {
    byte[] token = stamp(CONTENT);
    assertThatThrownBy(() -> Timestamp.check(token, new byte[] {1}, List.of()))
        .isInstanceOf(Timestamp.Invalid.class)
        .hasMessage("it is about something else");
  }

  @Test
  void aTokenThatWasChangedIsNeverBelievedAtAnotherTime() throws Exception {
    byte[] token = stamp(CONTENT);
    Random random = new Random(3161);
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] changed = token.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        // Some bytes carry nothing, such as the root that came along.
        assertThat(Timestamp.check(changed, CONTENT, List.of()).at()).isEqualTo(TestAuthority.NOW);
      } catch (Timestamp.Invalid e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(100);
    assertThatThrownBy(() -> Timestamp.check(new byte[0], CONTENT, List.of()))
        .isInstanceOf(Timestamp.Invalid.class);
    assertThatThrownBy(() -> Timestamp.check(Arrays.copyOf(token, 99), CONTENT, List.of()))
        .isInstanceOf(Timestamp.Invalid.class);
  }

  @Test
  void whatTheAuthorityDoesWrongIsSaid() {
    authority.answerWith(503);
    refused(" answered with status 503");
    authority.answerWith(200);
    authority.change(answer -> TestAuthority.refusal());
    refused(" refused: ");
    authority.change(answer -> "no answer".getBytes(StandardCharsets.UTF_8));
    refused(" gave no timestamp that fits: ");
    byte[][] first = new byte[1][];
    authority.change(answer -> first[0] == null ? first[0] = answer : first[0]);
    assertThat(catchStamp()).isEmpty();
    refused(" gave no timestamp that fits: ");
    authority.close();
    refused(" could not be asked: ");
  }

  private void refused(String message) {
    assertThat(catchStamp()).hasValueSatisfying(said -> assertThat(said).contains(message));
  }

  private Optional<String> catchStamp() {
    try {
      stamp(CONTENT);
      return Optional.empty();
    } catch (TimestampAuthority.NoTimestamp e) {
      return Optional.of(e.getMessage());
    }
  }

  @Test
  @Timeout(60)
  void anAuthorityWhoseAnswerNeverEndsIsGivenUp() throws Exception {
    try (ServerSocket endless = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            try (Socket socket = endless.accept()) {
              socket
                  .getOutputStream()
                  .write("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\nso far".getBytes(UTF_8));
              socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
              // who asked has gone
            }
          });
      URI address = URI.create("http://127.0.0.1:" + endless.getLocalPort() + "/tsa");
      TimestampAuthority slow =
          new TimestampAuthority(address, new SecureRandom(), Duration.ofSeconds(1));
      assertThatThrownBy(() -> slow.stamp(CONTENT))
          .isInstanceOf(TimestampAuthority.NoTimestamp.class)
          .hasMessage(address + " gave no whole answer within 1 seconds");
    }
  }

  @Test
  void anAnswerThatIsFarTooLongIsNotRead() {
    authority.change(answer -> new byte[1 << 20]);
    refused(" could not be asked: ");
  }

  private byte[] bundle(Bundle.Stamp stamp) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("journal.jsonl", CONTENT);
    files.put("report.json", CONTENT);
    Statement.Facts facts =
        new Statement.Facts("r-1", "prove", true, "0.1.0", 3, "ab", "confirmed", "rehearsal");
    return Bundle.make(facts, files, Map.of(), SigningKey.in(folder.resolve("keys")), stamp);
  }

  private Optional<byte[]> stamped(byte[] envelope) {
    try {
      return Optional.of(stamp(envelope));
    } catch (TimestampAuthority.NoTimestamp e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aBundleWithATimestampSaysWhenItWasThere() {
    byte[] bundle = bundle(this::stamped);
    assertThat(Bundle.check(bundle, Optional.empty(), List.of()).findings())
        .contains(
            new Bundle.Finding(
                "timestamp",
                true,
                "2026-11-21T10:00:00Z by CN=Test Authority, unknown: give the authority that you"
                    + " trust with --authority"));
    assertThat(Bundle.check(bundle, Optional.empty(), List.of(authority.root)).findings())
        .contains(
            new Bundle.Finding(
                "timestamp",
                true,
                "2026-11-21T10:00:00Z by CN=Test Authority, an authority that was given"));
  }

  @Test
  void aTimestampThatIsMissingOfAnotherOrOfAnotherBundleIsFound() throws Exception {
    byte[] bundle = bundle(this::stamped);
    try (TestAuthority other = TestAuthority.start()) {
      assertThat(wrong(bundle, other)).endsWith(", which is none of those that were given");
    }
    assertThat(wrong(bundle(envelope -> Optional.empty()), authority))
        .isEqualTo("there is none, and an authority was given");
    Map<String, byte[]> entries = new LinkedHashMap<>(Archive.read(bundle));
    entries.put("timestamp.tst", stamp(CONTENT));
    assertThat(wrong(Archive.write(entries), authority))
        .isEqualTo("timestamp.tst: it is about something else");
  }

  private static String wrong(byte[] bundle, TestAuthority trusted) {
    Bundle.Checked checked = Bundle.check(bundle, Optional.empty(), List.of(trusted.root));
    assertThat(checked.content()).isEmpty();
    return checked.findings().stream()
        .filter(finding -> !finding.holds())
        .map(Bundle.Finding::detail)
        .reduce((one, two) -> one + two)
        .orElseThrow();
  }

  @Test
  void anotherProgramTakesTheTokenToo() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")));
    Files.write(folder.resolve("content"), CONTENT);
    Files.write(folder.resolve("token"), stamp(CONTENT));
    Files.writeString(folder.resolve("root.pem"), authority.rootPem());
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "ts",
                "-verify",
                "-data",
                "content",
                "-in",
                "token",
                "-token_in",
                "-CAfile",
                "root.pem",
                "-attime",
                "" + TestAuthority.NOW.getEpochSecond())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(openssl.waitFor()).as(said).isZero();
    assertThat(said).contains("Verification: OK");
  }
}
