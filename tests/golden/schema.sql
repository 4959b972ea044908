CREATE INDEX attachment_by_record ON attachment (tenant_id, record_id, id);
CREATE INDEX attachment_by_sha ON attachment (tenant_id, sha256);
CREATE INDEX blank_by_new ON blank (tenant_id, id);
CREATE INDEX blank_by_org ON blank (tenant_id, org, id);
CREATE INDEX calendar_by_new ON calendar (tenant_id, id);
CREATE INDEX calendar_by_org ON calendar (tenant_id, org, id);
CREATE INDEX campaign_by_new ON campaign (tenant_id, id);
CREATE INDEX campaign_by_org ON campaign (tenant_id, org, id);
CREATE INDEX checklist_by_new ON checklist (tenant_id, id);
CREATE INDEX checklist_by_org ON checklist (tenant_id, org, id);
CREATE INDEX delivery_by_next ON delivery (tenant_id, channel, urgent, next_at)
  WHERE next_at > 0;
CREATE INDEX delivery_by_person ON delivery (tenant_id, person_id, id);
CREATE INDEX delivery_by_state ON delivery (tenant_id, state, id);
CREATE INDEX device_by_hash ON device (hash);
CREATE INDEX event_by_record ON event (tenant_id, record_id, seq);
CREATE INDEX event_part_by_subject ON event_part (tenant_id, subject, seq);
CREATE INDEX failure_by_time ON failure (tenant_id, at_ms);
CREATE INDEX hazard_by_again ON hazard (tenant_id, id, org, place, category)
  WHERE place <> 0 AND category <> 0;
CREATE INDEX hazard_by_category ON hazard (tenant_id, category, id)
  WHERE category <> 0;
CREATE INDEX hazard_by_closed ON hazard (tenant_id, closed_at)
  WHERE closed_at <> 0;
CREATE INDEX hazard_by_due ON hazard (tenant_id, due_at, id, org, state)
  WHERE due_at > 0;
CREATE INDEX hazard_by_grade ON hazard (tenant_id, grade, id) WHERE grade <> 0;
CREATE INDEX hazard_by_inspection ON hazard (tenant_id, inspection, id, item)
  WHERE inspection <> 0;
CREATE INDEX hazard_by_item ON hazard (tenant_id, org, id)
  WHERE item > 0 AND state NOT IN (8, 9, 10);
CREATE INDEX hazard_by_new ON hazard (tenant_id, id);
CREATE INDEX hazard_by_notice ON hazard (tenant_id, notice, id)
  WHERE notice <> 0;
CREATE INDEX hazard_by_org ON hazard (tenant_id, org, id);
CREATE INDEX hazard_by_place ON hazard (tenant_id, place, id) WHERE place <> 0;
CREATE INDEX hazard_by_programme ON hazard (tenant_id, programme, org, state)
  WHERE programme > 0;
CREATE INDEX hazard_by_responsible ON hazard (tenant_id, responsible, id);
CREATE INDEX hazard_by_since ON hazard (tenant_id, state,
  (CASE WHEN found_on > 0 THEN found_on * 86400000
   WHEN occurred_at > 0 THEN occurred_at ELSE created_at END))
  WHERE due_at <> 0;
CREATE INDEX hazard_by_state ON hazard (tenant_id, state, id);
CREATE INDEX hazard_by_state_due ON hazard (tenant_id, state, due_at, id, org)
  WHERE due_at > 0;
CREATE INDEX idempotency_by_time ON idempotency (tenant_id, at_ms);
CREATE INDEX inspection_by_due ON inspection (tenant_id, due_at, id, org, state)
  WHERE due_at > 0;
CREATE INDEX inspection_by_new ON inspection (tenant_id, id);
CREATE INDEX inspection_by_org ON inspection (tenant_id, org, id);
CREATE INDEX inspection_by_person ON inspection (tenant_id, responsible, id);
CREATE INDEX inspection_by_programme ON inspection
  (tenant_id, programme, org, task, state) WHERE programme > 0;
