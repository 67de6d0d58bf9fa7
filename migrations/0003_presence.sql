-- When the device of a person was heard last, on whichever node; written every few seconds.
CREATE TABLE presence (
    person    BIGINT PRIMARY KEY,
    last_seen BIGINT NOT NULL,
    -- Answers that it said it had not sent yet.
    unsent    BIGINT NOT NULL,
    -- In percent; -1 where the browser does not tell.
    battery   BIGINT NOT NULL
);
