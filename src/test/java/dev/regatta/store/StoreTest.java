package dev.regatta.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreTest {
  private static final Instant START = Instant.parse("2026-11-21T09:00:00Z");

  @TempDir Path folder;

  static RunRow row(String id, Instant startedAt) {
    return new RunRow(
        id,
        "run",
        "title",
        Path.of("/runs", id),
        startedAt,
        null,
        "running",
        false,
        3,
        0,
        null,
        null);
  }

  private RegattaHome home() {
    return RegattaHome.open(folder.resolve("home"));
  }

  @Test
  void aRunComesBackAsItWasPutAlsoFromTheNextStore() {
    RunRow whole =
        new RunRow(
            "20261121-a1b2",
            "prove",
            "'; DROP TABLE runs; -- \u001b[31m 😀 \"",
            Path.of("/a b/ü/%"),
            START.plusMillis(7),
            START.plusSeconds(9),
            "completed",
            true,
            6,
            5,
            "confirmed",
            "rehearsal");
    RunRow bare = row("20261121-c3d4", START);
    try (Store store = Store.open(home())) {
      store.put(whole);
      store.put(bare);
      assertThat(store.runs()).containsExactly(whole, bare);
    }
    try (Store store = Store.open(home())) {
      assertThat(store.runs()).containsExactly(whole, bare);
      assertThat(store.run("20261121-a1b2")).contains(whole);
    }
  }

  @Test
  void puttingARunAgainTellsWhatBecameOfIt() {
    try (Store store = Store.open(home())) {
      store.put(row("r", START));
      RunRow ended =
          new RunRow(
              "r",
              "other",
              "other",
              Path.of("/other"),
              START.plusSeconds(5),
              START.plusSeconds(9),
              "completed",
              true,
              4,
              4,
              "confirmed",
              "rehearsal");
      store.put(ended);
      assertThat(store.runs())
          .as("what it was stays, what became of it changes")
          .containsExactly(
              new RunRow(
                  "r",
                  "run",
                  "title",
                  Path.of("/runs/r"),
                  START,
                  START.plusSeconds(9),
                  "completed",
                  true,
                  4,
                  4,
                  "confirmed",
                  "rehearsal"));
    }
  }

  @Test
  void runsAreListedLatestFirstAlsoWithinASecond() {
    List<RunRow> rows = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      // Whole seconds and fractions: their texts must sort as the times do.
      rows.add(row(String.format("r%02d", i), START.plusMillis(250L * i)));
    }
    List<RunRow> mixed = new ArrayList<>(rows);
    java.util.Collections.shuffle(mixed, new Random(8));
    try (Store store = Store.open(home())) {
      mixed.forEach(store::put);
      assertThat(store.runs()).isEqualTo(rows.reversed());
    }
  }

  @Test
  void aRunIsFoundByTheBeginningOfItsIdIfOnlyOneBeginsSo() {
    try (Store store = Store.open(home())) {
      store.put(row("20261121-aa", START));
      store.put(row("20261121-ab", START));
      store.put(row("20261121-aab", START));
      store.put(row("100%_", START));
      assertThat(store.run("20261121-ab")).map(RunRow::id).contains("20261121-ab");
      assertThat(store.run("20261121-aa")).as("exact").map(RunRow::id).contains("20261121-aa");
      assertThat(store.run("20261121-a")).as("three begin so").isEmpty();
      assertThat(store.run("1")).map(RunRow::id).contains("100%_");
      assertThat(store.run("%")).as("not a pattern").isEmpty();
      assertThat(store.run("zz")).isEmpty();
    }
  }

  @Test
  void aCredentialRestsUntilItsTimeAndTheLaterOfTwoCounts() {
    try (Store store = Store.open(home())) {
      store.rest(new Rest("f1", "ONE", START.plusSeconds(60), "429"));
      store.rest(new Rest("f1", "ONE", START.plusSeconds(10), "429 again"));
      store.rest(new Rest("f2", "TWO", START.plusSeconds(5), "429"));
      assertThat(store.rests(START))
          .containsExactly(
              new Rest("f1", "ONE", START.plusSeconds(60), "429"),
              new Rest("f2", "TWO", START.plusSeconds(5), "429"));
      assertThat(store.rests(START.plusSeconds(5))).extracting(Rest::name).containsExactly("ONE");
      assertThat(store.rests(START.plusSeconds(60))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"+58000-01-01T00:00:00Z", "+1000000000-12-31T23:59:59.999999999Z"})
  void aRestUntilAYearThatNobodyMeantStillRests(String until) {
    try (Store store = Store.open(home())) {
      store.rest(new Rest("f1", "ONE", Instant.parse(until), "a limit in wrong units"));
      assertThat(store.rests(START)).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"what?mode=memory", "a b#c", "50%25", "ünïcode 😀", "semi;colon&and"})
  void aHomeOfAnyNameHasItsStoreInIt(String name) {
    RegattaHome home = RegattaHome.open(folder.resolve(name));
    try (Store store = Store.open(home)) {
      store.put(row("r", START));
    }
    assertThat(home.database()).isRegularFile();
    try (Store store = Store.open(home)) {
      assertThat(store.runs()).hasSize(1);
    }
  }

  @Test
  void aFileThatIsNoDatabaseIsNamedAndLeftAsItIs() throws Exception {
    String text = "this is a text, and longer than the header of a database would be. ".repeat(9);
    Files.writeString(home().database(), text);
    assertThatThrownBy(() -> Store.open(home()))
        .isInstanceOf(Store.StoreProblem.class)
        .hasMessageStartingWith("the store " + home().database() + " cannot be used: ")
        .hasMessageContaining("file is not a database")
        .hasMessageEndingWith(
            "; when it is moved away it is made anew: runs stay in their folders, the history of"
                + " stress suites goes with it");
    assertThat(home().database()).hasContent(text);
    Files.delete(home().database());
    try (Store store = Store.open(home())) {
      assertThat(store.runs()).as("made anew").isEmpty();
    }
  }

  @Test
  void aDamagedDatabaseIsNamed() throws Exception {
    try (Store store = Store.open(home())) {
      for (int i = 0; i < 200; i++) {
        store.put(row("run-" + i, START.plusSeconds(i)));
      }
    }
    byte[] bytes = Files.readAllBytes(home().database());
    java.util.Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
    Files.write(home().database(), bytes);
    assertThatThrownBy(
            () -> {
              try (Store store = Store.open(home())) {
                store.runs();
              }
            })
        .isInstanceOf(Store.StoreProblem.class)
        .hasMessageStartingWith("the store " + home().database() + " cannot be used: ")
        .hasMessageContaining("malformed");
  }

  @Test
  void aFolderInItsPlaceIsSaid() throws Exception {
    Files.createDirectory(home().database());
    assertThatThrownBy(() -> Store.open(home()))
        .isInstanceOf(Store.StoreProblem.class)
        .hasMessageStartingWith("the store " + home().database() + " cannot be used: ");
  }

  @Test
  void aStoreOfALaterVersionIsNotTouched() throws Exception {
    Store.open(home()).close();
    sql("PRAGMA user_version = 99");
    assertThatThrownBy(() -> Store.open(home()))
        .isInstanceOf(Store.StoreProblem.class)
        .hasMessageContaining("it was made by a later version of regatta");
    assertThat(sql("PRAGMA user_version")).isEqualTo("99");
  }

  @Test
  void aMigrationThatFailsLeavesNothingHalfDone() throws Exception {
    home();
    sql("CREATE TABLE credential_rests (somebody_elses TEXT)");
    assertThatThrownBy(() -> Store.open(home()))
        .isInstanceOf(Store.StoreProblem.class)
        .hasMessageContaining("already exists");
    assertThat(sql("SELECT count(*) FROM sqlite_master WHERE name = 'runs'"))
        .as("the table that came before the one that failed")
        .isEqualTo("0");
    assertThat(sql("PRAGMA user_version")).isEqualTo("0");
  }

  @Test
  void anEmptyDatabaseIsBroughtUpToThisVersionOnce() throws Exception {
    Store.open(home()).close();
    assertThat(sql("PRAGMA user_version")).isEqualTo("3");
    assertThat(sql("PRAGMA journal_mode")).isEqualTo("wal");
    sql("INSERT INTO credential_rests VALUES ('f','n','2999-01-01T00:00:00.000Z','r')");
    try (Store store = Store.open(home())) {
      assertThat(store.rests(START)).hasSize(1);
    }
  }

  @Test
  void aStoreOfAnEarlierVersionKeepsItsRunsAndGetsWhatIsNew() throws Exception {
    try (Store store = Store.open(home())) {
      store.put(row("r", START));
    }
    sql("DROP TABLE stress_runs");
    sql("DROP TABLE stress_tasks");
    sql("PRAGMA user_version = 1");
    try (Store store = Store.open(home())) {
      assertThat(store.runs()).hasSize(1);
      assertThat(store.stressHistory().suites()).isEmpty();
    }
    assertThat(sql("PRAGMA user_version")).isEqualTo("3");
  }

  @Test
  void runsOfSuitesThatAnEarlierVersionKeptCountAsWholeOnes() throws Exception {
    Store.open(home()).close();
    sql("ALTER TABLE stress_runs DROP COLUMN partial");
    sql("PRAGMA user_version = 2");
    sql("INSERT INTO stress_runs VALUES ('r','SMALL','2026-11-21T09:00:00.000Z',0)");
    try (Store store = Store.open(home())) {
      assertThat(store.stressHistory().runs(new StressHistory.Key("SMALL", false)))
          .singleElement()
          .matches(run -> !run.partial());
    }
  }

  @Test
  void manyThatOpenItForTheFirstTimeAtOnceAllGetIt() throws Exception {
    for (int round = 0; round < 10; round++) {
      RegattaHome home = RegattaHome.open(folder.resolve("round" + round));
      CyclicBarrier together = new CyclicBarrier(6);
      try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          String id = "run-" + i;
          all.add(
              threads.submit(() -> {
                together.await();
                try (Store store = Store.open(home)) {
                  store.put(row(id, START));
                }
                return null;
              }));
        }
        for (Future<?> each : all) {
          each.get();
        }
      }
      try (Store store = Store.open(home)) {
        assertThat(store.runs()).hasSize(6);
      }
    }
  }

  @Test
  void twoProcessesThatWriteAtOnceLoseNothing() throws Exception {
    Process one = program("one", 150);
    Process two = program("two", 150);
    for (Process each : List.of(one, two)) {
      each.getInputStream().readAllBytes();
      assertThat(each.waitFor()).isZero();
    }
    try (Store store = Store.open(home())) {
      assertThat(store.runs()).hasSize(300);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatWasPutBeforeAKillIsThere(long seed) throws Exception {
    Process writer = program("killed", 1_000_000);
    int said = 0;
    try (BufferedReader output = writer.inputReader()) {
      int enough = 20 + new Random(seed).nextInt(300);
      while (said < enough) {
        said = Integer.parseInt(output.readLine());
      }
      writer.toHandle().destroyForcibly();
      writer.waitFor();
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        said = line.isEmpty() ? said : Integer.parseInt(line);
      }
    }
    try (Store store = Store.open(home())) {
      assertThat(store.runs()).hasSizeGreaterThanOrEqualTo(said);
      store.put(row("after", START));
      assertThat(store.run("after")).isPresent();
    }
    assertThat(sql("PRAGMA integrity_check")).isEqualTo("ok");
  }

  private Process program(String prefix, int count) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.regatta.store.StoreProgram",
            home().path().toString(),
            prefix,
            Integer.toString(count))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** The first value of a statement, through a connection of the test's own. */
  private String sql(String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home().database());
        Statement sql = connection.createStatement()) {
      if (!sql.execute(statement)) {
        return "";
      }
      try (ResultSet rows = sql.getResultSet()) {
        return rows.next() ? rows.getString(1) : "";
      }
    }
  }
}
