-- Browser sessions, found by a keyed fingerprint of the cookie.
CREATE TABLE browser_session (
  id VARCHAR(40) PRIMARY KEY,
  fingerprint BYTEA NOT NULL UNIQUE,
  person VARCHAR(400) NOT NULL,
  identity VARCHAR(400) NOT NULL,
  used_ms BIGINT NOT NULL,
  ends_ms BIGINT NOT NULL
);
CREATE INDEX browser_session_person ON browser_session (person);
CREATE INDEX browser_session_used ON browser_session (used_ms);
CREATE INDEX browser_session_ends ON browser_session (ends_ms);