CREATE INDEX inspection_by_schedule ON inspection (tenant_id, schedule, id)
  WHERE schedule <> 0;
CREATE INDEX inspection_by_state ON inspection (tenant_id, state, id);
CREATE INDEX inspection_by_topic ON inspection
  (tenant_id, topic, org, submitted_at) WHERE submitted_at > 0;
CREATE INDEX known_network_by_time ON known_network (tenant_id, at_ms);
CREATE INDEX look_by_day ON look (tenant_id, day);
CREATE INDEX minutes_by_new ON minutes (tenant_id, id);
CREATE INDEX minutes_by_org ON minutes (tenant_id, org, id);
CREATE INDEX notice_by_code ON notice (tenant_id, code) WHERE code <> '';
CREATE INDEX notice_by_due ON notice (tenant_id, due_at, id, org, state)
  WHERE due_at > 0;
CREATE INDEX notice_by_inspection ON notice (tenant_id, inspection, id)
  WHERE inspection <> 0;
CREATE INDEX notice_by_new ON notice (tenant_id, id);
CREATE INDEX notice_by_org ON notice (tenant_id, org, id);
CREATE INDEX notice_by_previous ON notice (tenant_id, previous, id)
  WHERE previous <> 0;
CREATE INDEX org_by_new ON org (tenant_id, id);
CREATE INDEX org_by_org ON org (tenant_id, org, id);
CREATE INDEX outbox_by_new ON outbox (tenant_id, id);
CREATE INDEX outbox_by_person ON outbox (tenant_id, person_id, id);
CREATE INDEX person_by_new ON person (tenant_id, id);
CREATE INDEX person_by_org ON person (tenant_id, org, id);
CREATE INDEX place_by_new ON place (tenant_id, id);
CREATE INDEX place_by_org ON place (tenant_id, org, id);
CREATE INDEX post_by_new ON post (tenant_id, id);
CREATE INDEX post_by_org ON post (tenant_id, org, id);
CREATE INDEX programme_by_new ON programme (tenant_id, id);
CREATE INDEX programme_by_org ON programme (tenant_id, org, id);
CREATE INDEX report_by_hazard ON report (tenant_id, hazard);
CREATE INDEX report_by_new ON report (tenant_id, id);
CREATE INDEX report_by_org ON report (tenant_id, org, id);
CREATE INDEX report_by_receipt ON report (receipt);
CREATE INDEX risk_by_due ON risk (tenant_id, due_at, id, org, state)
  WHERE due_at > 0;
CREATE INDEX risk_by_grade ON risk (tenant_id, org, grade, state);
CREATE INDEX risk_by_new ON risk (tenant_id, id);
CREATE INDEX risk_by_org ON risk (tenant_id, org, id);
CREATE INDEX rule_by_new ON rule (tenant_id, id);
CREATE INDEX rule_by_org ON rule (tenant_id, org, id);
CREATE INDEX schedule_by_due ON schedule (tenant_id, due_at, id, org, state)
  WHERE due_at > 0;
CREATE INDEX schedule_by_new ON schedule (tenant_id, id);
CREATE INDEX schedule_by_org ON schedule (tenant_id, org, id);
CREATE INDEX session_by_person ON session (tenant_id, person_id);
CREATE INDEX statistic_by_new ON statistic (tenant_id, id);
CREATE INDEX statistic_by_org ON statistic (tenant_id, org, id);
CREATE INDEX statistic_by_period ON statistic (tenant_id, year, quarter, org);
CREATE INDEX sweep_by_new ON sweep (tenant_id, id);
CREATE INDEX sweep_by_org ON sweep (tenant_id, org, id);
CREATE INDEX sweep_by_place ON sweep (tenant_id, place, looked_on);
CREATE UNIQUE INDEX token_by_hash ON token (tenant_id, hash);
CREATE TABLE above (
  tenant_id BIGINT NOT NULL, district BIGINT NOT NULL, what INTEGER NOT NULL,
  n BIGINT NOT NULL, as_of BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, district, what)) WITHOUT ROWID;
