-- The number of an issue in its project, by which a board is paged: the newest issue first.
ALTER TABLE received_issue ADD COLUMN issue_number BIGINT;
UPDATE received_issue
  SET issue_number = CAST(SUBSTRING(issue_key FROM POSITION('-' IN issue_key) + 1) AS BIGINT)
  WHERE project IS NOT NULL;
CREATE INDEX received_issue_board ON received_issue (project, issue_number DESC);

-- With the age: the latest deployment of an issue to an environment, of each outcome, is its first.
DROP INDEX received_issue_deployed;
CREATE INDEX received_issue_deployed
  ON received_issue (issue_key, environment_ref, deployed, updated_ms DESC, entity_id DESC);
