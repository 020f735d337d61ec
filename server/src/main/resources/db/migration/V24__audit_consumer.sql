-- As V19: a walk from the newest record finds what a consumer did lately, and its index cost every signed request.
DROP INDEX audit_event_consumer;
