-- Lists narrowed by state: each state is walked in the order of ids and the
-- walks are merged (store/list.c). Somebody's own work is few rows. What is
-- due is counted by school and age without touching the rows.
CREATE INDEX hazard_by_state ON hazard (tenant_id, state, id);
CREATE INDEX hazard_by_responsible ON hazard (tenant_id, responsible, id);
CREATE INDEX hazard_by_state_due ON hazard (tenant_id, state, due_at, id, org)
  WHERE due_at > 0;
DROP INDEX hazard_by_due;
CREATE INDEX hazard_by_due ON hazard (tenant_id, due_at, id, org, state)
  WHERE due_at > 0;
