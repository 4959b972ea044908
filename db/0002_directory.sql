-- The directory: who, where, when, by which rule.
CREATE TABLE org (
  id {id}, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  name_en TEXT NOT NULL, name_zh TEXT NOT NULL, kind BIGINT NOT NULL,
  parent BIGINT NOT NULL, code TEXT NOT NULL, head BIGINT NOT NULL,
  township TEXT NOT NULL, police TEXT NOT NULL, health TEXT NOT NULL,
  pupils BIGINT NOT NULL, staff BIGINT NOT NULL {pk});
CREATE INDEX org_by_org ON org (tenant_id, org, id);
CREATE TABLE person (
  id {id}, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  name TEXT NOT NULL, login TEXT NOT NULL, phone TEXT NOT NULL,
  email TEXT NOT NULL, lang BIGINT NOT NULL {pk});
CREATE INDEX person_by_org ON person (tenant_id, org, id);
CREATE TABLE post (
  id {id}, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  person BIGINT NOT NULL, role BIGINT NOT NULL, title TEXT NOT NULL,
  from_on BIGINT NOT NULL, to_on BIGINT NOT NULL {pk});
CREATE INDEX post_by_org ON post (tenant_id, org, id);
CREATE TABLE place (
  id {id}, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  name_en TEXT NOT NULL, name_zh TEXT NOT NULL, kind BIGINT NOT NULL,
  parent BIGINT NOT NULL, note TEXT NOT NULL {pk});
CREATE INDEX place_by_org ON place (tenant_id, org, id);
CREATE TABLE calendar (
  id {id}, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  name_en TEXT NOT NULL, name_zh TEXT NOT NULL, kind BIGINT NOT NULL,
  from_on BIGINT NOT NULL, to_on BIGINT NOT NULL {pk});
CREATE INDEX calendar_by_org ON calendar (tenant_id, org, id);
CREATE TABLE rule (
  id {id}, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  key TEXT NOT NULL, value BIGINT NOT NULL, unit BIGINT NOT NULL,
  note TEXT NOT NULL {pk});
CREATE INDEX rule_by_org ON rule (tenant_id, org, id);
