-- From which networks people of a school signed in within the last month, by a
-- keyed hash whose key is in the data folder: where several did, the network is
-- the school's, and a stranger there must not shut its people out.
CREATE TABLE known_network (
  tenant_id BIGINT NOT NULL, network BIGINT NOT NULL, person BIGINT NOT NULL,
  org BIGINT NOT NULL, at_ms BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, network, person)) {wr};
CREATE INDEX known_network_by_time ON known_network (tenant_id, at_ms);
