-- Reports by the public: who sent a hazard in, and the hash of the receipt.
CREATE TABLE report (
  id {id}, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  about TEXT NOT NULL, hazard BIGINT NOT NULL, who TEXT NOT NULL,
  contact TEXT NOT NULL, receipt TEXT NOT NULL {pk});
CREATE INDEX report_by_org ON report (tenant_id, org, id);
CREATE INDEX report_by_receipt ON report (receipt);
CREATE INDEX report_by_hazard ON report (tenant_id, hazard);