CREATE TABLE attachment (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, sha256 TEXT NOT NULL,
  size BIGINT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL,
  added_at BIGINT NOT NULL, added_by BIGINT NOT NULL,
  record_id BIGINT NOT NULL );
CREATE TABLE blank (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  title TEXT NOT NULL, file TEXT NOT NULL, map TEXT NOT NULL );
CREATE TABLE bucket (
  tenant_id BIGINT NOT NULL, channel BIGINT NOT NULL, n INTEGER NOT NULL,
  at_ms BIGINT NOT NULL, PRIMARY KEY (tenant_id, channel, n)) WITHOUT ROWID;
CREATE TABLE calendar (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  name_en TEXT NOT NULL, name_zh TEXT NOT NULL, kind BIGINT NOT NULL,
  from_on BIGINT NOT NULL, to_on BIGINT NOT NULL );
CREATE TABLE campaign (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  title TEXT NOT NULL, parent BIGINT NOT NULL, theme TEXT NOT NULL,
  from_on BIGINT NOT NULL, to_on BIGINT NOT NULL, doc_no TEXT NOT NULL,
  to_whom TEXT NOT NULL, copy_to TEXT NOT NULL, leader TEXT NOT NULL,
  deputies TEXT NOT NULL, members TEXT NOT NULL, guiding TEXT NOT NULL,
  publicity TEXT NOT NULL, governance TEXT NOT NULL, rules TEXT NOT NULL,
  support TEXT NOT NULL, team TEXT NOT NULL, requirements TEXT NOT NULL,
  summary TEXT NOT NULL, files TEXT NOT NULL );
CREATE TABLE channel (
  tenant_id BIGINT NOT NULL, id BIGINT NOT NULL, org_id BIGINT NOT NULL,
  kind INTEGER NOT NULL, name TEXT NOT NULL, url TEXT NOT NULL,
  secret TEXT NOT NULL, lang INTEGER NOT NULL, kinds BIGINT NOT NULL,
  state INTEGER NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, PRIMARY KEY (tenant_id, id)) WITHOUT ROWID;
CREATE TABLE checklist (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
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
  items TEXT NOT NULL );
CREATE TABLE checkpoint (
  tenant_id BIGINT NOT NULL, at_ms BIGINT NOT NULL, size BIGINT NOT NULL,
  note TEXT NOT NULL, PRIMARY KEY (tenant_id, at_ms)) WITHOUT ROWID;
CREATE TABLE counter (
  tenant_id BIGINT NOT NULL, ledger INTEGER NOT NULL, org_id BIGINT NOT NULL,
  dim TEXT NOT NULL, v BIGINT NOT NULL, n BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, ledger, dim, org_id, v)) WITHOUT ROWID;
CREATE TABLE delivery (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, channel BIGINT NOT NULL,
  person_id BIGINT NOT NULL, urgent INTEGER NOT NULL, state INTEGER NOT NULL,
  next_at BIGINT NOT NULL, tries BIGINT NOT NULL, made_at BIGINT NOT NULL,
  tried_at BIGINT NOT NULL, done_at BIGINT NOT NULL, reason TEXT NOT NULL,
  answer TEXT NOT NULL );
CREATE TABLE delivery_item (
  tenant_id BIGINT NOT NULL, delivery_id BIGINT NOT NULL,
  kind INTEGER NOT NULL, ledger INTEGER NOT NULL, record_id BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, delivery_id, kind, ledger, record_id)) WITHOUT ROWID;
CREATE TABLE device (
  tenant_id BIGINT NOT NULL, id BIGINT NOT NULL, hash TEXT NOT NULL,
  org_id BIGINT NOT NULL, name TEXT NOT NULL, made_by BIGINT NOT NULL,
  made_at BIGINT NOT NULL, revoked_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)) WITHOUT ROWID;
