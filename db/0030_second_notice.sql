-- Which inspection a notice was drafted from, and what stood on it when it was
-- issued: its paper stays what it was when a second one takes the hazards over.
ALTER TABLE notice ADD COLUMN inspection BIGINT NOT NULL DEFAULT 0;
ALTER TABLE notice ADD COLUMN hazards TEXT NOT NULL DEFAULT '';
CREATE INDEX notice_by_inspection ON notice (tenant_id, inspection, id)
  WHERE inspection <> 0;
CREATE INDEX notice_by_previous ON notice (tenant_id, previous, id)
  WHERE previous <> 0;
-- Lists look them up by "<> 0"; "> 0" was never found.
DROP INDEX hazard_by_notice;
CREATE INDEX hazard_by_notice ON hazard (tenant_id, notice, id)
  WHERE notice <> 0;
DROP INDEX hazard_by_inspection;
CREATE INDEX hazard_by_inspection ON hazard (tenant_id, inspection, id, item)
  WHERE inspection <> 0;
DROP INDEX inspection_by_schedule;
CREATE INDEX inspection_by_schedule ON inspection (tenant_id, schedule, id)
  WHERE schedule <> 0;
