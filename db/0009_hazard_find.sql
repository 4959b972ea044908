-- Lists narrowed by grade, category or place, and what came again at a place:
-- rows without one cost nothing here. "<> 0" stands in the query too and, not
-- being a range, leaves the choice of the index to the value that is asked for.
CREATE INDEX hazard_by_grade ON hazard (tenant_id, grade, id) WHERE grade <> 0;
CREATE INDEX hazard_by_category ON hazard (tenant_id, category, id)
  WHERE category <> 0;
DROP INDEX hazard_by_place;
CREATE INDEX hazard_by_place ON hazard (tenant_id, place, id) WHERE place <> 0;
CREATE INDEX hazard_by_again ON hazard (tenant_id, id, org, place, category)
  WHERE place <> 0 AND category <> 0;
-- How long something has been open, without touching the rows.
CREATE INDEX hazard_by_since ON hazard (tenant_id, state,
  (CASE WHEN occurred_at > 0 THEN occurred_at ELSE created_at END))
  WHERE due_at <> 0;
