package dev.regatta.report;

import dev.regatta.experiment.Proof;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** Cost and tokens per credential, as the agents claim them, with totals. */
final class CredentialTable {
  private CredentialTable() {}

  static void write(Proof proof, HtmlWriter html) throws IOException {
    Section.open(proof, html, "Cost and tokens per credential");
    if (proof.credentialsReused()) {
      html.element("p", "Some credentials served more than one task at once.", "class", "lead");
    }
    Section.openTable(
        html,
        "Cost and tokens per credential",
        "Credential",
        "Fingerprint",
        "Attempts",
        "Cost (claimed)",
        "Input tokens",
        "Output tokens",
        "Cache read",
        "Cache written");
    for (Proof.CredentialUse use : proof.credentials()) {
      html.open("tr").element("th", use.name(), "scope", "row");
      html.open("td");
      String fingerprint = use.fingerprint();
      if (fingerprint == null) {
        html.textOrMissing(null);
      } else {
        html.element("code", fingerprint);
      }
      html.close();
      Section.number(html, Integer.toString(use.attempts()));
      Section.number(html, HtmlNumbers.dollars(use.costUsd()));
      tokens(use.tokens(), html);
      html.close();
    }
    total(proof.credentials(), html);
    Section.closeTable(html);
    html.close();
  }

  /** Four cells of token counts. */
  static void tokens(Proof.Tokens tokens, HtmlWriter html) throws IOException {
    Section.number(html, HtmlNumbers.count(tokens.input()));
    Section.number(html, HtmlNumbers.count(tokens.output()));
    Section.number(html, HtmlNumbers.count(tokens.cacheRead()));
    Section.number(html, HtmlNumbers.count(tokens.cacheCreation()));
  }

  private static void total(List<Proof.CredentialUse> uses, HtmlWriter html) throws IOException {
    html.open("tr", "class", "total").element("th", "Total", "scope", "row").element("td", "");
    int attempts = uses.stream().mapToInt(Proof.CredentialUse::attempts).sum();
    Section.number(html, Integer.toString(attempts));
    List<Double> costs =
        uses.stream().map(Proof.CredentialUse::costUsd).filter(Objects::nonNull).toList();
    Section.number(
        html,
        costs.isEmpty()
            ? null
            : HtmlNumbers.dollars(costs.stream().mapToDouble(Double::doubleValue).sum()));
    tokens(Proof.Tokens.sum(uses.stream().map(Proof.CredentialUse::tokens).toList()), html);
    html.close();
  }
}
