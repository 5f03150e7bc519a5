package dev.regatta.report;

import dev.regatta.evidence.Bundle;
import dev.regatta.evidence.Bundle.Finding;
import dev.regatta.evidence.SigningKey;
import dev.regatta.evidence.Statement;
import dev.regatta.experiment.Proof;
import dev.regatta.experiment.ProofDerivation;
import dev.regatta.journal.Entry;
import dev.regatta.journal.JournalReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A proof's evidence in one file, and whether such a file says what its journal says. */
public final class EvidenceBundle {
  private EvidenceBundle() {}

  /**
   * Makes it.
   *
   * @param proof what the journal comes to
   * @param journal the journal's lines
   * @param version this program's version
   * @param files the journal and the reports, by name
   * @param beside SHA-256 of files that stay outside, by their paths
   * @param key signs it
   * @param stamp says when
   */
  public static byte[] of(
      Proof proof,
      List<Entry> journal,
      String version,
      Map<String, byte[]> files,
      Map<String, String> beside,
      SigningKey key,
      Bundle.Stamp stamp) {
    Statement.Facts facts =
        new Statement.Facts(
            proof.run(),
            proof.kind(),
            proof.rehearsal(),
            version,
            journal.size(),
            journal.getLast().hash(),
            proof.verdict().parallel().word(),
            proof.verdict().calls().word());
    return Bundle.make(facts, files, beside, key, stamp);
  }

  /**
   * Works out everything anew from the journal, and holds it against what was signed.
   *
   * @param version this program's version: another's text and page may look different
   */
  public static List<Finding> recompute(Bundle.Content content, String version) {
    List<Finding> findings = new ArrayList<>();
    JournalReader.Contents journal = journal(content);
    Statement.Facts facts = content.statement().predicate();
    findings.add(chain(journal, facts));
    if (!findings.getLast().holds()) {
      return List.copyOf(findings);
    }
    Proof proof;
    try {
      proof = ProofDerivation.of(journal.entries());
    } catch (ProofDerivation.NoRun e) {
      findings.add(new Finding("figures", false, String.valueOf(e.getMessage())));
      return List.copyOf(findings);
    } catch (RuntimeException e) {
      // Whoever signed it can have written anything into a journal whose chain holds.
      findings.add(new Finding("figures", false, "nothing can be worked out of this journal"));
      return List.copyOf(findings);
    }
    findings.add(figures(content, proof));
    findings.add(forPeople(content, proof, version));
    findings.add(verdict(proof, facts));
    return List.copyOf(findings);
  }

  private static JournalReader.Contents journal(Bundle.Content content) {
    try {
      return JournalReader.read(
          new ByteArrayInputStream(
              Objects.requireNonNull(content.files().get(Bundle.JOURNAL), Bundle.JOURNAL)));
    } catch (IOException e) {
      throw new UncheckedIOException("memory can be read", e);
    }
  }

  private static Finding chain(JournalReader.Contents journal, Statement.Facts facts) {
    return switch (journal.integrity()) {
      case JournalReader.Broken broken ->
          new Finding("chain", false, Bundle.JOURNAL + ":" + broken.line() + ": " + broken.why());
      case JournalReader.Torn torn ->
          new Finding("chain", false, Bundle.JOURNAL + ":" + torn.line() + ": it has no line end");
      case JournalReader.Intact ignored -> head(journal.entries(), facts);
    };
  }

  private static Finding head(List<Entry> entries, Statement.Facts facts) {
    if (entries.isEmpty()
        || entries.size() != facts.journalLines()
        || !entries.getLast().hash().equals(facts.journalHead())) {
      return new Finding(
          "chain",
          false,
          Bundle.JOURNAL
              + " does not end as the statement says, with line "
              + facts.journalLines()
              + " and the hash "
              + facts.journalHead());
    }
    return new Finding("chain", true, entries.size() + " lines, head " + facts.journalHead());
  }

  /** Every figure and criterion, by comparing the whole report with one that is made anew. */
  private static Finding figures(Bundle.Content content, Proof proof) {
    JsonNode anew = JsonMapper.shared().readTree(JsonReport.of(proof));
    JsonNode given;
    try {
      given = JsonMapper.shared().readTree(content.files().get(Bundle.REPORT));
    } catch (JacksonException e) {
      return new Finding("figures", false, Bundle.REPORT + " is not JSON");
    }
    return Difference.first(given, anew)
        .map(at ->
            new Finding(
                "figures",
                false,
                Bundle.REPORT
                    + " says otherwise than the journal at "
                    + at
                    + (content.statement().predicate().regatta().isEmpty()
                        ? ""
                        : " (it was made by version "
                            + content.statement().predicate().regatta()
                            + ")")))
        .orElseGet(() ->
            new Finding(
                "figures",
                true,
                "every figure and all "
                    + proof.criteria().size()
                    + " criteria follow from the journal"));
  }

  /** Text and page are what people read, so they are made anew too. */
  private static Finding forPeople(Bundle.Content content, Proof proof, String version) {
    String made = content.statement().predicate().regatta();
    if (!made.equals(version)) {
      return new Finding(
          "reports", true, "text and page are as they were signed, by version " + made);
    }
    StringWriter page = new StringWriter();
    try {
      HtmlReport.write(proof, page);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes a page", e);
    }
    List<String> others = new ArrayList<>();
    Map.of("report.txt", TextReport.of(proof, false), "report.html", page.toString())
        .forEach((name, anew) -> {
          byte[] given = content.files().get(name);
          if (given != null && !Arrays.equals(given, anew.getBytes(StandardCharsets.UTF_8))) {
            others.add(name);
          }
        });
    return others.isEmpty()
        ? new Finding("reports", true, "text and page are what the journal gives")
        : new Finding(
            "reports",
            false,
            "not what the journal gives: " + String.join(", ", others.stream().sorted().toList()));
  }

  private static Finding verdict(Proof proof, Statement.Facts facts) {
    boolean same =
        proof.run().equals(facts.run())
            && proof.kind().equals(facts.kind())
            && proof.rehearsal() == facts.rehearsal()
            && proof.verdict().parallel().word().equals(facts.parallel())
            && proof.verdict().calls().word().equals(facts.calls());
    return new Finding(
        "verdict",
        same,
        same
            ? "PARALLEL: " + facts.parallel() + ", CALLS: " + facts.calls()
            : "the statement says otherwise than the journal");
  }
}
