-- Campaigns.
CREATE TABLE campaign (
  id {id}, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  title TEXT NOT NULL, parent BIGINT NOT NULL, theme TEXT NOT NULL,
  from_on BIGINT NOT NULL, to_on BIGINT NOT NULL, doc_no TEXT NOT NULL,
  to_whom TEXT NOT NULL, copy_to TEXT NOT NULL, leader TEXT NOT NULL,
  deputies TEXT NOT NULL, members TEXT NOT NULL, guiding TEXT NOT NULL,
  publicity TEXT NOT NULL, governance TEXT NOT NULL, rules TEXT NOT NULL,
  support TEXT NOT NULL, team TEXT NOT NULL, requirements TEXT NOT NULL,
  summary TEXT NOT NULL, files TEXT NOT NULL {pk});
CREATE INDEX campaign_by_org ON campaign (tenant_id, org, id);
