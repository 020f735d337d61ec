-- Tokens by which a person's own scripts act through links; only a keyed hash of each.
CREATE TABLE personal_token (
  id VARCHAR(36) PRIMARY KEY,
  fingerprint BYTEA NOT NULL UNIQUE,
  person VARCHAR(255) NOT NULL,
  -- The name may be given to somebody else: the identity is not.
  identity VARCHAR(400) NOT NULL,
  token_name VARCHAR(100) NOT NULL,
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL
);
CREATE INDEX personal_token_expires ON personal_token (expires_ms);

-- Tokens of builds that were shown once.
CREATE TABLE spent_build_token (
  fingerprint BYTEA PRIMARY KEY,
  expires_ms BIGINT NOT NULL
);
CREATE INDEX spent_build_token_expires ON spent_build_token (expires_ms);
