-- How often a paper of the team was marked again after it had been handed in: answers within the grace.
-- A mark of the team that was computed before is old then, on every node.
ALTER TABLE progress ADD COLUMN marked_again BIGINT NOT NULL DEFAULT 0;
