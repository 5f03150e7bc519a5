package dev.regatta.evidence;

import dev.regatta.secret.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * The evidence of a run in one file, to be checked by somebody who has nothing else: the journal,
 * the reports, and a signed statement of what belongs together. docs/evidence.md describes it.
 */
public final class Bundle {
  /** What the file is called. */
  public static final String NAME = "evidence.zip";

  /** The journal in it. */
  public static final String JOURNAL = "journal.jsonl";

  /** The report in it, which can be worked out anew from the journal. */
  public static final String REPORT = "report.json";

  /** Files that are signed and stay beside the bundle. */
  static final String BESIDE = "attempts/";

  private static final String ENVELOPE = "statement.dsse.json";
  private static final String KEY = "public-key.pem";
  private static final String TIMESTAMP = "timestamp.tst";

  private Bundle() {}

  /**
   * One thing that was checked.
   *
   * @param what a few words
   * @param holds whether it is as it should be
   * @param detail what was found, and where
   */
  public record Finding(String what, boolean holds, String detail) {}

  /**
   * What a check found.
   *
   * @param findings in order; after one that doesn't hold the rest can't be looked at
   * @param content what the bundle holds, if all of it held
   */
  public record Checked(List<Finding> findings, Optional<Content> content) {}

  /**
   * What a bundle holds.
   *
   * @param statement what was signed
   * @param files by name, in their order
   */
  public record Content(Statement statement, Map<String, byte[]> files) {}

  /** Says by signature when a bundle's statement was there. */
  @FunctionalInterface
  public interface Stamp {
    /** Gives the token of RFC 3161 for what is signed; empty for none. */
    Optional<byte[]> on(byte[] envelope);
  }

  /**
   * Makes a bundle.
   *
   * @param facts of the run
   * @param files the journal and the reports, by name
   * @param beside SHA-256 of files that stay beside the bundle, by their paths
   * @param key signs it
   * @param stamp says when
   */
  public static byte[] make(
      Statement.Facts facts,
      Map<String, byte[]> files,
      Map<String, String> beside,
      SigningKey key,
      Stamp stamp) {
    List<Statement.Subject> subjects = new ArrayList<>();
    files.forEach((name, content) -> subjects.add(Statement.Subject.of(name, content)));
    beside.forEach(
        (name, sha256) -> subjects.add(new Statement.Subject(name, Map.of("sha256", sha256))));
    Statement statement = new Statement(Statement.TYPE, subjects, Statement.PREDICATE, facts);
    Map<String, byte[]> entries = new LinkedHashMap<>();
    byte[] envelope = Envelope.sign(Envelope.MAPPER.writeValueAsBytes(statement), key).json();
    entries.put(ENVELOPE, envelope);
    entries.put(KEY, PublicKeys.pem(key.open()).getBytes(StandardCharsets.US_ASCII));
    stamp.on(envelope).ifPresent(token -> entries.put(TIMESTAMP, token));
    entries.putAll(files);
    return Archive.write(entries);
  }

  /**
   * Checks a bundle as far as that needs no knowledge of what a journal means.
   *
   * @param trusted the key that should have signed it, if one is known
   * @param authorities certificates of timestamp authorities that are believed; if there are any,
   *     one of them must have stamped it
   */
  public static Checked check(
      byte[] archive, Optional<PublicKey> trusted, List<X509Certificate> authorities) {
    List<Finding> findings = new ArrayList<>();
    try {
      Map<String, byte[]> entries = Archive.read(archive);
      findings.add(new Finding("archive", true, entries.size() + " files, as they were put in"));
      PublicKey key = key(entries);
      signer(key, trusted, findings);
      Statement statement = statement(entries, key);
      findings.add(new Finding("signature", true, "by the key " + PublicKeys.id(key)));
      timestamp(entries, authorities, findings);
      Map<String, byte[]> files = files(entries, statement);
      findings.add(new Finding("digests", true, files.size() + " files as the statement says"));
      boolean all = findings.stream().allMatch(Finding::holds);
      return new Checked(
          List.copyOf(findings),
          all ? Optional.of(new Content(statement, files)) : Optional.empty());
    } catch (Archive.NotWhole e) {
      findings.add(new Finding("archive", false, String.valueOf(e.getMessage())));
    } catch (Wrong e) {
      findings.add(e.finding);
    }
    return new Checked(List.copyOf(findings), Optional.empty());
  }

  /** What ends a check. */
  private static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Finding finding;

