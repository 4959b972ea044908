-- The newest first, in every ledger: without these SQLite sorts all of it.
CREATE INDEX notice_by_new ON notice (tenant_id, id);
CREATE INDEX sweep_by_new ON sweep (tenant_id, id);
CREATE INDEX report_by_new ON report (tenant_id, id);
CREATE INDEX statistic_by_new ON statistic (tenant_id, id);
CREATE INDEX blank_by_new ON blank (tenant_id, id);
CREATE INDEX campaign_by_new ON campaign (tenant_id, id);
CREATE INDEX minutes_by_new ON minutes (tenant_id, id);
CREATE INDEX org_by_new ON org (tenant_id, id);
CREATE INDEX person_by_new ON person (tenant_id, id);
CREATE INDEX post_by_new ON post (tenant_id, id);
CREATE INDEX place_by_new ON place (tenant_id, id);
CREATE INDEX calendar_by_new ON calendar (tenant_id, id);
CREATE INDEX rule_by_new ON rule (tenant_id, id);
CREATE INDEX risk_by_new ON risk (tenant_id, id);
-- How long something has been open, from the day it was found: as 0009, with
-- that day first. The expression is the one of store/list.c to the letter.
DROP INDEX hazard_by_since;
CREATE INDEX hazard_by_since ON hazard (tenant_id, state,
  (CASE WHEN found_on > 0 THEN found_on * 86400000
   WHEN occurred_at > 0 THEN occurred_at ELSE created_at END))
  WHERE due_at <> 0;
