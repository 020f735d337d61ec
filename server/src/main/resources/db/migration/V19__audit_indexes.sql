-- Each index costs every signed request; these two found little that a walk from the newest record does not.
DROP INDEX audit_event_person;
DROP INDEX audit_event_application;
