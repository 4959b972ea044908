-- Failed sign-ins that several servers tell each other of, by a keyed hash whose
-- key is in the data folder; they go after a day. Nothing of the public's door.
CREATE TABLE failure (
  tenant_id BIGINT NOT NULL, k BIGINT NOT NULL, server INTEGER NOT NULL,
  since BIGINT NOT NULL, n BIGINT NOT NULL, every_ms BIGINT NOT NULL,
  at_ms BIGINT NOT NULL, PRIMARY KEY (tenant_id, k, server)) {wr};
CREATE INDEX failure_by_time ON failure (tenant_id, at_ms);
