-- The job queue on SQLite: what procrastinate keeps on PostgreSQL, as far as its queries ask for it.
-- Times are Unix seconds. Names of constraints are procrastinate's own: it recognises them in errors.

CREATE TABLE IF NOT EXISTS workers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    last_heartbeat REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue_name TEXT NOT NULL,
    task_name TEXT NOT NULL,
    priority INTEGER NOT NULL DEFAULT 0,
    lock TEXT,
    queueing_lock TEXT,
    args TEXT NOT NULL DEFAULT '{}',
    status TEXT NOT NULL DEFAULT 'todo'
        CHECK (status IN ('todo', 'doing', 'succeeded', 'failed', 'cancelled', 'aborted')),
    scheduled_at REAL,
    attempts INTEGER NOT NULL DEFAULT 0,
    abort_requested INTEGER NOT NULL DEFAULT 0,
    worker_id INTEGER REFERENCES workers (id) ON DELETE SET NULL,
    changed_at REAL NOT NULL,           -- when it got its status
    CHECK (NOT (status = 'todo' AND abort_requested))
);

-- At most one job of a queueing lock waits, at most one of a lock runs.
CREATE UNIQUE INDEX IF NOT EXISTS procrastinate_jobs_queueing_lock_idx_v1 ON jobs (queueing_lock) WHERE status = 'todo';
CREATE UNIQUE INDEX IF NOT EXISTS procrastinate_jobs_lock_idx_v1 ON jobs (lock) WHERE status = 'doing';
CREATE INDEX IF NOT EXISTS jobs_next ON jobs (priority DESC, id) WHERE status = 'todo';
CREATE INDEX IF NOT EXISTS jobs_of_lock ON jobs (lock, status) WHERE lock IS NOT NULL;
CREATE INDEX IF NOT EXISTS jobs_running ON jobs (worker_id) WHERE status = 'doing';

CREATE TABLE IF NOT EXISTS periodic_defers (
    task_name TEXT NOT NULL,
    periodic_id TEXT NOT NULL,
    defer_timestamp INTEGER NOT NULL,
    PRIMARY KEY (task_name, periodic_id, defer_timestamp)
);
