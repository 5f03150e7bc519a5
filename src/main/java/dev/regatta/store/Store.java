package dev.regatta.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/** The SQLite file under {@code .regatta}. Several processes may use it at once. */
public final class Store implements AutoCloseable {
  /** The numbered migrations; a store knows by its {@code user_version} which it has had. */
  private static final List<String> MIGRATIONS =
      List.of("001-runs.sql", "002-stress.sql", "003-partial.sql");

  /** Years of five digits are written with a sign, and would sort before all others. */
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  /** How long others may hold the file. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final long RETRY_NANOS = 5_000_000;

  private final Connection connection;
  private final Path file;

  private Store(Connection connection, Path file) {
    this.connection = connection;
    this.file = file;
  }

  /** The store cannot be used; the message names its file and why. */
  public static final class StoreProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreProblem(Path file, SQLException cause) {
      super(
          "the store "
              + file
              + " cannot be used: "
              + cause.getMessage()
              + "; when it is moved away it is made anew: runs stay in their folders, the history"
              + " of stress suites goes with it",
          cause);
    }
  }

  /**
   * Opens the store of a home, and brings it up to this version.
   *
   * @throws StoreProblem if it is damaged, of a later version, or cannot be written
   */
  public static Store open(RegattaHome home) {
    Path file = home.database();
    try {
      // As an address, in which a '?' of a folder's name is not where options begin.
      String address = "jdbc:sqlite:file:" + file.toUri().getRawPath();
      Store store = new Store(DriverManager.getConnection(address), file);
      store.prepare();
      return store;
    } catch (SQLException e) {
      throw new StoreProblem(file, e);
    }
  }

  private void prepare() throws SQLException {
    try {
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA busy_timeout = " + PATIENCE.toMillis());
        useWal(statement);
        statement.execute("PRAGMA synchronous = NORMAL");
      }
      migrate();
    } catch (SQLException e) {
      try (connection) {
        throw e;
      }
    }
  }

  /**
   * When two open a new file at once, one is refused at once with 'busy' for this one change: the
   * usual patience isn't asked, as both hold a lock already. Trying again is all it takes.
   */
  private static void useWal(Statement statement) throws SQLException {
    long start = System.nanoTime();
    while (true) {
      try {
        statement.execute("PRAGMA journal_mode = WAL");
        return;
      } catch (SQLException e) {
        boolean busy = (e.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code;
        if (!busy || System.nanoTime() - start > PATIENCE.toNanos()) {
          throw e;
        }
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  private void migrate() throws SQLException {
    if (version() == MIGRATIONS.size()) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      try {
        // Read again: another process may have done it while we waited for the lock.
        int done = version();
        if (done > MIGRATIONS.size()) {
          throw new SQLException("it was made by a later version of regatta");
        }
        for (int next = done; next < MIGRATIONS.size(); next++) {
          for (String command : script(MIGRATIONS.get(next)).split(";")) {
            if (!command.isBlank()) {
              statement.execute(command);
            }
          }
        }
        statement.execute("PRAGMA user_version = " + MIGRATIONS.size());
        statement.execute("COMMIT");
      } catch (SQLException e) {
        rollBack(statement, e);
        throw e;
      }
    }
  }

  /** After some errors, a full disk for one, the transaction is gone already. */
  static void rollBack(Statement statement, SQLException cause) {
    try {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private int version() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA user_version")) {
      return row.getInt(1);
    }
  }

  private static String script(String name) {
    try (InputStream stream = Store.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("the migration " + name + " is not packed");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts a run into the index, or what became of it. */
  public synchronized void put(RunRow run) {
    String sql =
        "INSERT INTO runs VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET"
            + " ended_at = excluded.ended_at, status = excluded.status,"
            + " rehearsal = excluded.rehearsal, tasks = excluded.tasks,"
            + " succeeded = excluded.succeeded, verdict = excluded.verdict,"
            + " calls = excluded.calls";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, run.id());
      insert.setString(2, run.kind());
      insert.setString(3, run.title());
      insert.setString(4, run.folder().toString());
      insert.setString(5, text(run.startedAt()));
      insert.setString(6, text(run.endedAt()));
      insert.setString(7, run.status());
      insert.setBoolean(8, run.rehearsal());
      insert.setInt(9, run.tasks());
      insert.setInt(10, run.succeeded());
      insert.setString(11, run.verdict());
      insert.setString(12, run.calls());
      insert.executeUpdate();
    } catch (SQLException e) {
      throw new StoreProblem(file, e);
    }
  }

  /** All runs, the latest first. */
  public synchronized List<RunRow> runs() {
    return select("SELECT * FROM runs ORDER BY started_at DESC, id DESC", null);
  }

  /** A run by its id, or by the beginning of it if only one begins so. */
  public synchronized Optional<RunRow> run(String id) {
    List<RunRow> exact = select("SELECT * FROM runs WHERE id = ?", id);
    if (!exact.isEmpty()) {
      return Optional.of(exact.getFirst());
    }
    List<RunRow> like = select("SELECT * FROM runs WHERE substr(id, 1, length(?1)) = ?1", id);
    return like.size() == 1 ? Optional.of(like.getFirst()) : Optional.empty();
  }

  /** The runs whose ids begin with that; only the one that has it as its whole id, if one has. */
  public synchronized List<RunRow> beginningWith(String beginning) {
    List<RunRow> exact = select("SELECT * FROM runs WHERE id = ?", beginning);
    return exact.isEmpty()
        ? select("SELECT * FROM runs WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id", beginning)
        : exact;
  }

  private List<RunRow> select(String sql, @Nullable String parameter) {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      if (parameter != null) {
        query.setString(1, parameter);
      }
      List<RunRow> runs = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          runs.add(row(rows));
        }
      }
      return runs;
    } catch (SQLException e) {
      throw new StoreProblem(file, e);
    }
  }

  private static RunRow row(ResultSet row) throws SQLException {
    String ended = row.getString("ended_at");
    return new RunRow(
        row.getString("id"),
        row.getString("kind"),
        row.getString("title"),
        Path.of(row.getString("folder")),
        Instant.parse(row.getString("started_at")),
        ended == null ? null : Instant.parse(ended),
        row.getString("status"),
        row.getBoolean("rehearsal"),
        row.getInt("tasks"),
        row.getInt("succeeded"),
        row.getString("verdict"),
        row.getString("calls"));
  }

  /** What came of stress suites; usable until this store is closed. */
  public StressHistory stressHistory() {
    return new StressHistory(connection, file, this);
  }

  /** Lets a credential rest, for every run; the later of two times counts. */
  public synchronized void rest(Rest rest) {
    String sql =
        "INSERT INTO credential_rests VALUES (?,?,?,?) ON CONFLICT (fingerprint) DO UPDATE SET"
            + " name = excluded.name, until = excluded.until, reason = excluded.reason"
            + " WHERE excluded.until > until";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, rest.fingerprint());
      insert.setString(2, rest.name());
      insert.setString(3, text(rest.until()));
      insert.setString(4, rest.reason());
      insert.executeUpdate();
    } catch (SQLException e) {
      throw new StoreProblem(file, e);
    }
  }

  /** The credentials that rest now. */
  public synchronized List<Rest> rests(Instant now) {
    String sql = "SELECT * FROM credential_rests WHERE until > ? ORDER BY name";
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, text(now));
      List<Rest> rests = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          rests.add(
              new Rest(
                  rows.getString("fingerprint"),
                  rows.getString("name"),
                  Instant.parse(rows.getString("until")),
                  rows.getString("reason")));
        }
      }
      return rests;
    } catch (SQLException e) {
      throw new StoreProblem(file, e);
    }
  }

  /** Times are kept with milliseconds always, so that their texts sort as they do. */
  static @Nullable String text(@Nullable Instant instant) {
    if (instant == null) {
      return null;
    }
    Instant bounded = instant.isBefore(LAST) ? instant : LAST;
    String text = bounded.truncatedTo(ChronoUnit.MILLIS).toString();
    return text.length() == 20 ? text.substring(0, 19) + ".000Z" : text;
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new StoreProblem(file, e);
    }
  }
}
