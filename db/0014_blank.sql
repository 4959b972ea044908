-- The authority's own blank tables, and what their cells mean.
CREATE TABLE blank (
  id {id}, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  title TEXT NOT NULL, file TEXT NOT NULL, map TEXT NOT NULL {pk});
CREATE INDEX blank_by_org ON blank (tenant_id, org, id);
