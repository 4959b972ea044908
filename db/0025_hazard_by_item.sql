-- The hazards that are open already from an item of a checklist at a school:
-- HAZARD_OF_CHECKLIST. The states are those that end a hazard's life.
CREATE INDEX hazard_by_item ON hazard (tenant_id, org, id)
  WHERE item > 0 AND state NOT IN (8, 9, 10);
