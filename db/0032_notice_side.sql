-- Who issued a notice, the school itself or the district: only that side says
-- that it is done.
ALTER TABLE notice ADD COLUMN side BIGINT NOT NULL DEFAULT 0;
