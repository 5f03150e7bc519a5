package dev.regatta.cli;

import dev.regatta.evidence.Bundle;
import dev.regatta.evidence.SigningKey;
import dev.regatta.experiment.Proof;
import dev.regatta.journal.JournalReader;
import dev.regatta.report.EvidenceBundle;
import dev.regatta.run.RunFolder;
import dev.regatta.secret.Sha256;
import dev.regatta.store.RegattaHome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Puts a run's evidence into its folder. */
final class Evidence {
  private Evidence() {}

  /** Writes it whole or not at all. */
  static void write(
      Proof proof, JournalReader.Contents journal, RunFolder folder, RegattaHome home) {
    try {
      Map<String, byte[]> files = new LinkedHashMap<>();
      // Without a last line that was cut short, as a full disk leaves it: no chain holds that.
      files.put(
          Bundle.JOURNAL,
          Arrays.copyOf(
              Files.readAllBytes(folder.journal()), Math.toIntExact(journal.wholeBytes())));
      for (String name : Reports.NAMES) {
        files.put(name, Files.readAllBytes(folder.path().resolve(name)));
      }
      byte[] bundle =
          EvidenceBundle.of(
              proof,
              journal.entries(),
              VersionCommand.VERSION,
              files,
              beside(folder),
              SigningKey.in(home.path().resolve("keys")));
      Files.write(folder.beginOwnerOnly(Bundle.NAME), bundle);
      folder.complete(Bundle.NAME);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the evidence could not be written into "
              + folder.path()
              + ": "
              + Reasons.of(e)
              + "; journal and reports are there",
          e);
    }
  }

  /** The raw output of the attempts: too much to be carried about, but not to be exchanged. */
  private static Map<String, String> beside(RunFolder folder) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    Path attempts = folder.path().resolve("attempts");
    if (!Files.isDirectory(attempts, LinkOption.NOFOLLOW_LINKS)) {
      return digests;
    }
    try (Stream<Path> all = Files.list(attempts)) {
      for (Path file : all.toList()) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          digests.put("attempts/" + file.getFileName(), sha256(file));
        }
      }
    }
    return digests;
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      MessageDigest digest = Sha256.begin();
      byte[] piece = new byte[1 << 16];
      for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
        digest.update(piece, 0, got);
      }
      return Sha256.of(digest);
    }
  }
}
