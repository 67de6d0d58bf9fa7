-- Browsers that wait to become screens of a hall, by the hash of their device cookie.
CREATE TABLE screen_door (
    device     TEXT PRIMARY KEY,
    -- What such a browser shows, for somebody to type at the console.
    letters    TEXT NOT NULL CONSTRAINT screen_letters_taken UNIQUE,
    created_at BIGINT NOT NULL
);
CREATE INDEX screen_door_of_age ON screen_door (created_at);

-- A screen that restarts is found by its browser.
CREATE INDEX person_screen_of_device ON person (device) WHERE role = 'screen';

-- The last word of each screen of itself. `current_`: 1 if it drew what it should when it said so.
CREATE TABLE screen_seen (
    person        BIGINT PRIMARY KEY,
    contest       TEXT NOT NULL,
    at            BIGINT NOT NULL,
    hash          TEXT NOT NULL,
    current_      BIGINT NOT NULL,
    width         BIGINT NOT NULL,
    height        BIGINT NOT NULL,
    slowest_frame BIGINT NOT NULL,
    drawn_in      BIGINT NOT NULL
);
CREATE INDEX screen_seen_of_contest ON screen_seen (contest);
