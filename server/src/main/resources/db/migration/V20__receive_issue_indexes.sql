-- An index that jumps from issue to issue touches a page for each row that comes. One by project and number serves the
-- issue page, the board and queries, in place of three.
CREATE INDEX received_issue_number
  ON received_issue (project, issue_number, kind, updated_ms DESC, entity_id DESC);
DROP INDEX received_issue_latest;
DROP INDEX received_issue_board;

-- Set for deployments alone: what is no deployment then comes after its like in these indexes, at one place, instead of
-- all over them.
ALTER TABLE received_issue ADD COLUMN deployed_key VARCHAR(520);
ALTER TABLE received_issue ADD COLUMN deployed_project VARCHAR(520);
UPDATE received_issue SET deployed_key = issue_key, deployed_project = project
  WHERE environment_ref IS NOT NULL;
DROP INDEX received_issue_deployed;
CREATE INDEX received_issue_deployed
  ON received_issue (deployed_key, environment_ref, deployed, updated_ms DESC, entity_id DESC);
DROP INDEX received_issue_environment;
CREATE INDEX received_issue_environment
  ON received_issue (environment_ref, deployed_project, deployed, updated_ms DESC, entity_id DESC);

-- Narrower; that there is one of an identity and kind is kept by its writers, who take turns.
DROP INDEX received_entity_digest;
CREATE INDEX received_entity_digest ON received_entity (identity, credential_id);

-- H2 keeps an index of its own for each, beside those that begin with these columns; what is still named is never
-- deleted.
ALTER TABLE received_entity DROP CONSTRAINT received_entity_pipeline_fk;
ALTER TABLE received_entity DROP CONSTRAINT received_entity_environment_fk;

-- H2 commits whenever it takes numbers ahead, amid a transaction.
ALTER TABLE received_entity ALTER COLUMN id SET CACHE 1000;
