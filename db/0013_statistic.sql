-- Statistical statements; and what closed when: a period's figures ask for it.
CREATE TABLE statistic (
  id {id}, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL, org BIGINT NOT
  NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL, created_by BIGINT
  NOT NULL, changed_at BIGINT NOT NULL, changed_by BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL, due_at BIGINT NOT NULL, due_rule TEXT NOT NULL,
  escalated BIGINT NOT NULL, origin BIGINT NOT NULL, no TEXT NOT NULL, raw
  TEXT NOT NULL, title TEXT NOT NULL, year BIGINT NOT NULL, quarter BIGINT NOT
  NULL, reason TEXT NOT NULL, previous BIGINT NOT NULL, as_of BIGINT NOT NULL,
  signer BIGINT NOT NULL, signed_at BIGINT NOT NULL, by_school TEXT NOT NULL,
  files TEXT NOT NULL, before_g BIGINT NOT NULL, before_m BIGINT NOT NULL,
  found_g BIGINT NOT NULL, found_m BIGINT NOT NULL, found_done_g BIGINT NOT
  NULL, found_done_m BIGINT NOT NULL, done_g BIGINT NOT NULL, done_m BIGINT
  NOT NULL, still_open_g BIGINT NOT NULL, still_open_m BIGINT NOT NULL, late_g
  BIGINT NOT NULL, late_m BIGINT NOT NULL, listed_g BIGINT NOT NULL, listed_m
  BIGINT NOT NULL, five_duty_g BIGINT NOT NULL, five_duty_m BIGINT NOT NULL,
  five_means_g BIGINT NOT NULL, five_means_m BIGINT NOT NULL, five_funds_g
  BIGINT NOT NULL, five_funds_m BIGINT NOT NULL, five_time_g BIGINT NOT NULL,
  five_time_m BIGINT NOT NULL, five_plan_g BIGINT NOT NULL, five_plan_m BIGINT
  NOT NULL, need_g BIGINT NOT NULL, need_m BIGINT NOT NULL, lacking_g BIGINT
  NOT NULL, lacking_m BIGINT NOT NULL, spent_g BIGINT NOT NULL, spent_m BIGINT
  NOT NULL {pk});
CREATE INDEX statistic_by_org ON statistic (tenant_id, org, id);
CREATE INDEX statistic_by_period ON statistic (tenant_id, year, quarter, org);
CREATE INDEX hazard_by_closed ON hazard (tenant_id, closed_at)
  WHERE closed_at <> 0;
