-- When a session was last used, written at most hourly: one that nobody uses
-- for a month is over. Those of before count from when they began.
ALTER TABLE session ADD COLUMN used_at BIGINT NOT NULL DEFAULT 0;
