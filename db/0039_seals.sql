-- Rows that stand beside the log carry a seal under a key outside the database.
-- Those of before get theirs when the server first starts.
ALTER TABLE session ADD COLUMN seal TEXT NOT NULL DEFAULT '';
ALTER TABLE idempotency ADD COLUMN seal TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN seal TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN seal TEXT NOT NULL DEFAULT '';
