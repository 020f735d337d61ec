-- Applications that people act in through this server.
CREATE TABLE link (
  id VARCHAR(36) PRIMARY KEY,
  name VARCHAR(100) NOT NULL,
  -- The name in lower case: two names never differ in case alone.
  folded_name VARCHAR(100) NOT NULL UNIQUE,
  application_type VARCHAR(20) NOT NULL,
  rpc_url VARCHAR(2000) NOT NULL,
  display_url VARCHAR(2000) NOT NULL,
  consumer_key VARCHAR(255) NOT NULL,
  signature_method VARCHAR(20) NOT NULL,
  -- The secret shared with the peer; none where the instance's own key pair signs.
  sealed_secret BYTEA,
  three_legged BOOLEAN NOT NULL,
  two_legged BOOLEAN NOT NULL,
  impersonation BOOLEAN NOT NULL,
  -- Where the peer's endpoints are not those of Atlassian products.
  request_token_url VARCHAR(2000),
  authorize_url VARCHAR(2000),
  access_token_url VARCHAR(2000),
  callback_confirmed BOOLEAN NOT NULL,
  private_addresses BOOLEAN NOT NULL,
  revision BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL
);

-- What people allowed us at those applications, by the identity of the person; all values sealed.
CREATE TABLE onbehalf_consumer_token (
  link VARCHAR(36) NOT NULL REFERENCES link ON DELETE CASCADE,
  person VARCHAR(400) NOT NULL,
  kind VARCHAR(7) NOT NULL,
  token BYTEA NOT NULL,
  secret BYTEA NOT NULL,
  session_handle BYTEA,
  expires_at_millis BIGINT,
  out_of_band BOOLEAN NOT NULL,
  PRIMARY KEY (link, person, kind)
);
