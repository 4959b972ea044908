-- Sweeps: who looked where, and found so many or none.
CREATE TABLE sweep (
  id {id}, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  looked_at TEXT NOT NULL, place BIGINT NOT NULL, looked_on BIGINT NOT NULL,
  looked_by BIGINT NOT NULL, company TEXT NOT NULL, result BIGINT NOT NULL,
  found BIGINT NOT NULL, note TEXT NOT NULL, files TEXT NOT NULL {pk});
CREATE INDEX sweep_by_org ON sweep (tenant_id, org, id);
CREATE INDEX sweep_by_place ON sweep (tenant_id, place, looked_on);
