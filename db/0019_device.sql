-- Secrets: shared devices, and the PINs that open them.
CREATE TABLE device (
  tenant_id BIGINT NOT NULL, id BIGINT NOT NULL, hash TEXT NOT NULL,
  org_id BIGINT NOT NULL, name TEXT NOT NULL, made_by BIGINT NOT NULL,
  made_at BIGINT NOT NULL, revoked_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)) {wr};
CREATE INDEX device_by_hash ON device (hash);
CREATE TABLE pin (
  tenant_id BIGINT NOT NULL, person_id BIGINT NOT NULL, hash TEXT NOT NULL,
  changed_at BIGINT NOT NULL, PRIMARY KEY (tenant_id, person_id)) {wr};
