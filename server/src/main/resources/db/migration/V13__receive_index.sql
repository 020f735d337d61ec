-- The identity first: with the credential first, H2 walks all of its entities to find fifty.
CREATE UNIQUE INDEX received_entity_digest ON received_entity (identity, kind, credential_id);
CREATE INDEX received_entity_credential ON received_entity (credential_id);
DROP INDEX received_entity_identity;
