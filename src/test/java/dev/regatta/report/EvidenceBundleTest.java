package dev.regatta.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.evidence.Bundle;
import dev.regatta.evidence.Bundle.Finding;
import dev.regatta.evidence.SigningKey;
import dev.regatta.experiment.Proof;
import dev.regatta.experiment.ProofDerivation;
import dev.regatta.journal.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The evidence of a real rehearsal. */
class EvidenceBundleTest {
  @TempDir Path folder;
  private Path proof;
  private List<Entry> journal;
  private Proof derived;
  private SigningKey key;

  @BeforeEach
  void prove() throws IOException {
    proof = new RealProofs(folder).rehearsal();
    journal = RealProofs.journal(proof);
    derived = ProofDerivation.of(journal);
    key = SigningKey.in(folder.resolve("keys"));
  }

  private byte[] bundle(String report) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(Bundle.JOURNAL, Files.readAllBytes(proof.resolve("journal.jsonl")));
    files.put(Bundle.REPORT, report.getBytes(StandardCharsets.UTF_8));
    return EvidenceBundle.of(
        derived, journal, "test", files, Map.of(), key, envelope -> Optional.empty());
  }

  private static List<Finding> check(byte[] bundle) {
    Bundle.Checked checked = Bundle.check(bundle, Optional.empty(), List.of());
    List<Finding> findings = new ArrayList<>(checked.findings());
    checked
        .content()
        .map(content -> EvidenceBundle.recompute(content, "test"))
        .ifPresent(findings::addAll);
    return findings;
  }

  @Test
  void everyFigureFollowsFromTheJournal() throws IOException {
    List<Finding> findings = check(bundle(JsonReport.of(derived)));
    assertThat(findings).allMatch(Finding::holds);
    assertThat(findings)
        .extracting(Finding::what)
        .containsExactly(
            "archive", "signer", "signature", "digests", "chain", "figures", "reports", "verdict");
    assertThat(findings.get(4).detail()).startsWith(journal.size() + " lines, head ");
    assertThat(findings.getLast().detail()).matches("PARALLEL: \\w+, CALLS: rehearsal");
  }

  @Test
  void aFigureThatTheSignerPolishedIsFound() throws IOException {
    String polished =
        JsonReport.of(derived).replaceFirst("\"speedup\" : [0-9.]+", "\"speedup\" : 2.999");
    assertThat(check(bundle(polished)))
        .filteredOn(finding -> !finding.holds())
        .singleElement()
        .isEqualTo(
            new Finding(
                "figures",
                false,
                "report.json says otherwise than the journal at /comparison/speedup (it was made"
                    + " by version test)"));
  }

  @Test
  void aJournalThatWasCutOrChangedByTheSignerIsFound() throws IOException {
    Path file = proof.resolve("journal.jsonl");
    String whole = Files.readString(file);
    List<String> lines = whole.lines().toList();
    Files.writeString(file, String.join("\n", lines.subList(0, lines.size() - 1)) + "\n");
    assertThat(last(bundle(JsonReport.of(derived))).detail())
        .startsWith("journal.jsonl does not end as the statement says, with line ");
    Files.writeString(file, whole.replaceFirst("\"parallel\":3", "\"parallel\":4"));
    assertThat(last(bundle(JsonReport.of(derived))).detail())
        .matches("journal\\.jsonl:\\d+: its hash does not follow .*");
    Files.writeString(file, whole.stripTrailing());
    assertThat(last(bundle(JsonReport.of(derived))).detail())
        .matches("journal\\.jsonl:\\d+: it has no line end");
  }

  private static Finding last(byte[] bundle) {
    Finding last = check(bundle).getLast();
    assertThat(last.holds()).isFalse();
    return last;
  }

  @Test
  void eachOf500FlippedBytesIsFound() throws IOException {
    byte[] bundle = bundle(JsonReport.of(derived));
    Random random = new Random(20261121);
    for (int i = 0; i < 500; i++) {
      byte[] flipped = bundle.clone();
      int at = random.nextInt(flipped.length);
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      Finding last = check(flipped).getLast();
      assertThat(last.holds()).as("byte " + at).isFalse();
      assertThat(last.detail()).as("byte " + at).isNotBlank();
    }
  }
}