    Wrong(String what, String detail) {
      super(detail);
      this.finding = new Finding(what, false, detail);
    }
  }

  private static void signer(PublicKey key, Optional<PublicKey> trusted, List<Finding> findings) {
    if (trusted.isEmpty()) {
      findings.add(new Finding("signer", true, "unknown: give the key that you trust with --key"));
    } else if (trusted.get().equals(key)) {
      findings.add(new Finding("signer", true, "the key that was given"));
    } else {
      findings.add(
          new Finding(
              "signer",
              false,
              "another key than the one given (" + PublicKeys.id(trusted.get()) + ")"));
    }
  }

  private static void timestamp(
      Map<String, byte[]> entries, List<X509Certificate> authorities, List<Finding> findings)
      throws Wrong {
    byte[] token = entries.get(TIMESTAMP);
    if (token == null) {
      if (!authorities.isEmpty()) {
        throw new Wrong("timestamp", "there is none, and an authority was given");
      }
      return;
    }
    try {
      Timestamp stamp = Timestamp.check(token, entry(entries, ENVELOPE), authorities);
      boolean missed = !authorities.isEmpty() && !stamp.trusted();
      findings.add(
          new Finding(
              "timestamp",
              !missed,
              stamp.at()
                  + " by "
                  + stamp.authority()
                  + (stamp.trusted()
                      ? ", an authority that was given"
                      : missed
                          ? ", which is none of those that were given"
                          : ", unknown: give the authority that you trust with --authority")));
    } catch (Timestamp.Invalid e) {
      throw new Wrong("timestamp", TIMESTAMP + ": " + e.getMessage());
    }
  }

  private static byte[] entry(Map<String, byte[]> entries, String name) throws Wrong {
    byte[] content = entries.get(name);
    if (content == null) {
      throw new Wrong("archive", name + " is missing, so this is no bundle of evidence");
    }
    return content;
  }

  private static PublicKey key(Map<String, byte[]> entries) throws Wrong {
    byte[] pem = entry(entries, KEY);
    try {
      PublicKey key = PublicKeys.read(new String(pem, StandardCharsets.US_ASCII));
      if (!Arrays.equals(PublicKeys.pem(key).getBytes(StandardCharsets.US_ASCII), pem)) {
        throw new Wrong("signature", KEY + " is not as it was written");
      }
      return key;
    } catch (IllegalArgumentException e) {
      throw new Wrong("signature", KEY + ": " + e.getMessage());
    }
  }

  private static Statement statement(Map<String, byte[]> entries, PublicKey key) throws Wrong {
    byte[] json = entry(entries, ENVELOPE);
    try {
      Envelope envelope = Envelope.read(json);
      // The same content in other bytes would be another file than the one that was made.
      if (!Arrays.equals(envelope.json(), json)) {
        throw new Wrong("signature", ENVELOPE + " is not as it was written");
      }
      if (!envelope.signedBy(key)) {
        throw new Wrong("signature", "it does not fit the statement and the key " + KEY);
      }
      Statement statement = Envelope.MAPPER.readValue(envelope.statement(), Statement.class);
      if (!Statement.TYPE.equals(statement.type())
          || !Statement.PREDICATE.equals(statement.predicateType())) {
        throw new Wrong("signature", "the statement is of another kind");
      }
      return statement;
    } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
      throw new Wrong("signature", ENVELOPE + " is not as it was written");
    }
  }

  private static Map<String, byte[]> files(Map<String, byte[]> entries, Statement statement)
      throws Wrong {
    Map<String, byte[]> files = new LinkedHashMap<>(entries);
    files.remove(ENVELOPE);
    files.remove(KEY);
    files.remove(TIMESTAMP);
    Map<String, String> digests = new LinkedHashMap<>();
    statement.subject().forEach(subject -> digests.put(subject.name(), subject.sha256()));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      String wanted = digests.get(file.getKey());
      if (wanted == null) {
        throw new Wrong("digests", file.getKey() + " is not in the statement");
      }
      if (!wanted.equals(Sha256.of(file.getValue()))) {
        throw new Wrong("digests", file.getKey() + " is not the file that was signed");
      }
    }
    List<String> signed =
        digests.keySet().stream().filter(name -> !name.startsWith(BESIDE)).toList();
    for (String needed : signed) {
      entry(files, needed);
    }
    if (!signed.equals(List.copyOf(files.keySet()))
        || !signed.containsAll(List.of(JOURNAL, REPORT))) {
      throw new Wrong("archive", "its files are not in the order of the statement");
    }
    return files;
  }
}
