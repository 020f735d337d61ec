-- What the webhook was last told of a check; null for nothing yet, which counts as healthy.
ALTER TABLE monitor_check ADD COLUMN told BOOLEAN;
UPDATE monitor_check SET told = healthy;