CREATE TABLE directory (
  login TEXT NOT NULL PRIMARY KEY, tenant_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL) WITHOUT ROWID;
CREATE TABLE draft (
  tenant_id BIGINT NOT NULL, record_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL, changed_at BIGINT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (tenant_id, record_id, person_id)) WITHOUT ROWID;
CREATE TABLE event (
  tenant_id BIGINT NOT NULL, seq BIGINT NOT NULL, at_ms BIGINT NOT NULL,
  ledger INTEGER NOT NULL, record_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  verb TEXT NOT NULL, actor BIGINT NOT NULL, salt BLOB NOT NULL,
  body BLOB NOT NULL, commits BLOB NOT NULL,
  PRIMARY KEY (tenant_id, seq)) WITHOUT ROWID;
CREATE TABLE event_part (
  tenant_id BIGINT NOT NULL, seq BIGINT NOT NULL, subject BIGINT NOT NULL,
  salt BLOB NOT NULL, body BLOB NOT NULL, commitment BLOB NOT NULL,
  PRIMARY KEY (tenant_id, seq, subject)) WITHOUT ROWID;
CREATE TABLE failure (
  tenant_id BIGINT NOT NULL, k BIGINT NOT NULL, server INTEGER NOT NULL,
  since BIGINT NOT NULL, n BIGINT NOT NULL, every_ms BIGINT NOT NULL,
  at_ms BIGINT NOT NULL, PRIMARY KEY (tenant_id, k, server)) WITHOUT ROWID;
CREATE TABLE hazard (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  description TEXT NOT NULL, place BIGINT NOT NULL, place_text TEXT NOT NULL,
  photos_before TEXT NOT NULL, category BIGINT NOT NULL,
  source BIGINT NOT NULL, found_on BIGINT NOT NULL, finder BIGINT NOT NULL,
  finder_name TEXT NOT NULL, control TEXT NOT NULL, in_use BIGINT NOT NULL,
  grade BIGINT NOT NULL, clause TEXT NOT NULL, responsible BIGINT NOT NULL,
  responsible_unit TEXT NOT NULL, contractor TEXT NOT NULL,
  measures TEXT NOT NULL, funds_need BIGINT NOT NULL, funds BIGINT NOT NULL,
  funds_source TEXT NOT NULL, deadline BIGINT NOT NULL,
  deadline_text TEXT NOT NULL, contingency TEXT NOT NULL,
  plan_goal TEXT NOT NULL, plan_means TEXT NOT NULL, plan_duty TEXT NOT NULL,
  plan_time TEXT NOT NULL, plan_files TEXT NOT NULL,
  approved_by BIGINT NOT NULL, approved_at BIGINT NOT NULL,
  up_state TEXT NOT NULL, up_harm TEXT NOT NULL, up_plan TEXT NOT NULL,
  reported_up_at BIGINT NOT NULL, up_received_at BIGINT NOT NULL,
  up_received_by BIGINT NOT NULL, notice_no TEXT NOT NULL,
  started_at BIGINT NOT NULL, situation TEXT NOT NULL,
  photos_after TEXT NOT NULL, finished_on BIGINT NOT NULL,
  funds_spent BIGINT NOT NULL, cause TEXT NOT NULL,
  rectified_by BIGINT NOT NULL, submitted_at BIGINT NOT NULL,
  on_spot BIGINT NOT NULL, opinion TEXT NOT NULL, acceptor BIGINT NOT NULL,
  accepted_at BIGINT NOT NULL, closed_at BIGINT NOT NULL,
  rejected BIGINT NOT NULL, reopened BIGINT NOT NULL,
  ext_state BIGINT NOT NULL, ext_day BIGINT NOT NULL,
  ext_reason TEXT NOT NULL, ext_by BIGINT NOT NULL,
  extensions BIGINT NOT NULL, duplicate_of BIGINT NOT NULL,
  referred_to TEXT NOT NULL, referral_letter TEXT NOT NULL,
  referral_answer TEXT NOT NULL, recheck_on BIGINT NOT NULL,
  listing BIGINT NOT NULL, listing_level BIGINT NOT NULL,
  listing_by TEXT NOT NULL, listing_deadline BIGINT NOT NULL,
  listed_at BIGINT NOT NULL, listing_due BIGINT NOT NULL,
  listing_rule TEXT NOT NULL, step_due BIGINT NOT NULL,
  step_rule TEXT NOT NULL, status_text TEXT NOT NULL, copy_to TEXT NOT NULL , notice BIGINT NOT NULL DEFAULT 0, cause_kind BIGINT NOT NULL DEFAULT 0, whys TEXT NOT NULL DEFAULT '', decided_by BIGINT NOT NULL DEFAULT 0, inspection BIGINT NOT NULL DEFAULT 0, item BIGINT NOT NULL DEFAULT 0, programme BIGINT NOT NULL DEFAULT 0, ruled_out TEXT NOT NULL DEFAULT '', firm TEXT NOT NULL DEFAULT '');
