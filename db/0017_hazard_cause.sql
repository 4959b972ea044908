-- Causes: a short list, and five whys.
ALTER TABLE hazard ADD COLUMN cause_kind BIGINT NOT NULL DEFAULT 0;
ALTER TABLE hazard ADD COLUMN whys TEXT NOT NULL DEFAULT '';
