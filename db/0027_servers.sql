-- Several servers on one database: who leads and who has which number, and how
-- far each has written in each tenant (see docs/adr/0013).
CREATE TABLE lease (
  name TEXT NOT NULL PRIMARY KEY, holder TEXT NOT NULL, beat BIGINT NOT NULL,
  fence BIGINT NOT NULL);
CREATE TABLE mark (
  tenant_id BIGINT NOT NULL, server INTEGER NOT NULL, n BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, server)) {wr};
