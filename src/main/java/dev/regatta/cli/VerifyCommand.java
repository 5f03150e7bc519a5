package dev.regatta.cli;

import dev.regatta.evidence.Bundle;
import dev.regatta.evidence.Bundle.Finding;
import dev.regatta.evidence.PublicKeys;
import dev.regatta.journal.Event;
import dev.regatta.journal.JournalReader;
import dev.regatta.report.EvidenceBundle;
import dev.regatta.run.Visible;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.aesh.command.CommandDefinition;
import org.aesh.command.option.Argument;
import org.aesh.command.option.Mixin;
import org.aesh.command.option.Option;
import org.jspecify.annotations.Nullable;

/** {@code regatta verify}. */
@CommandDefinition(
    name = "verify",
    description =
        "Check evidence with nothing but its file: signature, digests, chain, and every figure"
            + " anew. A journal alone is checked up to its last line.",
    sortOptions = false)
public final class VerifyCommand extends CliCommand {
  private static final long LARGEST = 256L << 20;

  @Argument(description = "FILE")
  @Nullable String file;

  @Option(
      name = "key",
      argument = "FILE",
      description = "the public key that should have signed it, in PEM")
  @Nullable String key;

  @Option(
      name = "authority",
      argument = "FILE",
      description = "certificates of timestamp authorities that you believe, in PEM")
  @Nullable String authority;

  @Option(name = "json", hasValue = false, description = "as JSON")
  boolean json;

  @Mixin CommonOptions common = new CommonOptions();

  @Override
  CommonOptions common() {
    return common;
  }

  @Override
  String examples() {
    return """
    regatta verify evidence.zip
    regatta verify evidence.zip --key theirs.pem --authority authority.pem
    regatta verify .regatta/runs/RUN/journal.jsonl       how far a journal can be trusted\
    """;
  }

  private record Result(String file, boolean intact, String signer, List<Finding> findings) {}

  @Override
  int run(Context context) {
    if (file == null) {
      throw CliFailure.usage("verify needs a file: evidence.zip of a run, or its journal.jsonl");
    }
    Path named = context.folder().resolve(file);
    boolean alone = named.toString().endsWith(".jsonl");
    if (alone && (key != null || authority != null)) {
      throw CliFailure.usage(
          (key != null ? "--key" : "--authority")
              + " is for evidence.zip: a journal alone has no signature to check");
    }
    Optional<PublicKey> trusted = trusted(context);
    List<Finding> findings = alone ? journal(named) : bundle(context, named, trusted);
    boolean intact = findings.stream().allMatch(Finding::holds);
    String signer =
        alone
            ? "a journal alone is not signed"
            : trusted.isPresent() ? "signer as given" : "signer unknown";
    if (json) {
      Json.print(context.out(), new Result(file, intact, signer, findings));
    } else {
      print(context, findings, intact, signer);
    }
    return intact ? ExitCode.OK : ExitCode.FAILED;
  }

  private void print(Context context, List<Finding> findings, boolean intact, String signer) {
    for (Finding finding : findings) {
      context
          .out()
          .printf(
              Locale.ROOT,
              "%-4s  %-9s  %s%n",
              finding.holds() ? "ok" : "FAIL",
              finding.what(),
              Visible.line(finding.detail(), 500));
    }
    context.out().println(intact ? "intact, " + signer : "NOT INTACT");
  }

  private Optional<PublicKey> trusted(Context context) {
    if (key == null) {
      return Optional.empty();
    }
    Path pem = context.folder().resolve(key);
    try {
      return Optional.of(PublicKeys.read(Files.readString(pem)));
    } catch (IOException e) {
      throw CliFailure.usage("--key " + key + " can't be read: " + Reasons.of(e));
    } catch (IllegalArgumentException e) {
      throw CliFailure.usage("--key " + key + ": " + e.getMessage());
    }
  }

  private List<X509Certificate> authorities(Context context) {
    if (authority == null) {
      return List.of();
    }
    try (InputStream pem = Files.newInputStream(context.folder().resolve(authority))) {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(pem).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (certificates.isEmpty()) {
        throw CliFailure.usage("--authority " + authority + " holds no certificate");
      }
      return certificates;
    } catch (IOException e) {
      throw CliFailure.usage("--authority " + authority + " can't be read: " + Reasons.of(e));
    } catch (CertificateException e) {
      throw CliFailure.usage("--authority " + authority + " holds no certificate in PEM");
    }
  }

  private List<Finding> bundle(Context context, Path named, Optional<PublicKey> trusted) {
    Bundle.Checked checked = Bundle.check(bytes(named), trusted, authorities(context));
    List<Finding> findings = new ArrayList<>(checked.findings());
    checked
        .content()
        .map(content -> EvidenceBundle.recompute(content, VersionCommand.VERSION))
        .ifPresent(findings::addAll);
    return findings;
  }

  private byte[] bytes(Path named) {
    try {
      if (Files.size(named) > LARGEST) {
        throw CliFailure.usage(file + " is larger than 256 MB, which no evidence is");
      }
      return Files.readAllBytes(named);
    } catch (NoSuchFileException e) {
      throw CliFailure.usage("there is no file " + file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be read: " + Reasons.of(e), e);
    }
  }

  private List<Finding> journal(Path named) {
    if (!Files.exists(named)) {
      throw CliFailure.usage("there is no file " + file);
    }
    JournalReader.Contents contents = JournalReader.read(named);
    String until = contents.entries().size() + " lines hold" + unended(contents);
    return List.of(
        switch (contents.integrity()) {
          case JournalReader.Intact ignored -> new Finding("chain", true, until);
          case JournalReader.Torn torn ->
              new Finding(
                  "chain",
                  true,
                  until
                      + "; line "
                      + torn.line()
                      + " was cut short by a kill and counts for nothing");
          case JournalReader.Broken broken ->
              new Finding("chain", false, until + "; line " + broken.line() + ": " + broken.why());
        });
  }

  /** A chain can't show that its last lines were taken away; that the run's end is missing can. */
  private static String unended(JournalReader.Contents contents) {
    return contents.events().stream().anyMatch(Event.RunEnded.class::isInstance)
        ? ""
        : ", without the run's end: it goes on, was killed, or lines behind these are gone";
  }
}
