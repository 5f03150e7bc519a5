package dev.regatta.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
  private static final Statement.Facts FACTS =
      new Statement.Facts("r-1", "prove", true, "0.1.0", 3, "ab", "confirmed", "rehearsal");

  @TempDir Path folder;
  private SigningKey key;
  private byte[] bundle;

  @BeforeEach
  void makeABundle() {
    key = SigningKey.in(folder.resolve("keys"));
    bundle = bundle(key);
  }

  private static byte[] bundle(SigningKey key) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("journal.jsonl", bytes("{\"seq\":1}\n".repeat(40)));
    files.put("report.json", bytes("{\"verdict\":{}}\n".repeat(40)));
    files.put("report.txt", bytes("PARALLEL: confirmed\n"));
    return Bundle.make(
        FACTS, files, Map.of("attempts/a.out", "00"), key, envelope -> Optional.empty());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aBundleThatNobodyTouchedHoldsInEveryPoint() {
    Bundle.Checked checked = Bundle.check(bundle, Optional.of(key.open()), List.of());
    assertThat(checked.findings())
        .allMatch(Bundle.Finding::holds)
        .extracting(Bundle.Finding::what)
        .containsExactly("archive", "signer", "signature", "digests");
    Bundle.Content content = checked.content().orElseThrow();
    assertThat(content.statement().predicate()).isEqualTo(FACTS);
    assertThat(content.files().keySet())
        .containsExactly("journal.jsonl", "report.json", "report.txt");
    assertThat(content.statement().subject())
        .extracting(Statement.Subject::name)
        .contains("attempts/a.out");
  }

  @Test
  void withoutAKeyThatIsTrustedTheSignerIsUnknown() {
    Bundle.Checked checked = Bundle.check(bundle, Optional.empty(), List.of());
    assertThat(checked.content()).isPresent();
    assertThat(checked.findings())
        .contains(
            new Bundle.Finding("signer", true, "unknown: give the key that you trust with --key"));
  }

  @Test
  void aBundleOfAnotherSignerIsNotTaken() {
    SigningKey other = SigningKey.in(folder.resolve("other"));
    Bundle.Checked checked = Bundle.check(bundle, Optional.of(other.open()), List.of());
    assertThat(checked.content()).isEmpty();
    assertThat(checked.findings())
        .filteredOn(finding -> !finding.holds())
        .singleElement()
        .satisfies(finding -> assertThat(finding.what()).isEqualTo("signer"));
  }

  @Test
  void theSameContentIsTheSameBytes() {
    assertThat(bundle(key)).isEqualTo(bundle);
  }

  @Test
  void eachFlippedByteIsFoundAndItIsSaidWhere() {
    Random random = new Random(20261121);
    for (int i = 0; i < 500; i++) {
      byte[] flipped = bundle.clone();
      int at = random.nextInt(flipped.length);
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      Bundle.Checked checked = Bundle.check(flipped, Optional.empty(), List.of());
      assertThat(checked.content()).as("byte " + at).isEmpty();
      assertThat(checked.findings().getLast().holds()).as("byte " + at).isFalse();
      assertThat(checked.findings().getLast().detail()).as("byte " + at).isNotBlank();
    }
  }

  @Test
  void everyByteOfTheHeadersAndTheDirectoryCountsToo() {
    IntStream.range(0, bundle.length)
        .filter(at -> at < 60 || at > bundle.length - 400)
        .forEach(at -> {
          byte[] flipped = bundle.clone();
          flipped[at] ^= 1;
          assertThat(Bundle.check(flipped, Optional.empty(), List.of()).content())
              .as("byte " + at)
              .isEmpty();
        });
  }

  @Test
  void whatIsCutOffPutBehindOrNoArchiveIsRefused() {
    byte[] longer = Arrays.copyOf(bundle, bundle.length + 1);
    for (byte[] other :
        List.of(
            longer,
            Arrays.copyOf(bundle, bundle.length - 1),
            Arrays.copyOf(bundle, bundle.length / 2),
            new byte[0],
            bytes("no archive at all"))) {
      assertThat(Bundle.check(other, Optional.empty(), List.of()).content()).isEmpty();
    }
  }

  @Test
  void aFileThatTheStatementDoesNotNameIsFound() throws Exception {
    Map<String, byte[]> entries = new LinkedHashMap<>(Archive.read(bundle));
    entries.put("more.txt", bytes("more"));
    assertThat(last(Archive.write(entries)).detail()).isEqualTo("more.txt is not in the statement");
    entries.remove("more.txt");
    entries.put("report.txt", bytes("PARALLEL: refuted\n"));
    assertThat(last(Archive.write(entries)).detail())
        .isEqualTo("report.txt is not the file that was signed");
    entries.remove("report.json");
    assertThat(last(Archive.write(entries)).holds()).isFalse();
    entries.remove("statement.dsse.json");
    assertThat(last(Archive.write(entries)).detail())
        .isEqualTo("statement.dsse.json is missing, so this is no bundle of evidence");
  }

  @Test
  void aSignedFileThatWasTakenOutOrMovedIsMissed() throws Exception {
    Map<String, byte[]> entries = new LinkedHashMap<>(Archive.read(bundle));
    byte[] text = entries.remove("report.txt");
    assertThat(last(Archive.write(entries)).detail())
        .isEqualTo("report.txt is missing, so this is no bundle of evidence");
    Map<String, byte[]> moved = new LinkedHashMap<>();
    moved.put("statement.dsse.json", entries.remove("statement.dsse.json"));
    moved.put("public-key.pem", entries.remove("public-key.pem"));
    moved.put("report.txt", text);
    moved.putAll(entries);
    assertThat(last(Archive.write(moved)).detail())
        .isEqualTo("its files are not in the order of the statement");
  }

  @Test
  void aCompressedArchiveIsRefusedBeforeItIsUnpacked() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("journal.jsonl"));
      zip.write(new byte[8 << 20]);
      zip.closeEntry();
    }
    assertThat(last(bytes.toByteArray()).detail())
        .isEqualTo("in journal.jsonl: it is compressed, which nothing of ours is");
  }

  @Test
  void aStatementSignedWithAnotherKeyThanTheOneBesideItIsFound() throws Exception {
    Map<String, byte[]> entries = new LinkedHashMap<>(Archive.read(bundle));
    SigningKey other = SigningKey.in(folder.resolve("other"));
    entries.put("public-key.pem", bytes(PublicKeys.pem(other.open())));
    assertThat(last(Archive.write(entries)).detail())
        .isEqualTo("it does not fit the statement and the key public-key.pem");
  }

  private static Bundle.Finding last(byte[] archive) {
    return Bundle.check(archive, Optional.empty(), List.of()).findings().getLast();
  }

  @Test
  void namesThatLeadElsewhereAreNoEntries() {
    for (String name : List.of("../x", "/x", "a/../b", "a//b", "", "a\\b", "x".repeat(101))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Archive.write(Map.of(name, new byte[0])));
    }
  }

  @Test
  void theKeyIsMadeOnceForItsOwnerOnly() throws IOException {
    Path file = folder.resolve("keys/evidence-ed25519.pem");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(SigningKey.in(folder.resolve("keys")).open()).isEqualTo(key.open());
    assertThat(PublicKeys.read(PublicKeys.pem(key.open()))).isEqualTo(key.open());
  }

  @Test
  void manyThatStartAtOnceGetTheSameKey() throws InterruptedException {
    Set<String> ids = ConcurrentHashMap.newKeySet();
    List<Thread> starts =
        IntStream.range(0, 8)
            .mapToObj(i ->
                Thread.startVirtualThread(
                    () -> ids.add(PublicKeys.id(SigningKey.in(folder.resolve("many")).open()))))
            .toList();
    for (Thread start : starts) {
      start.join();
    }
    assertThat(ids).hasSize(1);
    assertThat(folder.resolve("many")).isDirectoryContaining("glob:**/evidence-ed25519.pem");
  }

  @Test
  void aKeyThatOthersMayReadOrThatIsNoneIsRefused() throws IOException {
    Path file = folder.resolve("keys/evidence-ed25519.pem");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> SigningKey.in(folder.resolve("keys")))
        .isInstanceOf(SigningKey.KeyProblem.class)
        .hasMessageContaining("others may read this key (rw-r--r--)");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(file, "no key");
    assertThatThrownBy(() -> SigningKey.in(folder.resolve("keys")))
        .isInstanceOf(SigningKey.KeyProblem.class)
        .hasMessageContaining("is no key of ours");
  }
}
