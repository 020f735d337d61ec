-- Peers that may send signed requests.
CREATE TABLE consumer (
  consumer_key VARCHAR(255) PRIMARY KEY,
  -- The key in lower case: two keys never differ in case alone.
  folded_key VARCHAR(255) NOT NULL UNIQUE,
  name VARCHAR(100) NOT NULL,
  description VARCHAR(1000) NOT NULL,
  signature_method VARCHAR(20) NOT NULL,
  three_legged BOOLEAN NOT NULL,
  two_legged BOOLEAN NOT NULL,
  execute_as VARCHAR(400),
  impersonation BOOLEAN NOT NULL,
  legacy_flow BOOLEAN NOT NULL,
  enabled BOOLEAN NOT NULL,
  protected_people BOOLEAN NOT NULL,
  token_life_ms BIGINT,
  idle_limit_ms BIGINT,
  created_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL
);

-- Their lists: "kind" is callback, application, permission, impersonable-user, impersonable-group.
CREATE TABLE consumer_item (
  consumer_key VARCHAR(255) NOT NULL REFERENCES consumer ON DELETE CASCADE,
  kind VARCHAR(20) NOT NULL,
  place INTEGER NOT NULL,
  content VARCHAR(2000) NOT NULL,
  PRIMARY KEY (consumer_key, kind, place)
);

-- Live public keys and sealed shared secrets.
CREATE TABLE consumer_credential (
  id VARCHAR(36) PRIMARY KEY,
  consumer_key VARCHAR(255) NOT NULL REFERENCES consumer ON DELETE CASCADE,
  place INTEGER NOT NULL,
  public_key BYTEA,
  sealed_secret BYTEA,
  created_ms BIGINT NOT NULL,
  last_used_ms BIGINT
);
CREATE INDEX consumer_credential_consumer ON consumer_credential (consumer_key);

-- Token values, verifiers and session handles are kept as keyed fingerprints alone.
CREATE TABLE request_token (
  id VARCHAR(36) PRIMARY KEY,
  fingerprint BYTEA NOT NULL UNIQUE,
  consumer_key VARCHAR(255) NOT NULL REFERENCES consumer ON DELETE CASCADE,
  application VARCHAR(100) NOT NULL,
  sealed_secret BYTEA NOT NULL,
  callback VARCHAR(2000),
  legacy BOOLEAN NOT NULL,
  state VARCHAR(12) NOT NULL,
  person VARCHAR(400),
  person_identity VARCHAR(400),
  permissions VARCHAR(4000),
  life_ms BIGINT,
  verifier_fingerprint BYTEA,
  verifier_attempts INTEGER NOT NULL,
  shown_to VARCHAR(100),
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL
);
CREATE INDEX request_token_consumer ON request_token (consumer_key);
CREATE INDEX request_token_person ON request_token (person);
CREATE INDEX request_token_expires ON request_token (expires_ms);

CREATE TABLE access_token (
  id VARCHAR(36) PRIMARY KEY,
  fingerprint BYTEA NOT NULL UNIQUE,
  handle_fingerprint BYTEA NOT NULL,
  consumer_key VARCHAR(255) NOT NULL REFERENCES consumer ON DELETE CASCADE,
  application VARCHAR(100) NOT NULL,
  person VARCHAR(400) NOT NULL,
  person_identity VARCHAR(400) NOT NULL,
  sealed_secret BYTEA NOT NULL,
  permissions VARCHAR(4000),
  granted_ms BIGINT NOT NULL,
  renewed_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  session_expires_ms BIGINT NOT NULL,
  grant_ends_ms BIGINT,
  last_used_ms BIGINT
);
CREATE INDEX access_token_consumer ON access_token (consumer_key);
CREATE INDEX access_token_person ON access_token (person);
CREATE INDEX access_token_session ON access_token (session_expires_ms);

-- One row, whose lock orders every change to consumers and grants.
CREATE TABLE provider_change_number (
  id INTEGER PRIMARY KEY,
  number BIGINT NOT NULL
);
INSERT INTO provider_change_number (id, number) VALUES (1, 0);

-- What other nodes must forget; numbered in the order of commits.
CREATE TABLE provider_change (
  number BIGINT PRIMARY KEY,
  kind VARCHAR(10) NOT NULL,
  fingerprint BYTEA,
  at_ms BIGINT NOT NULL
);
CREATE INDEX provider_change_at ON provider_change (at_ms);

-- The instance's own identity as a consumer, and its key pairs.
CREATE TABLE provider_identity (
  id INTEGER PRIMARY KEY,
  consumer_key VARCHAR(255) NOT NULL
);
CREATE TABLE provider_key_pair (
  id VARCHAR(36) PRIMARY KEY,
  -- "next", "current", or the id of a retired one, so that the first two exist once.
  role VARCHAR(36) NOT NULL UNIQUE,
  public_key BYTEA NOT NULL,
  sealed_private_key BYTEA NOT NULL,
  created_ms BIGINT NOT NULL,
  activated_ms BIGINT,
  retired_ms BIGINT
);
