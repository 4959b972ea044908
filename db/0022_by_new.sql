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
