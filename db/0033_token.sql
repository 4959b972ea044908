-- Tokens: whose they are (0: made before this; 1: the person's own; 2: an
-- integration's, which ends with the post that it acts by), and when they were
-- last used, written at most hourly and outside the log.
ALTER TABLE token ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE token ADD COLUMN post_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE token ADD COLUMN used_at BIGINT NOT NULL DEFAULT 0;
