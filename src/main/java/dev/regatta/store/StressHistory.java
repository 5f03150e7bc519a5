package dev.regatta.store;

import dev.regatta.store.Store.StoreProblem;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What came of stress suites in all runs, in the store. Unlike the rest of the store this is no
 * index over journals: it goes when the store is moved away. Every method throws {@link
 * StoreProblem} if the store cannot be used.
 */
public final class StressHistory {
  private final Connection connection;
  private final Path file;
  private final Object lock;

  StressHistory(Connection connection, Path file, Object lock) {
    this.connection = connection;
    this.file = file;
    this.lock = lock;
  }

  /** A suite and the kind of its runs. */
  public record Key(String suite, boolean rehearsal) {}

  /** Keeps what came of a run, in place of what was kept of the same run before. */
  public void put(StressRun run) {
    synchronized (lock) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
        try {
          remove("stress_tasks", run.run());
          remove("stress_runs", run.run());
          insertRun(run);
          insertTasks(run);
          statement.execute("COMMIT");
        } catch (SQLException e) {
          Store.rollBack(statement, e);
          throw e;
        }
      } catch (SQLException e) {
        throw new StoreProblem(file, e);
      }
    }
  }

  private void remove(String table, String run) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM " + table + " WHERE run = ?")) {
      delete.setString(1, run);
      delete.executeUpdate();
    }
  }

  private void insertRun(StressRun run) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO stress_runs VALUES (?,?,?,?,?)")) {
      insert.setString(1, run.run());
      insert.setString(2, run.suite());
      insert.setString(3, Store.text(run.at()));
      insert.setBoolean(4, run.rehearsal());
      insert.setBoolean(5, run.partial());
      insert.executeUpdate();
    }
  }

  private void insertTasks(StressRun run) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO stress_tasks VALUES (?,?,?,?,?,?,?,?)")) {
      for (StressRun.Task task : run.tasks()) {
        insert.setString(1, run.run());
        insert.setString(2, task.id());
        insert.setString(3, task.category());
        insert.setString(4, task.agent());
        insert.setString(5, task.complexity());
        insert.setBoolean(6, task.passed());
        insert.setBoolean(7, task.timedOut());
        insert.setLong(8, task.duration().toMillis());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** The suites of which there is something, by their names; real runs before rehearsals. */
  public List<Key> suites() {
    String sql = "SELECT DISTINCT suite, rehearsal FROM stress_runs ORDER BY suite, rehearsal";
    synchronized (lock) {
      try (PreparedStatement query = connection.prepareStatement(sql);
          ResultSet rows = query.executeQuery()) {
        List<Key> keys = new ArrayList<>();
        while (rows.next()) {
          keys.add(new Key(rows.getString(1), rows.getBoolean(2)));
        }
        return keys;
      } catch (SQLException e) {
        throw new StoreProblem(file, e);
      }
    }
  }

  /** All runs of that suite and kind, the earliest first. */
  public List<StressRun> runs(Key key) {
    String sql =
        "SELECT r.run, r.at, r.partial, t.* FROM stress_runs r LEFT JOIN stress_tasks t ON t.run ="
            + " r.run WHERE r.suite = ? AND r.rehearsal = ? ORDER BY r.at, r.run, t.rowid";
    synchronized (lock) {
      try (PreparedStatement query = connection.prepareStatement(sql)) {
        query.setString(1, key.suite());
        query.setBoolean(2, key.rehearsal());
        return runs(query, key);
      } catch (SQLException e) {
        throw new StoreProblem(file, e);
      }
    }
  }

  private static List<StressRun> runs(PreparedStatement query, Key key) throws SQLException {
    Map<String, Instant> times = new LinkedHashMap<>();
    Set<String> partial = new HashSet<>();
    Map<String, List<StressRun.Task>> tasks = new LinkedHashMap<>();
    try (ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        String run = rows.getString(1);
        times.put(run, Instant.parse(rows.getString(2)));
        if (rows.getBoolean(3)) {
          partial.add(run);
        }
        List<StressRun.Task> its = tasks.computeIfAbsent(run, name -> new ArrayList<>());
        if (rows.getString("task") != null) { // a run in which no task was judged
          its.add(task(rows));
        }
      }
    }
    List<StressRun> runs = new ArrayList<>();
    tasks.forEach((run, its) ->
        runs.add(
            new StressRun(
                run,
                key.suite(),
                Optional.ofNullable(times.get(run)).orElseThrow(),
                key.rehearsal(),
                partial.contains(run),
                its)));
    return runs;
  }

  /** The latest of that task of that suite, the latest first. */
  public List<StressRun.Task> sameTask(Key key, String task, int most) {
    return tasks("r.suite = ? AND r.rehearsal = ? AND t.task = ?", most, key, task);
  }

  /**
   * The latest of other tasks, of any suite, that are about as complex and start the same agent,
   * the latest first.
   *
   * @param key the suite of the task that is left out
   * @param task which is left out
   */
  public List<StressRun.Task> similarTasks(
      Key key, String task, String agent, String complexity, int most) {
    return tasks(
        "NOT (r.suite = ? AND t.task = ?3) AND r.rehearsal = ?2 AND t.agent = ?4 AND t.complexity ="
            + " ?5",
        most,
        key,
        task,
        agent,
        complexity);
  }

  private List<StressRun.Task> tasks(String condition, int most, Key key, String... parameters) {
    String sql =
        "SELECT t.* FROM stress_tasks t JOIN stress_runs r ON r.run = t.run WHERE "
            + condition
            + " ORDER BY r.at DESC, r.run DESC, t.rowid LIMIT "
            + most;
    synchronized (lock) {
      try (PreparedStatement query = connection.prepareStatement(sql)) {
        query.setString(1, key.suite());
        query.setBoolean(2, key.rehearsal());
        for (int i = 0; i < parameters.length; i++) {
          query.setString(3 + i, parameters[i]);
        }
        List<StressRun.Task> tasks = new ArrayList<>();
        try (ResultSet rows = query.executeQuery()) {
          while (rows.next()) {
            tasks.add(task(rows));
          }
        }
        return tasks;
      } catch (SQLException e) {
        throw new StoreProblem(file, e);
      }
    }
  }

  private static StressRun.Task task(ResultSet row) throws SQLException {
    return new StressRun.Task(
        row.getString("task"),
        row.getString("category"),
        row.getString("agent"),
        row.getString("complexity"),
        row.getBoolean("passed"),
        row.getBoolean("timed_out"),
        Duration.ofMillis(row.getLong("millis")));
  }
}
