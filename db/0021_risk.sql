-- Risk points by place, with the four colours; floor plans they are drawn on;
-- the telephone that stands on a notice for the wall.
CREATE TABLE risk (
  id {id}, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  title TEXT NOT NULL, place BIGINT NOT NULL, place_text TEXT NOT NULL, type
  BIGINT NOT NULL, harm TEXT NOT NULL, method BIGINT NOT NULL, lec_l BIGINT NOT
  NULL, lec_e BIGINT NOT NULL, lec_c BIGINT NOT NULL, ls_l BIGINT NOT NULL, ls_s
  BIGINT NOT NULL, score TEXT NOT NULL, grade BIGINT NOT NULL, graded_by TEXT
  NOT NULL, engineering TEXT NOT NULL, management TEXT NOT NULL, training TEXT
  NOT NULL, personal TEXT NOT NULL, emergency TEXT NOT NULL, responsible BIGINT
  NOT NULL, patrol BIGINT NOT NULL, residual BIGINT NOT NULL, hazard BIGINT NOT
  NULL, identified_on BIGINT NOT NULL, plan BIGINT NOT NULL, x BIGINT NOT NULL,
  y BIGINT NOT NULL, files TEXT NOT NULL, note TEXT NOT NULL {pk});
CREATE INDEX risk_by_org ON risk (tenant_id, org, id);
CREATE INDEX risk_by_due ON risk (tenant_id, due_at, id, org, state)
  WHERE due_at > 0;
-- the register by colour; the pins of a plan
CREATE INDEX risk_by_grade ON risk (tenant_id, org, grade, state);
ALTER TABLE place ADD COLUMN plan TEXT NOT NULL DEFAULT '';
ALTER TABLE org ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE org ADD COLUMN plan TEXT NOT NULL DEFAULT '';
