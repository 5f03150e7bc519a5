CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  folder TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  status TEXT NOT NULL,
  rehearsal INTEGER NOT NULL,
  tasks INTEGER NOT NULL,
  succeeded INTEGER NOT NULL,
  verdict TEXT,
  calls TEXT
) STRICT;
CREATE INDEX runs_by_start ON runs (started_at);
CREATE TABLE credential_rests (
  fingerprint TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  until TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
