package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.experiment.Proof;
import dev.regatta.experiment.ProofDerivation;
import dev.regatta.journal.JournalReader;
import dev.regatta.run.RunFolder;
import dev.regatta.store.RegattaHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code regatta verify}, away from where the run was. */
@Timeout(180)
class VerifyCommandTest {
  @TempDir static Path shared;
  private static Path bundle;
  private static Path journal;

  @TempDir Path elsewhere;

  @BeforeAll
  static void prove() throws IOException {
    ShortDemo.in(shared);
    bundle = shared.resolve("out/evidence.zip");
    journal = shared.resolve("out/journal.jsonl");
  }

  @Test
  void aBundleIsIntactOnAMachineThatNeverSawTheRun() throws IOException {
    Files.copy(bundle, elsewhere.resolve("given.zip"));
    Cli.Ended verified = Cli.in(elsewhere).within("verify", "given.zip");
    assertThat(verified.exit()).as(verified.err()).isZero();
    assertThat(verified.out())
        .contains("ok    figures    every figure and all ")
        .contains("ok    verdict    PARALLEL: ")
        .endsWith("intact, signer unknown\n");
    assertThat(Cli.below(elsewhere)).containsExactly("given.zip");
  }

  @Test
  void bundleAndKeyAreReadableByTheirOwnerAlone() throws IOException {
    for (Path file :
        new Path[] {bundle, journal, shared.resolve(".regatta/keys/evidence-ed25519.pem")}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .as(file.toString())
          .isEqualTo("rw-------");
    }
  }

  @Test
  void ofAJournalThatAFullDiskToreTheBundleHoldsWholeLinesAndVerifies() throws IOException {
    RegattaHome home = RegattaHome.open(elsewhere);
    RunFolder torn = RunFolder.prepare(elsewhere.resolve("torn"));
    String whole = Files.readString(journal);
    String cut = whole.substring(0, whole.length() - 40);
    Files.writeString(torn.journal(), cut);
    JournalReader.Contents contents = JournalReader.read(torn.journal());
    assertThat(contents.integrity()).isInstanceOf(JournalReader.Torn.class);
    Proof proof = ProofDerivation.of(contents.entries());
    Reports.write(proof, torn);
    Evidence.write(proof, contents, torn, home, envelope -> Optional.empty());

    Cli.Ended verified = Cli.in(elsewhere).within("verify", "torn/evidence.zip");
    assertThat(verified.out()).endsWith("intact, signer unknown\n");
    assertThat(verified.exit()).isZero();
    try (ZipFile zip = new ZipFile(torn.path().resolve("evidence.zip").toFile());
        var in = zip.getInputStream(zip.getEntry("journal.jsonl"))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(cut.substring(0, cut.lastIndexOf('\n') + 1));
    }
    assertThat(Files.readString(torn.journal())).as("the journal itself stays").isEqualTo(cut);
  }

  @Test
  void withTheKeyItIsKnownWhoSigned() throws IOException {
    try (ZipFile zip = new ZipFile(bundle.toFile());
        var in = zip.getInputStream(zip.getEntry("public-key.pem"))) {
      Files.write(elsewhere.resolve("theirs.pem"), in.readAllBytes());
    }
    Cli.Ended verified =
        Cli.in(elsewhere).within("verify", bundle.toString(), "--key", "theirs.pem");
    assertThat(verified.exit()).isZero();
    assertThat(verified.out()).endsWith("intact, signer as given\n");
  }

  @Test
  void aFlippedByteIsFoundAndSaidWhere() throws IOException {
    byte[] bytes = Files.readAllBytes(bundle);
    bytes[bytes.length / 2] ^= 8;
    Files.write(elsewhere.resolve("flipped.zip"), bytes);
    Cli.Ended verified = Cli.in(elsewhere).within("verify", "flipped.zip");
    assertThat(verified.exit()).isEqualTo(1);
    assertThat(verified.out()).contains("FAIL  archive    in ").endsWith("NOT INTACT\n");
    JsonNode json = Parsed.json(Cli.in(elsewhere).within("verify", "flipped.zip", "--json").out());
    assertThat(json.path("intact").booleanValue()).isFalse();
    assertThat(json.at("/findings/0/holds").booleanValue()).isFalse();
  }

  @Test
  void aJournalAloneIsCheckedUpToItsLastLine() throws IOException {
    String whole = Files.readString(journal);
    Path own = elsewhere.resolve("journal.jsonl");
    Files.writeString(own, whole);
    assertThat(Cli.in(elsewhere).within("verify", "journal.jsonl").out())
        .endsWith("intact, a journal alone is not signed\n");
    assertThat(Cli.in(elsewhere).within("verify", "journal.jsonl").out())
        .doesNotContain("without the run's end");
    Files.writeString(own, whole.substring(0, whole.lastIndexOf('\n', whole.length() - 2) + 1));
    assertThat(Cli.in(elsewhere).within("verify", "journal.jsonl").out())
        .contains("lines hold, without the run's end: it goes on, was killed, or lines behind");
    Files.writeString(own, whole.substring(0, whole.length() - 20));
    Cli.Ended torn = Cli.in(elsewhere).within("verify", "journal.jsonl");
    assertThat(torn.exit()).isZero();
    assertThat(torn.out()).contains("was cut short by a kill and counts for nothing");
    Files.writeString(own, whole.replaceFirst("\"parallel\":2", "\"parallel\":3"));
    Cli.Ended changed = Cli.in(elsewhere).within("verify", "journal.jsonl");
    assertThat(changed.exit()).isEqualTo(1);
    assertThat(changed.out())
        .containsPattern("FAIL  chain +\\d+ lines hold.*; line \\d+: its hash");
  }

  @Test
  void aJournalAloneTakesNoKeyAndNoAuthority() throws IOException {
    Files.copy(journal, elsewhere.resolve("journal.jsonl"));
    for (String option : new String[] {"--key", "--authority"}) {
      Cli.Ended refused = Cli.in(elsewhere).within("verify", "journal.jsonl", option, "theirs.pem");
      assertThat(refused.exit()).isEqualTo(2);
      assertThat(refused.err()).contains(option + " is for evidence.zip: a journal alone has no");
    }
  }

  @Test
  void whatIsNoBundleOrNoKeyIsSaidToBeNone() throws IOException {
    Files.writeString(elsewhere.resolve("text.zip"), "no archive");
    Cli.Ended text = Cli.in(elsewhere).within("verify", "text.zip");
    assertThat(text.exit()).isEqualTo(1);
    assertThat(text.out()).contains("FAIL  archive").doesNotContain("Exception");
    usage("verify needs a file", "verify");
    usage("there is no file none.zip", "verify", "none.zip");
    usage("there is no file none.jsonl", "verify", "none.jsonl");
    usage("--key none.pem can't be read", "verify", bundle.toString(), "--key", "none.pem");
    usage(
        "--key text.zip: it holds no PEM block 'PUBLIC KEY'",
        "verify",
        bundle.toString(),
        "--key",
        "text.zip");
  }

  private void usage(String message, String... words) {
    Cli.Ended refused = Cli.in(elsewhere).within(words);
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).contains(message);
  }
}
