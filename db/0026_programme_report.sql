-- The closing report of a special rectification, drafted from figures that
-- stay as they were taken.
ALTER TABLE programme ADD COLUMN figures TEXT NOT NULL DEFAULT '';
ALTER TABLE programme ADD COLUMN as_of BIGINT NOT NULL DEFAULT 0;
ALTER TABLE programme ADD COLUMN report_zh TEXT NOT NULL DEFAULT '';
