-- 1: the secretary took the person off this device. The session is dead, and its tablet is told why; a tablet
-- whose session the house does not know at all (a backup was restored) hears something else.
ALTER TABLE session ADD COLUMN moved BIGINT NOT NULL DEFAULT 0;
CREATE INDEX session_of_device ON session (device);
