-- Minutes of meetings and study.
CREATE TABLE minutes (
  id {id}, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  title TEXT NOT NULL, kind BIGINT NOT NULL, held_on BIGINT NOT NULL,
  chair BIGINT NOT NULL, present TEXT NOT NULL, text TEXT NOT NULL,
  decided TEXT NOT NULL, files TEXT NOT NULL {pk});
CREATE INDEX minutes_by_org ON minutes (tenant_id, org, id);
