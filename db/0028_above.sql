-- What authorities above the districts see: each district's figures as a job
-- counted them, in the installation's own tenant. A projection of projections.
CREATE TABLE above (
  tenant_id BIGINT NOT NULL, district BIGINT NOT NULL, what INTEGER NOT NULL,
  n BIGINT NOT NULL, as_of BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, district, what)) {wr};
