-- The consumer key by which a linked application calls this server, where it is known.
ALTER TABLE link ADD COLUMN peer_consumer_key VARCHAR(255);