CREATE TABLE idempotency (
  tenant_id BIGINT NOT NULL, person_id BIGINT NOT NULL, key TEXT NOT NULL,
  record_id BIGINT NOT NULL, rev BIGINT NOT NULL, digest BLOB NOT NULL,
  at_ms BIGINT NOT NULL, PRIMARY KEY (tenant_id, person_id, key)) WITHOUT ROWID;
CREATE TABLE import (
  tenant_id BIGINT NOT NULL, id BIGINT NOT NULL, org_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL, ledger INTEGER NOT NULL, name TEXT NOT NULL,
  path TEXT NOT NULL, mapping TEXT NOT NULL, state INTEGER NOT NULL,
  done BIGINT NOT NULL, skipped BIGINT NOT NULL, total BIGINT NOT NULL,
  at_ms BIGINT NOT NULL, message TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)) WITHOUT ROWID;
CREATE TABLE import_seen (
  tenant_id BIGINT NOT NULL, org_id BIGINT NOT NULL, ident BLOB NOT NULL,
  record_id BIGINT NOT NULL, PRIMARY KEY (tenant_id, org_id, ident)) WITHOUT ROWID;
CREATE TABLE inspection (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
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
  signatures TEXT NOT NULL );
CREATE TABLE known_network (
  tenant_id BIGINT NOT NULL, network BIGINT NOT NULL, person BIGINT NOT NULL,
  org BIGINT NOT NULL, at_ms BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, network, person)) WITHOUT ROWID;
CREATE TABLE lease (
  name TEXT NOT NULL PRIMARY KEY, holder TEXT NOT NULL, beat BIGINT NOT NULL,
  fence BIGINT NOT NULL);
CREATE TABLE log_head (
  tenant_id BIGINT NOT NULL PRIMARY KEY, size BIGINT NOT NULL,
  last_ms BIGINT NOT NULL, root BLOB NOT NULL);
CREATE TABLE look (
  tenant_id BIGINT NOT NULL, person_id BIGINT NOT NULL, day BIGINT NOT NULL,
  by_id BIGINT NOT NULL, how INTEGER NOT NULL, n BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, person_id, day, by_id, how)) WITHOUT ROWID;
CREATE TABLE mapping (
  tenant_id BIGINT NOT NULL, org_id BIGINT NOT NULL, head TEXT NOT NULL,
  columns TEXT NOT NULL, PRIMARY KEY (tenant_id, org_id, head)) WITHOUT ROWID;
CREATE TABLE mark (
  tenant_id BIGINT NOT NULL, server INTEGER NOT NULL, n BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, server)) WITHOUT ROWID;
CREATE TABLE message_head (
  tenant_id BIGINT NOT NULL PRIMARY KEY, outbox_upto BIGINT NOT NULL,
  reminded_on BIGINT NOT NULL) WITHOUT ROWID;
