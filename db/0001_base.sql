-- What every installation keeps. {id} {pk} {wr}: see store/sqlite.c.
-- table "setting" is made by the program itself: it records migrations

CREATE TABLE tenant (
  id BIGINT NOT NULL PRIMARY KEY, code TEXT NOT NULL UNIQUE,
  name_en TEXT NOT NULL, name_zh TEXT NOT NULL, zone TEXT NOT NULL,
  currency TEXT NOT NULL, origin TEXT NOT NULL, created_at BIGINT NOT NULL);

-- facts: events, their erasable parts, attachments, secrets
CREATE TABLE log_head (
  tenant_id BIGINT NOT NULL PRIMARY KEY, size BIGINT NOT NULL,
  last_ms BIGINT NOT NULL, root BLOB NOT NULL);
CREATE TABLE event (
  tenant_id BIGINT NOT NULL, seq BIGINT NOT NULL, at_ms BIGINT NOT NULL,
  ledger INTEGER NOT NULL, record_id BIGINT NOT NULL, rev BIGINT NOT NULL,
  verb TEXT NOT NULL, actor BIGINT NOT NULL, salt BLOB NOT NULL,
  body BLOB NOT NULL, commits BLOB NOT NULL,
  PRIMARY KEY (tenant_id, seq)) {wr};
CREATE INDEX event_by_record ON event (tenant_id, record_id, seq);
CREATE TABLE event_part (
  tenant_id BIGINT NOT NULL, seq BIGINT NOT NULL, subject BIGINT NOT NULL,
  salt BLOB NOT NULL, body BLOB NOT NULL, commitment BLOB NOT NULL,
  PRIMARY KEY (tenant_id, seq, subject)) {wr};
CREATE INDEX event_part_by_subject ON event_part (tenant_id, subject, seq);
CREATE TABLE tile (
  tenant_id BIGINT NOT NULL, level INTEGER NOT NULL, n BIGINT NOT NULL,
  data BLOB NOT NULL, PRIMARY KEY (tenant_id, level, n)) {wr};
CREATE TABLE checkpoint (
  tenant_id BIGINT NOT NULL, at_ms BIGINT NOT NULL, size BIGINT NOT NULL,
  note TEXT NOT NULL, PRIMARY KEY (tenant_id, at_ms)) {wr};
CREATE TABLE attachment (
  id {id}, tenant_id BIGINT NOT NULL, sha256 TEXT NOT NULL,
  size BIGINT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL,
  added_at BIGINT NOT NULL, added_by BIGINT NOT NULL,
  record_id BIGINT NOT NULL {pk});
CREATE INDEX attachment_by_record ON attachment (tenant_id, record_id, id);
CREATE TABLE secret (
  tenant_id BIGINT NOT NULL, person_id BIGINT NOT NULL, hash TEXT NOT NULL,
  changed_at BIGINT NOT NULL, once TEXT NOT NULL, once_until BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, person_id)) {wr};
CREATE TABLE token (
  tenant_id BIGINT NOT NULL, id BIGINT NOT NULL, hash TEXT NOT NULL,
  person_id BIGINT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL, until BIGINT NOT NULL, revoked_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)) {wr};
CREATE UNIQUE INDEX token_by_hash ON token (tenant_id, hash);

-- projections
CREATE TABLE counter (
  tenant_id BIGINT NOT NULL, ledger INTEGER NOT NULL, org_id BIGINT NOT NULL,
  dim TEXT NOT NULL, v BIGINT NOT NULL, n BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, ledger, dim, org_id, v)) {wr};
CREATE TABLE number (
  tenant_id BIGINT NOT NULL, org_id BIGINT NOT NULL, ledger INTEGER NOT NULL,
  year INTEGER NOT NULL, n BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, org_id, ledger, year)) {wr};
CREATE TABLE version (
  tenant_id BIGINT NOT NULL, ledger INTEGER NOT NULL, org_id BIGINT NOT NULL,
  n BIGINT NOT NULL, PRIMARY KEY (tenant_id, ledger, org_id)) {wr};
CREATE TABLE directory (
  login TEXT NOT NULL PRIMARY KEY, tenant_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL) {wr};

-- neither: outside the log
CREATE TABLE session (
  hash TEXT NOT NULL PRIMARY KEY, tenant_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL, created_at BIGINT NOT NULL, until BIGINT NOT NULL,
  csrf TEXT NOT NULL) {wr};
CREATE INDEX session_by_person ON session (tenant_id, person_id);
CREATE TABLE idempotency (
  tenant_id BIGINT NOT NULL, person_id BIGINT NOT NULL, key TEXT NOT NULL,
  record_id BIGINT NOT NULL, rev BIGINT NOT NULL, digest BLOB NOT NULL,
  at_ms BIGINT NOT NULL, PRIMARY KEY (tenant_id, person_id, key)) {wr};
CREATE INDEX idempotency_by_time ON idempotency (tenant_id, at_ms);
CREATE TABLE outbox (
  id {id}, tenant_id BIGINT NOT NULL, at_ms BIGINT NOT NULL,
  person_id BIGINT NOT NULL, ledger INTEGER NOT NULL, record_id BIGINT NOT NULL,
  kind TEXT NOT NULL, actor BIGINT NOT NULL, seen_at BIGINT NOT NULL {pk});
CREATE INDEX outbox_by_person ON outbox (tenant_id, person_id, id);
CREATE TABLE import (
  tenant_id BIGINT NOT NULL, id BIGINT NOT NULL, org_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL, ledger INTEGER NOT NULL, name TEXT NOT NULL,
  path TEXT NOT NULL, mapping TEXT NOT NULL, state INTEGER NOT NULL,
  done BIGINT NOT NULL, skipped BIGINT NOT NULL, total BIGINT NOT NULL,
  at_ms BIGINT NOT NULL, message TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)) {wr};
CREATE TABLE import_seen (
  tenant_id BIGINT NOT NULL, org_id BIGINT NOT NULL, ident BLOB NOT NULL,
  record_id BIGINT NOT NULL, PRIMARY KEY (tenant_id, org_id, ident)) {wr};
CREATE TABLE mapping (
  tenant_id BIGINT NOT NULL, org_id BIGINT NOT NULL, head TEXT NOT NULL,
  columns TEXT NOT NULL, PRIMARY KEY (tenant_id, org_id, head)) {wr};
