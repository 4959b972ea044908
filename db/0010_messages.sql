-- Messages: outside the log, like the outbox they come from.
-- facts: how a chat's robot is reached, what people chose
CREATE TABLE channel (
  tenant_id BIGINT NOT NULL, id BIGINT NOT NULL, org_id BIGINT NOT NULL,
  kind INTEGER NOT NULL, name TEXT NOT NULL, url TEXT NOT NULL,
  secret TEXT NOT NULL, lang INTEGER NOT NULL, kinds BIGINT NOT NULL,
  state INTEGER NOT NULL, changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL, PRIMARY KEY (tenant_id, id)) {wr};
CREATE TABLE wish (
  tenant_id BIGINT NOT NULL, person_id BIGINT NOT NULL,
  digest_at BIGINT NOT NULL, quiet_from BIGINT NOT NULL,
  quiet_until BIGINT NOT NULL, off BIGINT NOT NULL, sms BIGINT NOT NULL,
  changed_at BIGINT NOT NULL, PRIMARY KEY (tenant_id, person_id)) {wr};
-- what is to be sent, what became of it; next_at = 0: nothing more happens
CREATE TABLE delivery (
  id {id}, tenant_id BIGINT NOT NULL, channel BIGINT NOT NULL,
  person_id BIGINT NOT NULL, urgent INTEGER NOT NULL, state INTEGER NOT NULL,
  next_at BIGINT NOT NULL, tries BIGINT NOT NULL, made_at BIGINT NOT NULL,
  tried_at BIGINT NOT NULL, done_at BIGINT NOT NULL, reason TEXT NOT NULL,
  answer TEXT NOT NULL {pk});
CREATE INDEX delivery_by_next ON delivery (tenant_id, channel, urgent, next_at)
  WHERE next_at > 0;
CREATE INDEX delivery_by_person ON delivery (tenant_id, person_id, id);
CREATE INDEX delivery_by_state ON delivery (tenant_id, state, id);
CREATE TABLE delivery_item (
  tenant_id BIGINT NOT NULL, delivery_id BIGINT NOT NULL,
  kind INTEGER NOT NULL, ledger INTEGER NOT NULL, record_id BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, delivery_id, kind, ledger, record_id)) {wr};
CREATE TABLE bucket (
  tenant_id BIGINT NOT NULL, channel BIGINT NOT NULL, n INTEGER NOT NULL,
  at_ms BIGINT NOT NULL, PRIMARY KEY (tenant_id, channel, n)) {wr};
CREATE TABLE message_head (
  tenant_id BIGINT NOT NULL PRIMARY KEY, outbox_upto BIGINT NOT NULL,
  reminded_on BIGINT NOT NULL) {wr};
CREATE INDEX outbox_by_new ON outbox (tenant_id, id);