CREATE TABLE minutes (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  title TEXT NOT NULL, kind BIGINT NOT NULL, held_on BIGINT NOT NULL,
  chair BIGINT NOT NULL, present TEXT NOT NULL, text TEXT NOT NULL,
  decided TEXT NOT NULL, files TEXT NOT NULL );
CREATE TABLE notice (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  title TEXT NOT NULL, inspected_on BIGINT NOT NULL,
  inspected_at TEXT NOT NULL, problems TEXT NOT NULL, clause TEXT NOT NULL,
  requirement TEXT NOT NULL, deadline BIGINT NOT NULL,
  inspectors TEXT NOT NULL, previous BIGINT NOT NULL, doc_no TEXT NOT NULL,
  issued_on BIGINT NOT NULL, issuer BIGINT NOT NULL, code TEXT NOT NULL,
  served BIGINT NOT NULL, served_on BIGINT NOT NULL, receiver TEXT NOT NULL,
  witness TEXT NOT NULL, situation TEXT NOT NULL, replied_by TEXT NOT NULL,
  replied_on BIGINT NOT NULL, opinion TEXT NOT NULL,
  referred_to TEXT NOT NULL, files TEXT NOT NULL,
  step_due BIGINT NOT NULL , inspection BIGINT NOT NULL DEFAULT 0, hazards TEXT NOT NULL DEFAULT '', side BIGINT NOT NULL DEFAULT 0);
CREATE TABLE number (
  tenant_id BIGINT NOT NULL, org_id BIGINT NOT NULL, ledger INTEGER NOT NULL,
  year INTEGER NOT NULL, n BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, org_id, ledger, year)) WITHOUT ROWID;
CREATE TABLE org (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  name_en TEXT NOT NULL, name_zh TEXT NOT NULL, kind BIGINT NOT NULL,
  parent BIGINT NOT NULL, code TEXT NOT NULL, head BIGINT NOT NULL,
  township TEXT NOT NULL, police TEXT NOT NULL, health TEXT NOT NULL,
  pupils BIGINT NOT NULL, staff BIGINT NOT NULL , phone TEXT NOT NULL DEFAULT '', plan TEXT NOT NULL DEFAULT '');
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, at_ms BIGINT NOT NULL,
  person_id BIGINT NOT NULL, ledger INTEGER NOT NULL, record_id BIGINT NOT NULL,
  kind TEXT NOT NULL, actor BIGINT NOT NULL, seen_at BIGINT NOT NULL );
CREATE TABLE person (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  name TEXT NOT NULL, login TEXT NOT NULL, phone TEXT NOT NULL,
  email TEXT NOT NULL, lang BIGINT NOT NULL );
CREATE TABLE pin (
  tenant_id BIGINT NOT NULL, person_id BIGINT NOT NULL, hash TEXT NOT NULL,
  changed_at BIGINT NOT NULL, PRIMARY KEY (tenant_id, person_id)) WITHOUT ROWID;
CREATE TABLE place (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  name_en TEXT NOT NULL, name_zh TEXT NOT NULL, kind BIGINT NOT NULL,
  parent BIGINT NOT NULL, note TEXT NOT NULL , plan TEXT NOT NULL DEFAULT '');
CREATE TABLE post (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  person BIGINT NOT NULL, role BIGINT NOT NULL, title TEXT NOT NULL,
  from_on BIGINT NOT NULL, to_on BIGINT NOT NULL );
CREATE TABLE programme (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  title TEXT NOT NULL, topic BIGINT NOT NULL, campaign BIGINT NOT NULL,
  from_on BIGINT NOT NULL, to_on BIGINT NOT NULL, basis TEXT NOT NULL,
  requirement TEXT NOT NULL, tasks TEXT NOT NULL, report TEXT NOT NULL, files
  TEXT NOT NULL, started_on BIGINT NOT NULL, closed_on BIGINT NOT NULL , figures TEXT NOT NULL DEFAULT '', as_of BIGINT NOT NULL DEFAULT 0, report_zh TEXT NOT NULL DEFAULT '');
