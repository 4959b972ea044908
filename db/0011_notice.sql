-- Rectification notices, and the hazards that stand on one.
CREATE TABLE notice (
  id {id}, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  title TEXT NOT NULL, inspected_on BIGINT NOT NULL,
  inspected_at TEXT NOT NULL, problems TEXT NOT NULL, clause TEXT NOT NULL,
  requirement TEXT NOT NULL, deadline BIGINT NOT NULL,
  inspectors TEXT NOT NULL, previous BIGINT NOT NULL, doc_no TEXT NOT NULL,
  issued_on BIGINT NOT NULL, issuer BIGINT NOT NULL, code TEXT NOT NULL,
  served BIGINT NOT NULL, served_on BIGINT NOT NULL, receiver TEXT NOT NULL,
  witness TEXT NOT NULL, situation TEXT NOT NULL, replied_by TEXT NOT NULL,
  replied_on BIGINT NOT NULL, opinion TEXT NOT NULL,
  referred_to TEXT NOT NULL, files TEXT NOT NULL,
  step_due BIGINT NOT NULL {pk});
CREATE INDEX notice_by_org ON notice (tenant_id, org, id);
CREATE INDEX notice_by_due ON notice (tenant_id, due_at, id, org, state)
  WHERE due_at > 0;
CREATE INDEX notice_by_code ON notice (tenant_id, code) WHERE code <> '';
ALTER TABLE hazard ADD COLUMN notice BIGINT NOT NULL DEFAULT 0;
CREATE INDEX hazard_by_notice ON hazard (tenant_id, notice, id)
  WHERE notice > 0;
