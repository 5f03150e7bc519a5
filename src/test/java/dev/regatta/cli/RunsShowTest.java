package dev.regatta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regatta.store.RegattaHome;
import dev.regatta.store.RunRow;
import dev.regatta.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class RunsShowTest {
  @TempDir Path folder;

  private Cli cli() {
    return Cli.in(folder);
  }

  private String ran(String input, String... command) {
    List<String> before = Marked.runs(folder.resolve(".regatta"));
    String[] words = new String[command.length + 2];
    words[0] = "run";
    words[1] = "--";
    System.arraycopy(command, 0, words, 2, command.length);
    cli().input(input).within(words);
    return Marked.runs(folder.resolve(".regatta")).stream()
        .filter(run -> !before.contains(run))
        .findFirst()
        .orElseThrow();
  }

  private Path journal(String run) {
    return folder.resolve(".regatta/runs").resolve(run).resolve("journal.jsonl");
  }

  @Test
  void beforeTheFirstRunThereAreNoneAndLookingMakesNothing() {
    Cli.Ended ended = cli().within("runs");
    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).contains("no runs yet").contains("regatta demo");
    assertThat(Parsed.json(cli().within("runs", "--json").out())).isEmpty();
    assertThat(Cli.below(folder)).isEmpty();
  }

  @Test
  void runsAreListedWithWhatBecameOfThem() {
    String good = ran("1\n2\n", "true");
    String bad = ran("1\n", "false");
    Cli.Ended ended = cli().within("runs");
    assertThat(ended.exit()).isZero();
    assertThat(ended.outLines()).hasSize(2);
    assertThat(ended.out()).containsPattern(good + " +run +\\S+ \\S+ +completed +2 of 2");
    assertThat(ended.out()).containsPattern(bad + " +run +\\S+ \\S+ +completed +0 of 1");
    assertThat(cli().within("runs", "--limit", "1").outLines()).hasSize(1);
  }

  /** As a full disk leaves it. */
  private void forgetInTheIndexHowItEnded() {
    try (Store store = Store.open(new RegattaHome(folder.resolve(".regatta")))) {
      RunRow row = store.runs().getFirst();
      store.put(
          RunRow.running(
              row.id(), row.kind(), row.title(), row.folder(), row.startedAt(), row.rehearsal()));
    }
  }

  @Test
  void aRunWhoseEndTheIndexNeverLearntIsListedAsItsJournalHasIt() throws IOException {
    cli().input("1\n2\n").run("run", "--", "true");
    forgetInTheIndexHowItEnded();
    assertThat(cli().within("runs").out()).containsPattern(" completed +2 of 2 ");

    Path journal = journal(Marked.runs(folder.resolve(".regatta")).getFirst());
    List<String> lines = Files.readAllLines(journal);
    Files.write(journal, lines.subList(0, lines.size() - 1));
    forgetInTheIndexHowItEnded();
    assertThat(cli().within("runs").out()).containsPattern(" lost +2 of 2 ");
    assertThat(cli().within("show", journal.getParent().toString()).out()).contains("lost, 2 of 2");

    Files.delete(journal);
    forgetInTheIndexHowItEnded();
    assertThat(cli().within("runs").out()).containsPattern(" lost +- ");
  }

  @Test
  void runsAsJsonHaveEveryField() {
    String run = ran("1\n", "true");
    JsonNode row = Parsed.json(cli().within("runs", "--json").out()).get(0);
    assertThat(row.path("id").asString()).isEqualTo(run);
    assertThat(row.propertyNames())
        .contains("kind", "title", "folder", "startedAt", "endedAt", "status", "rehearsal")
        .contains("tasks", "succeeded", "parallel", "calls");
    assertThat(row.path("endedAt").asString()).endsWith("Z");
  }

  @Test
  void aProofIsListedWithItsVerdictAndMarkedAsARehearsal() {
    cli()
        .onlyPath(FakeClaude.answering(folder, "0"))
        .within("prove", "--rehearsal", "--prompt", "hi", "-P", "2");
    assertThat(cli().within("runs").out())
        .containsPattern("prove .*completed +4 of 4 +REHEARSAL parallel \\w+, calls \\w+");
  }

  @Test
  void aRunIsShownByItsIdByTheBeginningOfItAndByItsFolder() {
    String run = ran("1\n", "true");
    String byId = cli().within("show", run).out();
    assertThat(byId).contains(run).contains("succeeded");
    assertThat(cli().within("show", run.substring(0, 12)).out()).isEqualTo(byId);
    assertThat(cli().within("show", ".regatta/runs/" + run).out()).isEqualTo(byId);
    JsonNode json = Parsed.json(cli().within("show", run, "--json").out());
    assertThat(json.path("run").asString()).isEqualTo(run);
    assertThat(json.path("tasks").get(0).path("task").asString()).isEqualTo("1");
  }

  @Test
  void aProofIsShownAsItWasPrinted() {
    Cli.Ended proved =
        cli()
            .onlyPath(FakeClaude.answering(folder, "0"))
            .within("prove", "--rehearsal", "--prompt", "hi", "-P", "2", "--out", "proof");
    String shown = cli().within("show", "proof").out();
    assertThat(proved.out().replaceAll("(?s)\\nReports:.*?\\n\\n", ""))
        .isEqualToIgnoringNewLines(shown);
  }

  @Test
  void ofARunWhoseFolderWasDeletedTheListKeepsItsLineAndShowSaysWhatIsGone() throws IOException {
    String run = ran("1\n", "true");
    Path kept = folder.resolve(".regatta/runs").resolve(run);
    Files.move(kept, folder.resolve("elsewhere"));
    Cli.Ended shown = cli().within("show", run);
    assertThat(shown.exit()).isEqualTo(2);
    assertThat(shown.err()).contains("nothing is left to show: its folder is gone, " + kept);
    assertThat(cli().within("runs").out()).contains(run);
    ran("1\n", "true");
  }

  @Test
  void aBeginningThatSeveralRunsShareNamesNone() {
    ran("1\n", "true");
    ran("1\n", "true");
    Cli.Ended ended = cli().within("show", "20");
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.err())
        .contains("'20' is the beginning of several runs")
        .contains("regatta runs");
    assertThat(
            Cli.below(folder.resolve(".regatta/runs")).stream().filter(name -> !name.contains("/")))
        .allSatisfy(run -> assertThat(ended.err()).contains(run));
    Cli.Ended resumed = cli().within("run", "--resume", "20");
    assertThat(resumed.exit()).isEqualTo(2);
    assertThat(resumed.err()).contains("several runs");
  }

  @Test
  void aRunIsGoneOnWithByItsFolderToo() {
    String run = ran("1\n", "true");
    Cli.Ended resumed = cli().within("run", "--resume", ".regatta/runs/" + run);
    assertThat(resumed.exit()).as(resumed.err()).isZero();
    assertThat(resumed.err()).contains("1 of 1 tasks are done");
  }

  @Test
  void aLastLineThatWasCutShortIsSaidAndTheRestIsShown() throws IOException {
    String run = ran("1\n", "true");
    Files.writeString(journal(run), "{\"seq\":", StandardOpenOption.APPEND);
    Cli.Ended ended = cli().within("show", run);
    assertThat(ended.exit()).isZero();
    assertThat(ended.err()).contains("the last line was cut short");
    assertThat(ended.out()).contains("succeeded");
  }

  @Test
  void aJournalThatWasChangedIsShownUpToThereAndTheExitCodeIsOne() throws IOException {
    String run = ran("1\n", "true");
    change(journal(run));
    Cli.Ended ended = cli().within("show", run);
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.err()).contains("journal.jsonl:").contains("what follows is not shown");
    assertThat(cli().within("runs").exit()).isZero();
    Cli.Ended resumed = cli().within("run", "--resume", run);
    assertThat(resumed.exit()).isEqualTo(3);
    assertThat(resumed.err()).contains("not gone on with").doesNotContain("Exception");
  }

  private static void change(Path journal) throws IOException {
    List<String> lines = Files.readAllLines(journal);
    lines.set(lines.size() - 2, lines.get(lines.size() - 2).replaceFirst("1", "2"));
    Files.write(journal, lines);
  }

  @Test
  void anEmptyJournalIsSaid() throws IOException {
    String run = ran("1\n", "true");
    Files.write(journal(run), new byte[0]);
    for (String[] words :
        new String[][] {{"show", run}, {"show", run, "--json"}, {"run", "--resume", run}}) {
      Cli.Ended ended = cli().within(words);
      assertThat(ended.exit()).as(String.join(" ", words)).isEqualTo(1);
      assertThat(ended.err()).doesNotContain("Exception", "should not");
    }
  }

  /** A killed run whose journal is damaged must not keep every later command from its work. */
  @Test
  void aKilledRunWithADamagedJournalIsSaidOnceAndListedAsLost() throws IOException {
    String run = ran("1\n", "true");
    change(journal(run));
    Path live = folder.resolve(".regatta/live");
    Files.createDirectories(live);
    Files.writeString(live.resolve(run), journal(run).getParent() + "\n\n", StandardCharsets.UTF_8);

    Cli.Ended first = cli().within("runs");
    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.err())
        .contains("run " + run + " was killed")
        .contains("Its journal is damaged");
    assertThat(first.out()).contains(run);
    assertThat(cli().within("runs").err()).as("said once").isEmpty();
    assertThat(cli().input("1\n").within("run", "--", "true").exit()).isZero();
  }
}
