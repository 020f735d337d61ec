-- Whether a person's browser session alone may act through a link.
ALTER TABLE link ADD COLUMN browser_sessions BOOLEAN DEFAULT FALSE NOT NULL;
