package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.evidence.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code prove --timestamp} and {@code verify --authority}. */
class TimestampedProofTest {
  @TempDir Path folder;

  private Cli.Ended prove(String authority) throws IOException {
    Files.writeString(
        folder.resolve("quick.yaml"), ProofEndToEndTest.SLOW.replace("latency: 8", "latency: 0.2"));
    return Cli.in(folder)
        .onlyPath(folder.resolve("no-programs"))
        .within(
            "demo", "-P", "2", "--script", "quick.yaml", "--out", "out", "--timestamp", authority);
  }

  private Cli.Ended verify(String... more) {
    String[] words = new String[2 + more.length];
    words[0] = "verify";
    words[1] = "out/evidence.zip";
    System.arraycopy(more, 0, words, 2, more.length);
    return Cli.in(folder).within(words);
  }

  @Test
  void theEvidenceSaysWhenItWasThereAndWhoSaysSo() throws IOException {
    try (TestAuthority authority = TestAuthority.start()) {
      assertThat(prove(authority.address().toString()).err()).doesNotContain("timestamp");
      Files.writeString(folder.resolve("root.pem"), authority.rootPem());
    }
    assertThat(verify().out())
        .contains("ok    timestamp  2026-11-21T10:00:00Z by CN=Test Authority, unknown: give the")
        .endsWith("intact, signer unknown\n");
    assertThat(verify("--authority", "root.pem").out())
        .contains("by CN=Test Authority, an authority that was given");
  }

  @Test
  void anAuthorityThatCannotBeAskedTakesNothingFromTheRest() throws IOException {
    try (TestAuthority authority = TestAuthority.start()) {
      authority.answerWith(503);
      assertThat(prove(authority.address().toString()).err())
          .contains("regatta: the evidence has no timestamp: http://127.0.0.1:")
          .contains(" answered with status 503");
      Files.writeString(folder.resolve("root.pem"), authority.rootPem());
    }
    assertThat(verify().exit()).isZero();
    Cli.Ended wanted = verify("--authority", "root.pem");
    assertThat(wanted.exit()).isEqualTo(1);
    assertThat(wanted.out()).contains("FAIL  timestamp  there is none, and an authority was given");
  }

  @Test
  void whatIsNoAddressAndWhatHoldsNoCertificateIsRefused() throws IOException {
    Cli.Ended address = prove("here");
    assertThat(address.exit()).isEqualTo(2);
    assertThat(address.err()).contains("--timestamp must be an address");
    assertThat(folder.resolve("out")).doesNotExist();
    Files.writeString(folder.resolve("text.pem"), "no certificate");
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("out/evidence.zip"), "none");
    for (String file : new String[] {"text.pem", "none.pem"}) {
      Cli.Ended refused = verify("--authority", file);
      assertThat(refused.exit()).isEqualTo(2);
      assertThat(refused.err()).contains("--authority " + file);
    }
  }
}
