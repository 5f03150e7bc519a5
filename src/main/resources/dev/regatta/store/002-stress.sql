CREATE TABLE stress_runs (
  run TEXT PRIMARY KEY,
  suite TEXT NOT NULL,
  at TEXT NOT NULL,
  rehearsal INTEGER NOT NULL
) STRICT;
CREATE INDEX stress_runs_by_suite ON stress_runs (suite, rehearsal, at);
CREATE TABLE stress_tasks (
  run TEXT NOT NULL,
  task TEXT NOT NULL,
  category TEXT NOT NULL,
  agent TEXT,
  complexity TEXT NOT NULL,
  passed INTEGER NOT NULL,
  timed_out INTEGER NOT NULL,
  millis INTEGER NOT NULL,
  PRIMARY KEY (run, task)
) STRICT;
CREATE INDEX stress_tasks_by_task ON stress_tasks (task);
CREATE INDEX stress_tasks_by_agent ON stress_tasks (agent, complexity);
