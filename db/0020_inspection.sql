-- Checklists, schedules, inspections and special rectification programmes; what
-- a hazard was found by; answers of an inspection that is not sent in yet. What
-- is long stands last: lists do not read over it.
CREATE TABLE checklist (
  id {id}, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  title_en TEXT NOT NULL, title_zh TEXT NOT NULL, topic BIGINT NOT NULL,
  frequency BIGINT NOT NULL, source_en TEXT NOT NULL, source_zh TEXT NOT NULL,
  note TEXT NOT NULL, pass_mark BIGINT NOT NULL, version
  BIGINT NOT NULL, previous BIGINT NOT NULL, family BIGINT NOT NULL, live_on
  BIGINT NOT NULL,
  items TEXT NOT NULL {pk});
CREATE INDEX checklist_by_new ON checklist (tenant_id, id);
CREATE INDEX checklist_by_org ON checklist (tenant_id, org, id);
CREATE TABLE inspection (
  id {id}, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  title_en TEXT NOT NULL, title_zh TEXT NOT NULL, checklist BIGINT NOT NULL,
  kind BIGINT NOT NULL, topic BIGINT NOT NULL, place BIGINT NOT NULL,
  place_text TEXT NOT NULL, responsible BIGINT NOT NULL, planned_on BIGINT NOT
  NULL, due_on BIGINT NOT NULL, late_until BIGINT NOT NULL, announced BIGINT
  NOT NULL, company TEXT NOT NULL, schedule BIGINT NOT NULL, programme BIGINT
  NOT NULL, task BIGINT NOT NULL,
  paper TEXT NOT NULL, submitted_at BIGINT NOT NULL, submitted_by BIGINT NOT
  NULL, late BIGINT NOT NULL, score TEXT NOT NULL, failed BIGINT NOT NULL,
  result BIGINT NOT NULL,
  answers TEXT NOT NULL, note TEXT NOT NULL, objection TEXT NOT NULL, correction TEXT NOT NULL,
  signatures TEXT NOT NULL {pk});
CREATE INDEX inspection_by_new ON inspection (tenant_id, id);
CREATE INDEX inspection_by_org ON inspection (tenant_id, org, id);
CREATE INDEX inspection_by_state ON inspection (tenant_id, state, id);
CREATE INDEX inspection_by_due ON inspection (tenant_id, due_at, id, org, state)
  WHERE due_at > 0;
CREATE TABLE schedule (
  id {id}, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  title_en TEXT NOT NULL, title_zh TEXT NOT NULL, checklist BIGINT NOT NULL,
  place BIGINT NOT NULL, place_text TEXT NOT NULL, responsible BIGINT NOT
  NULL, every_school BIGINT NOT NULL, pattern BIGINT NOT NULL, rrule TEXT NOT
  NULL, days BIGINT NOT NULL, from_on BIGINT NOT NULL, to_on BIGINT NOT NULL,
  span BIGINT NOT NULL, late BIGINT NOT NULL, next_on BIGINT NOT NULL,
  made BIGINT NOT NULL, period BIGINT NOT NULL {pk});
CREATE INDEX schedule_by_new ON schedule (tenant_id, id);
CREATE INDEX schedule_by_org ON schedule (tenant_id, org, id);
CREATE INDEX schedule_by_due ON schedule (tenant_id, due_at, id, org, state)
  WHERE due_at > 0;
CREATE TABLE programme (
  id {id}, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  title TEXT NOT NULL, topic BIGINT NOT NULL, campaign BIGINT NOT NULL,
  from_on BIGINT NOT NULL, to_on BIGINT NOT NULL, basis TEXT NOT NULL,
  requirement TEXT NOT NULL, tasks TEXT NOT NULL, report TEXT NOT NULL, files
  TEXT NOT NULL, started_on BIGINT NOT NULL, closed_on BIGINT NOT NULL {pk});
CREATE INDEX programme_by_new ON programme (tenant_id, id);
CREATE INDEX programme_by_org ON programme (tenant_id, org, id);
-- the inspections of a person, a schedule, a programme; the last of a topic
CREATE INDEX inspection_by_person ON inspection (tenant_id, responsible, id);
CREATE INDEX inspection_by_schedule ON inspection (tenant_id, schedule, id)
  WHERE schedule > 0;
CREATE INDEX inspection_by_programme ON inspection
  (tenant_id, programme, org, task, state) WHERE programme > 0;
CREATE INDEX inspection_by_topic ON inspection
  (tenant_id, topic, org, submitted_at) WHERE submitted_at > 0;
ALTER TABLE hazard ADD COLUMN inspection BIGINT NOT NULL DEFAULT 0;
ALTER TABLE hazard ADD COLUMN item BIGINT NOT NULL DEFAULT 0;
ALTER TABLE hazard ADD COLUMN programme BIGINT NOT NULL DEFAULT 0;
CREATE INDEX hazard_by_inspection ON hazard (tenant_id, inspection, item)
  WHERE inspection > 0;
CREATE INDEX hazard_by_programme ON hazard (tenant_id, programme, org, state)
  WHERE programme > 0;
CREATE TABLE draft (
  tenant_id BIGINT NOT NULL, record_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL, changed_at BIGINT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (tenant_id, record_id, person_id)) {wr};
