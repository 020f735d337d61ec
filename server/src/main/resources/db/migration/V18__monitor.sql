-- How the scheduled checks stand, for all nodes.
CREATE TABLE monitor_check (
  name VARCHAR(200) PRIMARY KEY,
  healthy BOOLEAN NOT NULL,
  since_ms BIGINT NOT NULL,
  checked_ms BIGINT NOT NULL,
  took_ms BIGINT NOT NULL,
  sentence VARCHAR(1000) NOT NULL
);

-- One row: from when on some node may run the next round.
CREATE TABLE monitor_turn (next_ms BIGINT NOT NULL);
INSERT INTO monitor_turn (next_ms) VALUES (0);
