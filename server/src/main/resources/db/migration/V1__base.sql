-- Facts about this installation, such as the check value of its keyset.
CREATE TABLE instance (
  name VARCHAR(64) PRIMARY KEY,
  content BYTEA NOT NULL
);

-- Spent nonces, where several nodes share them. The period is derived from the request's timestamp,
-- so that purging deletes a range of the primary key.
CREATE TABLE nonce (
  period BIGINT NOT NULL,
  digest BIGINT NOT NULL,
  PRIMARY KEY (period, digest)
);

-- One row: where the hash chain of the audit trail begins and ends. Its lock orders the writers.
CREATE TABLE audit_chain (
  id INTEGER PRIMARY KEY,
  base_id BIGINT NOT NULL,
  base_hash BYTEA NOT NULL,
  last_id BIGINT NOT NULL,
  last_hash BYTEA NOT NULL,
  seal BYTEA NOT NULL
);

CREATE TABLE audit_event (
  id BIGINT PRIMARY KEY,
  at_ms BIGINT NOT NULL,
  request_id VARCHAR(200) NOT NULL,
  action VARCHAR(100) NOT NULL,
  outcome VARCHAR(20) NOT NULL,
  consumer VARCHAR(400),
  person VARCHAR(400),
  acted_as VARCHAR(400),
  application VARCHAR(400),
  method VARCHAR(40),
  path VARCHAR(2000),
  problem VARCHAR(200),
  detail VARCHAR(2000),
  remote_address VARCHAR(100),
  hash BYTEA NOT NULL
);
CREATE INDEX audit_event_at ON audit_event (at_ms);
CREATE INDEX audit_event_request ON audit_event (request_id);
CREATE INDEX audit_event_consumer ON audit_event (consumer, id);
CREATE INDEX audit_event_person ON audit_event (person, id);
CREATE INDEX audit_event_application ON audit_event (application, id);
