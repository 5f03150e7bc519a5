package dev.regatta.evidence;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.regatta.secret.Sha256;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is signed: an in-toto Statement v1 about the files of a run.
 *
 * @param type the form, always the same
 * @param subject the files with their digests
 * @param predicateType what the rest says
 * @param predicate the facts
 */
public record Statement(
    @JsonProperty("_type") String type,
    List<Subject> subject,
    String predicateType,
    Facts predicate) {

  /** Refuses what lacks a part: whoever made it made it so. */
  public Statement {
    subject = List.copyOf(subject);
    Objects.requireNonNull(predicate);
  }

  static final String TYPE = "https://in-toto.io/Statement/v1";
  static final String PREDICATE = "urn:regatta:evidence:1";

  /**
   * A file.
   *
   * @param name in the bundle, or of the run's folder if it is not in the bundle
   * @param digest {@code sha256}, hexadecimal
   */
  public record Subject(String name, Map<String, String> digest) {

    /** Refuses what lacks a part. */
    public Subject {
      Objects.requireNonNull(name);
      digest = Map.copyOf(digest);
    }

    static Subject of(String name, byte[] content) {
      return new Subject(name, Map.of("sha256", Sha256.of(content)));
    }

    String sha256() {
      return digest.getOrDefault("sha256", "");
    }
  }

  /**
   * The facts in short.
   *
   * @param run the run's id
   * @param kind the command
   * @param rehearsal whether it was a rehearsal
   * @param regatta version of Regatta that made it
   * @param journalLines how many lines the journal has
   * @param journalHead the hash of its last line
   * @param parallel the verdict on parallel execution
   * @param calls the verdict on the calls
   */
  public record Facts(
      String run,
      String kind,
      boolean rehearsal,
      String regatta,
      long journalLines,
      String journalHead,
      String parallel,
      String calls) {

    /** Refuses what lacks a part. */
    public Facts {
      for (String part : Arrays.asList(run, kind, regatta, journalHead, parallel, calls)) {
        Objects.requireNonNull(part);
      }
    }
  }
}
