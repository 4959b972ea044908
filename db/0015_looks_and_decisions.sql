-- Who said "no hazard" or "duplicate": after an objection somebody else decides.
ALTER TABLE hazard ADD COLUMN decided_by BIGINT NOT NULL DEFAULT 0;
-- Who looked at a person's record, by day: a fact beside the log, for looking
-- changes nothing. person_id 0: a list of people was taken out.
CREATE TABLE look (
  tenant_id BIGINT NOT NULL, person_id BIGINT NOT NULL, day BIGINT NOT NULL,
  by_id BIGINT NOT NULL, how INTEGER NOT NULL, n BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, person_id, day, by_id, how)) {wr};
CREATE INDEX look_by_day ON look (tenant_id, day);
