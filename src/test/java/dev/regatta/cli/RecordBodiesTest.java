package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --record-bodies}. */
class RecordBodiesTest {
  private static final String TOKEN = "sk-ant-api03-planted-in-a-prompt";

  @TempDir Path folder;

  private Cli cli() throws IOException {
    Files.writeString(
        folder.resolve("quick.yaml"), "rules:\n  - { reply: 'so be it', latency: 0.1 }\n");
    return Cli.in(folder).onlyPath(folder.resolve("none")).with("CLAUDE_CODE_TOKEN", TOKEN);
  }

  private static List<Path> bodies(Path attempts, String side) {
    return Cli.below(attempts).stream()
        .filter(name -> name.endsWith("." + side))
        .map(attempts::resolve)
        .toList();
  }

  private static void assertKept(Path attempts) throws IOException {
    assertThat(bodies(attempts, "request"))
        .isNotEmpty()
        .hasSameSizeAs(bodies(attempts, "response"));
    for (Path body : bodies(attempts, "request")) {
      assertThat(body)
          .content()
          .contains("why is [secret ")
          .doesNotContain(TOKEN)
          .doesNotContain("regatta-placeholder-");
    }
    for (Path body : bodies(attempts, "response")) {
      assertThat(body).content().contains("so be it");
    }
  }

  @Test
  void aProofKeepsThemBesideTheOutputAndTheirDigestsInTheBundle() throws IOException {
    Cli.Ended proof =
        cli()
            .within(
                "prove",
                "--rehearsal",
                "--agent",
                "rehearsal-agent",
                "--script",
                "quick.yaml",
                "-P",
                "2",
                "--prompt",
                "why is " + TOKEN,
                "--record-bodies",
                "--out",
                "out");
    assertThat(proof.err()).doesNotContain("Exception");
    assertKept(folder.resolve("out/attempts"));
    String name = bodies(folder.resolve("out/attempts"), "request").getFirst().getFileName() + "";
    assertThat(Cli.in(folder).within("verify", "out/evidence.zip").exit()).isZero();
    try (var zip = new java.util.zip.ZipFile(folder.resolve("out/evidence.zip").toFile())) {
      assertThat(zip.stream().map(entry -> entry.getName())).noneMatch(it -> it.contains(name));
      String envelope =
          new String(zip.getInputStream(zip.getEntry("statement.dsse.json")).readAllBytes());
      String payload = Parsed.json(envelope).path("payload").asString();
      assertThat(new String(java.util.Base64.getDecoder().decode(payload)))
          .contains("attempts/" + name);
    }
  }

  @Test
  void aRunKeepsThemTooAndPutsTheGatewayInForThat() throws IOException {
    Cli.Ended run =
        cli()
            .input("why is " + TOKEN + "\n")
            .within(
                "run",
                "--rehearsal",
                "--agent",
                "rehearsal-agent",
                "--script",
                "quick.yaml",
                "--record-bodies");
    assertThat(run.exit()).as(run.err()).isZero();
    Path home = folder.resolve(".regatta");
    assertKept(home.resolve("runs/" + Marked.runs(home).getFirst() + "/attempts"));
  }

  @Test
  void withoutItNothingIsKept() throws IOException {
    cli()
        .within(
            "prove",
            "--rehearsal",
            "--agent",
            "rehearsal-agent",
            "--script",
            "quick.yaml",
            "-P",
            "1",
            "--prompt",
            "why",
            "--out",
            "out");
    assertThat(bodies(folder.resolve("out/attempts"), "request")).isEmpty();
    assertThat(bodies(folder.resolve("out/attempts"), "response")).isEmpty();
  }

  @Test
  void whereNoGatewaySeesThemItIsRefused() throws IOException {
    Cli.Ended without =
        cli().within("prove", "--rehearsal", "--no-witness", "--record-bodies", "--prompt", "why");
    assertThat(without.exit()).isEqualTo(2);
    assertThat(without.err()).contains("--record-bodies and --no-witness exclude each other");
    Cli.Ended commands = cli().input("x\n").within("run", "--record-bodies", "--", "true");
    assertThat(commands.exit()).isEqualTo(2);
    assertThat(commands.err()).contains("--record-bodies is for agents that call a model API");
  }
}
