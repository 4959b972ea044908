-- Who else said "no hazard" or "duplicate" before the last one who did.
ALTER TABLE hazard ADD COLUMN ruled_out TEXT NOT NULL DEFAULT '';