CREATE TABLE report (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  about TEXT NOT NULL, hazard BIGINT NOT NULL, who TEXT NOT NULL,
  contact TEXT NOT NULL, receipt TEXT NOT NULL );
CREATE TABLE risk (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
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
  y BIGINT NOT NULL, files TEXT NOT NULL, note TEXT NOT NULL );
CREATE TABLE rule (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  rule_key TEXT NOT NULL, value BIGINT NOT NULL, unit BIGINT NOT NULL,
  note TEXT NOT NULL );
CREATE TABLE schedule (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
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
  made BIGINT NOT NULL, period BIGINT NOT NULL );
CREATE VIRTUAL TABLE search USING fts5 ( words, content = '', detail = none, tokenize = 'unicode61');
CREATE TABLE 'search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
CREATE TABLE 'search_data'(id INTEGER PRIMARY KEY, block BLOB);
CREATE TABLE 'search_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
CREATE TABLE 'search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
CREATE TABLE secret (
  tenant_id BIGINT NOT NULL, person_id BIGINT NOT NULL, hash TEXT NOT NULL,
  changed_at BIGINT NOT NULL, once TEXT NOT NULL, once_until BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, person_id)) WITHOUT ROWID;
CREATE TABLE session (
  hash TEXT NOT NULL PRIMARY KEY, tenant_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL, created_at BIGINT NOT NULL, until BIGINT NOT NULL,
  csrf TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE statistic (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL, org BIGINT NOT
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
  NOT NULL );
CREATE TABLE sweep (
  id INTEGER PRIMARY KEY, tenant_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  org BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, occurred_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL, due_rule TEXT NOT NULL, escalated BIGINT NOT NULL,
  origin BIGINT NOT NULL, no TEXT NOT NULL, raw TEXT NOT NULL,
  looked_at TEXT NOT NULL, place BIGINT NOT NULL, looked_on BIGINT NOT NULL,
  looked_by BIGINT NOT NULL, company TEXT NOT NULL, result BIGINT NOT NULL,
  found BIGINT NOT NULL, note TEXT NOT NULL, files TEXT NOT NULL );
CREATE TABLE tenant (
  id BIGINT NOT NULL PRIMARY KEY, code TEXT NOT NULL UNIQUE,
  name_en TEXT NOT NULL, name_zh TEXT NOT NULL, zone TEXT NOT NULL,
  currency TEXT NOT NULL, origin TEXT NOT NULL, created_at BIGINT NOT NULL);
CREATE TABLE tile (
  tenant_id BIGINT NOT NULL, level INTEGER NOT NULL, n BIGINT NOT NULL,
  data BLOB NOT NULL, PRIMARY KEY (tenant_id, level, n)) WITHOUT ROWID;
CREATE TABLE token (
  tenant_id BIGINT NOT NULL, id BIGINT NOT NULL, hash TEXT NOT NULL,
  person_id BIGINT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL, until BIGINT NOT NULL, revoked_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)) WITHOUT ROWID;
CREATE TABLE version (
  tenant_id BIGINT NOT NULL, ledger INTEGER NOT NULL, org_id BIGINT NOT NULL,
  n BIGINT NOT NULL, PRIMARY KEY (tenant_id, ledger, org_id)) WITHOUT ROWID;
CREATE TABLE wish (
  tenant_id BIGINT NOT NULL, person_id BIGINT NOT NULL,
  digest_at BIGINT NOT NULL, quiet_from BIGINT NOT NULL,
  quiet_until BIGINT NOT NULL, off BIGINT NOT NULL, sms BIGINT NOT NULL,
  changed_at BIGINT NOT NULL, PRIMARY KEY (tenant_id, person_id)) WITHOUT ROWID;
