-- Links of issues that Jira does not have wait in a lane of their own (1), so that the others (0) never wait for them.
ALTER TABLE jira_push ADD COLUMN lane INT DEFAULT 0 NOT NULL;
UPDATE jira_push SET lane = 1 WHERE unknown_ms IS NOT NULL;
DROP INDEX jira_push_next;
CREATE INDEX jira_push_due ON jira_push (lane, next_ms);
DROP INDEX jira_push_credential;
CREATE INDEX jira_push_credential ON jira_push (credential_id, lane);
